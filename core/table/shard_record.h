#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "muster/core/aor.h"
#include "muster/core/location_service.h"
#include "table/binding_budget.h"
#include "table/change_buffer.h"
#include "table/row_store.h"
#include "table/tombstones.h"

namespace muster::core {

/// A Record on the rows of a shard. Confined to one hold of the shard's lock.
class ShardRecord final : public Record {
 public:
  /// Frees what of the AoR has expired, so that it is not among the bindings.
  ShardRecord(const Aor& aor, std::int64_t now_ns, RowStore& rows, const Tombstones& tombstones,
              BindingBudget& budget, ChangeBuffer& changes, std::size_t max_rows);
  ~ShardRecord() override;

  ShardRecord(const ShardRecord&) = delete;
  ShardRecord& operator=(const ShardRecord&) = delete;

  std::size_t size() const override { return slots_.size(); }
  const Binding& at(std::size_t index) const override;
  std::optional<std::uint32_t> TombstoneCSeq(std::string_view call_id) const override;
  bool HasRoomFor(std::size_t count) const override;
  JournalState journal_state() const override { return changes_.state(); }

  void Add(const Binding& binding) override;
  void Replace(std::size_t index, const Binding& binding) override;
  void Remove(std::size_t index) override;

  /// How many expired ones it freed.
  std::size_t expired() const { return expired_; }

 private:
  /// What at() gives, read from the row once.
  struct Shown {
    Shown() {}  // leaves the room as it is
    bool is_current = false;
    Binding binding;
    RowRoom room;
  };

  std::uint64_t NextOrder() const;

  const Aor& aor_;
  const std::int64_t now_ns_;
  RowStore& rows_;
  const Tombstones& tombstones_;
  BindingBudget& budget_;
  ChangeBuffer& changes_;
  const std::size_t max_rows_;  // of the shard
  SlotList slots_;              // in order of registration
  std::size_t expired_ = 0;
  mutable absl::InlinedVector<Shown, 4> shown_;  // by index; in step with slots_ since at()
  mutable std::size_t held_room_ = 0;            // taken from the budget, not used yet
};

}  // namespace muster::core
