#include "table/tombstones.h"

#include <algorithm>

namespace muster::core {

void Tombstones::Add(std::string_view aor, std::string_view call_id, std::uint32_t cseq,
                     std::int64_t until_ns, std::int64_t now_ns) {
  if (limit_ == 0) return;
  if (const auto found = by_key_.find(Key(aor, call_id)); found != by_key_.end()) {
    if (found->second->second.by_end->first > now_ns) {
      cseq = std::max(cseq, found->second->second.cseq);
      until_ns = std::max(until_ns, found->second->second.by_end->first);
    }
    Drop(found->second);
  }
  if (by_age_.size() == limit_) Drop(by_age_.begin());
  const auto tombstone =
      by_age_.emplace_hint(by_age_.end(), next_age_++,
                           Tombstone{std::string(aor), std::string(call_id), cseq, by_end_.end()});
  tombstone->second.by_end = by_end_.emplace(until_ns, tombstone);
  by_key_.emplace(tombstone->second.key(), tombstone);
}

std::optional<Tombstones::Found> Tombstones::Find(std::string_view aor, std::string_view call_id,
                                                  std::int64_t now_ns) const {
  if (by_key_.empty()) return std::nullopt;  // as nearly always: spares the hash
  const auto found = by_key_.find(Key(aor, call_id));
  if (found == by_key_.end() || found->second->second.by_end->first <= now_ns) return std::nullopt;
  return Found{found->second->second.cseq, found->second->second.by_end->first};
}

void Tombstones::Remove(std::string_view aor, std::string_view call_id) {
  if (const auto found = by_key_.find(Key(aor, call_id)); found != by_key_.end()) {
    Drop(found->second);
  }
}

bool Tombstones::VisitSlice(std::size_t most, std::uint64_t& from,
                            absl::FunctionRef<void(const View&)> visit) const {
  for (auto at = by_age_.lower_bound(from); at != by_age_.end(); ++at) {
    if (most-- == 0) return true;
    const Tombstone& tombstone = at->second;
    visit({tombstone.aor, tombstone.call_id, tombstone.cseq, tombstone.by_end->first});
    from = at->first + 1;
  }
  return false;
}

bool Tombstones::SweepSlice(std::int64_t now_ns, std::size_t most) {
  while (!by_end_.empty() && by_end_.begin()->first <= now_ns) {
    if (most-- == 0) return false;
    Drop(by_end_.begin()->second);
  }
  return true;
}

std::size_t Tombstones::MemoryBytes() const {
  constexpr std::size_t kNodeBytes = 160;  // of the list and the map, with usual strings
  return by_age_.size() * (sizeof(Tombstone) + kNodeBytes) +
         by_key_.capacity() * (sizeof(std::pair<Key, ByAge::iterator>) + 1);
}

void Tombstones::Drop(ByAge::iterator tombstone) {
  by_key_.erase(tombstone->second.key());
  by_end_.erase(tombstone->second.by_end);
  by_age_.erase(tombstone);
}

}  // namespace muster::core
