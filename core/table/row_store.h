#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "muster/core/binding.h"
#include "table/binding_rows.h"
#include "table/expiry_wheel.h"
#include "table/row_indexes.h"
#include "table/selection.h"

namespace muster::core {

/// Slots of rows. As many as a usual AoR has bindings are held without allocating.
using SlotList = absl::InlinedVector<std::uint32_t, 16>;

/// Whether the two bindings of one AoR differ by what Row::SetRefreshed sets alone.
bool IsRefresh(const Binding& before, const Binding& after);

/// The rows of a shard with all their indexes, which it keeps in step. Confined to the shard's
/// lock.
class RowStore {
 public:
  /// `pool` outlives the rows.
  explicit RowStore(ChunkPool& pool)
      : blocks_(pool), rows_(blocks_, pool), indexes_(rows_, blocks_), wheel_(rows_.slots()) {}
  RowStore(const RowStore&) = delete;
  RowStore& operator=(const RowStore&) = delete;

  std::uint32_t Add(std::string_view aor, const Binding& binding, std::uint64_t order,
                    std::int64_t registered_ns, std::int64_t now_ns);
  /// Takes from `binding` what Row::SetRefreshed sets: allocates nothing, and touches no index
  /// unless transport or reg-id differ.
  void Refresh(std::uint32_t slot, const Binding& binding, std::int64_t now_ns);
  /// Builds the row anew; it keeps its slot, AoR, order and registered_ns, and its places in the
  /// indexes of what does not differ. `binding` may be a view of the old one.
  void Rewrite(std::uint32_t slot, const Binding& binding, std::int64_t now_ns);
  /// One of the two, as IsRefresh says.
  void Replace(std::uint32_t slot, const Binding& binding, std::int64_t now_ns);
  void Remove(std::uint32_t slot);

  /// Like ExpiryWheel's. Removes what has expired and adds to `removed` how many.
  bool SweepSlice(std::int64_t now_ns, std::size_t& budget, ExpiryWheel::Place& place,
                  std::size_t& removed);

  /// No row expires before this, for all that is known.
  std::int64_t idle_until_ns() const { return wheel_.idle_until_ns(); }

  /// All rows of the AoR, by slot. `hash` is HashText(aor).
  SlotList FindAor(std::string_view aor, std::uint64_t hash) const;
  /// The same, best q first, equal ones in order of registration.
  SlotList FindAorByPreference(std::string_view aor, std::uint64_t hash) const;
  /// The binding of that AoR and order; kNoSlot when there is none. `hash` is HashText(aor).
  std::uint32_t FindOrder(std::string_view aor, std::uint64_t hash, std::uint64_t order) const;

  /// What the indexes tell of a query.
  Selection Select(const PreparedQuery& query) const { return indexes_.Select(query); }
  /// Whether the row lives and meets all conditions but those that the selection it is from has
  /// `told`.
  bool Meets(std::uint32_t slot, const PreparedQuery& query, std::uint32_t told,
             std::int64_t now_ns) const;

  const BindingRows& bindings() const { return rows_; }
  const RowIndexes<BindingRows>& indexes() const { return indexes_; }
  /// Rows, expired or not.
  std::size_t size() const { return rows_.slots().size(); }
  const Slots& slots() const { return rows_.slots(); }
  Row& row(std::uint32_t slot) const { return rows_[slot]; }
  std::string_view UserAgentOf(const Row& row) const { return rows_.UserAgentOf(row); }
  /// Views live until the row is changed, and as long as `room`.
  Binding ToBinding(std::uint32_t slot, RowRoom& room) const {
    return rows_.ToBinding(rows_[slot], room);
  }
  /// Appends the binding. Its bytes are copied as they are, and its texts are read from the copy.
  void CopyTo(std::uint32_t slot, BindingPage& page) const;
  std::size_t MemoryBytes() const;

 private:
  Blocks blocks_;
  BindingRows rows_;
  RowIndexes<BindingRows> indexes_;
  ExpiryWheel wheel_;
};

}  // namespace muster::core
