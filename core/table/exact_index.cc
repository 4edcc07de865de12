#include "table/exact_index.h"

#include <utility>

namespace muster::core {

void ExactIndex::Insert(std::uint32_t hash, std::uint32_t slot, HasKey has_key) {
  const auto found = FindEntry(hash, has_key);
  if (found == entries_.end()) {
    entries_.insert({hash, slot});
    return;
  }
  const std::uint32_t reference = found->reference;
  if ((reference & kIsSet) != 0) {
    Change(sets_[reference & ~kIsSet], [&](RowSet& set) { set.Insert(slot); });
    return;
  }
  if (reference == slot) return;
  const std::uint32_t taken = TakeSet();
  Change(sets_[taken], [&](RowSet& set) {
    set.Insert(reference);
    set.Insert(slot);
  });
  entries_.erase(found);
  entries_.insert({hash, kIsSet | taken});
}

void ExactIndex::Erase(std::uint32_t hash, std::uint32_t slot) {
  const auto found = entries_.find(Probe{hash, [&](std::uint32_t reference) {
                                           if ((reference & kIsSet) == 0) return reference == slot;
                                           return sets_[reference & ~kIsSet].Contains(slot);
                                         }});
  if (found == entries_.end()) return;
  const std::uint32_t reference = found->reference;
  if ((reference & kIsSet) == 0) {
    entries_.erase(found);
    return;
  }
  RowSet& set = sets_[reference & ~kIsSet];
  Change(set, [&](RowSet& changed) { changed.Erase(slot); });
  if (set.size() > 1) return;
  const std::uint32_t last = set.first();
  Change(set, [](RowSet& changed) { changed = RowSet(); });
  free_sets_.push_back(reference & ~kIsSet);
  entries_.erase(found);
  entries_.insert({hash, last});
}

KeyRows ExactIndex::Find(std::uint32_t hash, HasKey has_key) const {
  const auto found = FindEntry(hash, has_key);
  if (found == entries_.end()) return {};
  const std::uint32_t reference = found->reference;
  if ((reference & kIsSet) != 0) return KeyRows(&sets_[reference & ~kIsSet]);
  return KeyRows(reference);
}

ExactIndex::Entries::const_iterator ExactIndex::FindEntry(std::uint32_t hash,
                                                          HasKey has_key) const {
  // All of a set have the key if one has.
  return entries_.find(Probe{hash, [&](std::uint32_t reference) {
                               if ((reference & kIsSet) == 0) return has_key(reference);
                               return has_key(sets_[reference & ~kIsSet].first());
                             }});
}

std::uint32_t ExactIndex::TakeSet() {
  if (free_sets_.empty()) {
    sets_.emplace_back();
    return static_cast<std::uint32_t>(sets_.size() - 1);
  }
  const std::uint32_t set = free_sets_.back();
  free_sets_.pop_back();
  return set;
}

void ExactIndex::Change(RowSet& set, absl::FunctionRef<void(RowSet&)> change) {
  set_bytes_ -= set.MemoryBytes();
  change(set);
  set_bytes_ += set.MemoryBytes();
}

std::size_t ExactIndex::MemoryBytes() const {
  constexpr std::size_t kControlBytes = 1;  // of flat_hash_set, per place
  return entries_.capacity() * (sizeof(Entry) + kControlBytes) + sets_.capacity() * sizeof(RowSet) +
         set_bytes_ + free_sets_.capacity() * sizeof(std::uint32_t);
}

}  // namespace muster::core
