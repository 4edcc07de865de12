#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/container/btree_map.h"
#include "table/slot_set.h"

namespace muster::core {

/// For a field of few different values: the rows that have each. Thread-compatible.
class ValueIndex {
 public:
  using Sets = absl::btree_map<std::uint32_t, SlotSet>;

  void Insert(std::uint32_t value, std::uint32_t slot) { sets_[value].Insert(slot); }
  void Erase(std::uint32_t value, std::uint32_t slot) {
    const auto found = sets_.find(value);
    if (found == sets_.end()) return;
    found->second.Erase(slot);
    if (found->second.empty()) sets_.erase(found);
  }

  /// By value; none of them empty.
  const Sets& sets() const { return sets_; }
  /// nullptr when no row has that value.
  const SlotSet* Find(std::uint32_t value) const {
    const auto found = sets_.find(value);
    return found == sets_.end() ? nullptr : &found->second;
  }

  std::size_t MemoryBytes() const {
    std::size_t bytes = 0;
    for (const auto& [value, set] : sets_) bytes += sizeof(Sets::value_type) + set.MemoryBytes();
    return bytes;
  }

 private:
  Sets sets_;
};

}  // namespace muster::core
