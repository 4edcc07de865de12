#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "muster/core/aor.h"
#include "muster/core/location_service.h"
#include "muster/core/mutex.h"
#include "table/binding_budget.h"
#include "table/change_buffer.h"
#include "table/change_record.h"
#include "table/prepared_query.h"
#include "table/row_count.h"
#include "table/row_store.h"
#include "table/tombstones.h"

namespace muster::core {

/// The AoRs of one part of the hash space: rows, tombstones and the lock around them. Whatever
/// takes long is done in slices of at most `rows_per_slice` rows, with the lock free between them.
/// Thread-safe; callbacks run under the lock.
class alignas(64) Shard {
 public:
  struct Room {
    std::size_t rows_per_slice;
    std::size_t max_tombstones;
    std::size_t max_uncommitted_bytes;
    std::size_t max_rows;
  };

  /// `budget` and `pool` outlive the shard.
  Shard(const Room& room, BindingBudget& budget, ChunkPool& pool)
      : rows_per_slice_(room.rows_per_slice),
        max_rows_(room.max_rows),
        budget_(budget),
        rows_(pool),
        tombstones_(room.max_tombstones),
        changes_(room.max_uncommitted_bytes) {}

  /// Returns the batch of the last change in this shard.
  BatchNumber Edit(const Aor& aor, absl::Time now, absl::FunctionRef<void(Record&)> edit)
      ABSL_LOCKS_EXCLUDED(mutex_);
  /// See LocationService::Lookup; appends to `page`.
  void Lookup(const Aor& aor, absl::Time now, BindingPage& page) ABSL_LOCKS_EXCLUDED(mutex_);

  /// A row in the hands of a visitor: views live until it returns.
  struct Visit {
    std::uint32_t slot;
    const Row& row;
    const RowStore& rows;
    void CopyTo(BindingPage& page) const { rows.CopyTo(slot, page); }
  };
  /// Says whether to go on.
  using Visitor = absl::FunctionRef<bool(const Visit&)>;

  /// Visits one slice of the live rows that match, by slot, from `from` on; moves `from` behind the
  /// last one that was looked at. False when there are no more.
  bool VisitSlice(const PreparedQuery& query, absl::Time now, std::uint32_t& from, Visitor visitor)
      ABSL_LOCKS_EXCLUDED(mutex_);
  /// Visits the row in `slot` if it lives and matches.
  void VisitOne(const PreparedQuery& query, absl::Time now, std::uint32_t slot, Visitor visitor)
      ABSL_LOCKS_EXCLUDED(mutex_);

  /// Live rows that match. Sweeps first, when there are too many to look at each.
  std::size_t Count(const PreparedQuery& query, absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);
  /// See ExactIndex::Prefetch.
  void Prefetch(const PreparedQuery& query,
                ExactIndex::Part part) const ABSL_NO_THREAD_SAFETY_ANALYSIS {
    rows_.indexes().Prefetch(query, part);
  }
  /// Rows that have one value of a field, or none. A value may be visited several times.
  struct GroupVisit {
    std::optional<FieldValue> value;
    std::size_t count = 0;
  };
  /// Groups the live rows that match, until `visitor` returns false.
  void GroupBy(const PreparedQuery& query, absl::Time now, BindingField field,
               absl::FunctionRef<bool(const GroupVisit&)> visitor) ABSL_LOCKS_EXCLUDED(mutex_);
  /// Adds what its indexes tell to `explanation`. Returns which condition leads.
  std::optional<std::size_t> Explain(const PreparedQuery& query, Explanation& explanation)
      ABSL_LOCKS_EXCLUDED(mutex_);

  /// Passes `left` live rows that match, from the slot `from` on, or all there are, and takes them
  /// off `left`. Returns the slot behind them.
  std::uint32_t Skip(const PreparedQuery& query, absl::Time now, std::size_t& left)
      ABSL_LOCKS_EXCLUDED(mutex_);
  /// Removes a slice of what matches, from the slot `from` on, leaving tombstones; moves `from`
  /// behind the last one that was looked at, and adds to `removal`. Nothing, but for that, while
  /// the journal takes no changes.
  struct RemovedSlice {
    std::size_t removed = 0;
    BatchNumber batch = 0;  // of the last change in this shard
    JournalState state = JournalState::kOpen;
    bool more = false;
  };
  RemovedSlice RemoveSlice(const PreparedQuery& query, absl::Time now, std::uint32_t& from)
      ABSL_LOCKS_EXCLUDED(mutex_);
  /// Frees what has expired.
  void Sweep(absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);

  // For the journal: see LocationService.
  void StartRecording(BatchNumber first) ABSL_LOCKS_EXCLUDED(mutex_);
  void TakeChanges(BatchNumber batch, ShardChanges& taken) ABSL_LOCKS_EXCLUDED(mutex_);
  /// Takes back what is in no batch, then `of_batch`, and refuses changes from then on.
  void TakeBack(BatchNumber last_failed, ShardChanges& of_batch, absl::Time now)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void AcceptChanges() ABSL_LOCKS_EXCLUDED(mutex_);
  /// `record` is none of kServer. `hash` is HashText(record.aor).
  void Apply(const ChangeRecord& record, std::uint64_t hash, absl::Time now)
      ABSL_LOCKS_EXCLUDED(mutex_);
  /// Writes a slice of the rows, and behind them of the tombstones, from the place on; moves it on.
  /// False when there are no more.
  bool CopyRecords(absl::Time now, RecordPosition& position, std::string& out)
      ABSL_LOCKS_EXCLUDED(mutex_);

  /// Bindings gone by expiry since the last call.
  std::size_t TakeExpired() { return expired_.exchange(0, std::memory_order_relaxed); }
  std::size_t longest_hold_rows() const {
    return longest_hold_rows_.load(std::memory_order_relaxed);
  }
  std::size_t MemoryBytes() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  bool SweepSlice(std::int64_t now_ns, ExpiryWheel::Place& place)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  /// Skip from the slot `from` on, row by row.
  std::uint32_t SkipRows(const PreparedQuery& query, absl::Time now, std::uint32_t from,
                         std::size_t& left) ABSL_LOCKS_EXCLUDED(mutex_);
  /// Sweeps in slices. True when there are more rows than are looked at one by one, and what they
  /// mean is known from indexes alone: these are then in step with `now`.
  bool SweepToCount(const PreparedQuery& query, absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);
  std::size_t RowsOfSlice(const PreparedQuery& query, std::uint32_t told) const;
  /// Calls `visitor(slot)` for each live row of a slice that matches, until it returns false, and
  /// moves `from` behind the last row that was looked at. False when there are no more.
  bool VisitLocked(const PreparedQuery& query, std::int64_t now_ns, std::uint32_t& from,
                   absl::FunctionRef<bool(std::uint32_t slot)> visitor)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyLocked(const ChangeRecord& record, std::uint64_t hash, std::int64_t now_ns)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Put(const ChangeRecord& record, std::uint64_t hash, std::int64_t now_ns)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyBackwards(std::string_view take_back, std::int64_t now_ns)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void NoteHold(std::size_t rows);
  /// At the end of whatever changes rows.
  void NoteRows() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    count_.Set(rows_.size(), rows_.idle_until_ns());
  }

  const std::size_t rows_per_slice_;
  const std::size_t max_rows_;
  BindingBudget& budget_;
  RowCount count_;
  std::atomic<std::size_t> expired_{0};
  std::atomic<std::size_t> longest_hold_rows_{0};

  Mutex mutex_;
  RowStore rows_ ABSL_GUARDED_BY(mutex_);
  Tombstones tombstones_ ABSL_GUARDED_BY(mutex_);
  ChangeBuffer changes_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::uint32_t> candidates_ ABSL_GUARDED_BY(mutex_);  // of the slice under way
};

}  // namespace muster::core
