#include "table/tombstones.h"

#include <algorithm>

namespace muster::core {

void Tombstones::Add(std::string_view aor, std::string_view call_id, std::uint32_t cseq,
                     std::int64_t until_ns, std::int64_t now_ns) {
  if (limit_ == 0) return;
  if (const auto found = by_key_.find(Key(aor, call_id)); found != by_key_.end()) {
    if (found->second->by_end->first > now_ns) {
      cseq = std::max(cseq, found->second->cseq);
      until_ns = std::max(until_ns, found->second->by_end->first);
    }
    Drop(found->second);
  }
  if (by_age_.size() == limit_) Drop(by_age_.begin());
  const auto tombstone = by_age_.insert(
      by_age_.end(), Tombstone{std::string(aor), std::string(call_id), cseq, by_end_.end()});
  tombstone->by_end = by_end_.emplace(until_ns, tombstone);
  by_key_.emplace(tombstone->key(), tombstone);
}

std::optional<std::uint32_t> Tombstones::Find(std::string_view aor, std::string_view call_id,
                                              std::int64_t now_ns) const {
  if (by_key_.empty()) return std::nullopt;  // as nearly always: spares the hash
  const auto found = by_key_.find(Key(aor, call_id));
  if (found == by_key_.end() || found->second->by_end->first <= now_ns) return std::nullopt;
  return found->second->cseq;
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
  by_key_.erase(tombstone->key());
  by_end_.erase(tombstone->by_end);
  by_age_.erase(tombstone);
}

}  // namespace muster::core
