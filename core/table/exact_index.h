#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "table/row_set.h"

namespace muster::core {

/// From a key to the rows that have it. It holds no keys: an entry is 32 bits of the key's hash and
/// 32 bits that name a row, or a RowSet when several rows have the key; whether a row really has
/// the key, the caller says. Growing reads no rows, since the hash is in the entry.
/// Thread-compatible.
class ExactIndex {
 public:
  /// Says whether the row in this slot has the key that is looked for.
  using HasKey = absl::FunctionRef<bool(std::uint32_t slot)>;

  void Insert(std::uint32_t hash, std::uint32_t slot, HasKey has_key);
  /// Slot must be there under a key of this hash.
  void Erase(std::uint32_t hash, std::uint32_t slot);
  KeyRows Find(std::uint32_t hash, HasKey has_key) const;

  /// Different keys.
  std::size_t size() const { return entries_.size(); }
  std::size_t MemoryBytes() const;

 private:
  /// In `reference`: the rest is the index of a RowSet, not a slot.
  static constexpr std::uint32_t kIsSet = 1U << 31;

  struct Entry {
    std::uint32_t hash;
    std::uint32_t reference;
    bool operator==(const Entry&) const = default;
  };
  struct Probe {
    std::uint32_t hash;
    absl::FunctionRef<bool(std::uint32_t reference)> matches;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const Entry& entry) const { return entry.hash; }
    std::size_t operator()(const Probe& probe) const { return probe.hash; }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const Entry& a, const Entry& b) const { return a == b; }
    bool operator()(const Entry& entry, const Probe& probe) const {
      return entry.hash == probe.hash && probe.matches(entry.reference);
    }
    bool operator()(const Probe& probe, const Entry& entry) const { return (*this)(entry, probe); }
  };
  using Entries = absl::flat_hash_set<Entry, Hash, Equal>;

  Entries::const_iterator FindEntry(std::uint32_t hash, HasKey has_key) const;
  std::uint32_t TakeSet();
  /// Changes a member of `sets_`, and counts its bytes.
  void Change(RowSet& set, absl::FunctionRef<void(RowSet&)> change);

  Entries entries_;
  std::vector<RowSet> sets_;
  std::vector<std::uint32_t> free_sets_;
  std::size_t set_bytes_ = 0;  // beside `sets_` itself; counted along, since there may be millions
};

}  // namespace muster::core
