#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "table/slot_set.h"

namespace muster::core {

/// The rows of a shard that an index gives for one condition. Views the index.
struct IndexRows {
  bool is_known = false;    // the index can tell
  bool is_exact = true;     // each of them meets the condition, nobody need look
  bool is_disjoint = true;  // no row is in two of the sets
  bool is_negated = false;  // it is all other rows that are meant
  absl::InlinedVector<const SlotSet*, 4> sets;
  absl::InlinedVector<std::uint32_t, 4> loose;  // slots, in any order

  /// Rows at most; exactly, if they are disjoint.
  std::size_t size() const;
  std::size_t CountIn(std::uint32_t block) const;
  void AddTo(std::uint32_t block, BlockWords& words) const;
};

/// The rows of a shard that a query may mean: conditions joined by "and", as far as indexes can
/// tell. The condition with the fewest rows leads. When these are few the rest is left for those
/// who look at the rows; else sets are joined, a block of slots at a time. Confined to one hold of
/// the shard's lock.
class Selection {
 public:
  static constexpr std::size_t kToldConditions = 32;
  /// Up to so many rows are looked at one by one.
  static constexpr std::size_t kFewRows = 256;
  /// Blocks that are joined under one hold, of few sets: some microseconds each.
  static constexpr std::uint32_t kBlocksAtOnce = 4;
  static constexpr std::size_t kFewSets = 64;

  /// `all` has the slots that are taken.
  Selection(const SlotSet& all, std::uint32_t end);
  /// The rows of one more condition.
  void Add(IndexRows rows);

  /// Rows at most.
  std::size_t most() const { return leader().size(); }
  /// Whether there are no conditions.
  bool is_all() const { return conditions_.empty() && !has_unknown_; }
  /// A bit for each of the first kToldConditions conditions in the order in which they were added:
  /// set when every row of the selection meets it.
  std::uint32_t told() const;
  static bool IsTold(std::uint32_t told, std::size_t condition) {
    return condition < kToldConditions && (told >> condition & 1) != 0;
  }
  /// Whether every row of the selection meets all conditions.
  bool is_exact() const;
  /// How many rows there are, if that is known without joining anything. Of an exact selection.
  std::optional<std::size_t> CountAtOnce() const;
  /// How many rows there are in that block. Of an exact selection.
  std::size_t CountIn(std::uint32_t block) const;
  /// The rows in that block.
  void Join(std::uint32_t block, BlockWords& words) const;

  /// Fills `slots` with rows from `from` on, ascending, up to `most`. Returns from where on there
  /// may be others: slots at and behind `end` when there are none.
  std::uint32_t CopyFrom(std::uint32_t from, std::size_t most,
                         std::vector<std::uint32_t>& slots) const;
  /// Passes `left` rows from `from` on, or as many as one hold takes, and takes them off `left`.
  /// Returns the slot behind them. Of an exact selection.
  std::uint32_t Skip(std::uint32_t from, std::size_t& left) const;

  std::uint32_t end() const { return end_; }
  /// Blocks to be joined under one hold.
  std::uint32_t blocks_at_once() const { return sets_ <= kFewSets ? kBlocksAtOnce : 1; }
  /// Which of those that were added leads; nullopt when it is all rows.
  std::optional<std::size_t> leading_condition() const;

 private:
  static constexpr std::size_t kAll = ~std::size_t{0};

  const IndexRows& leader() const { return leader_ == kAll ? all_rows_ : conditions_[leader_]; }
  /// Nothing but the leader tells of the rows.
  bool is_alone() const { return conditions_.size() == (leader_ == kAll ? 0 : 1); }
  bool is_few() const { return most() <= kFewRows; }
  std::uint32_t CopyFew(std::uint32_t from, std::size_t most,
                        std::vector<std::uint32_t>& slots) const;
  std::uint32_t CopyJoined(std::uint32_t from, std::size_t most,
                           std::vector<std::uint32_t>& slots) const;

  const SlotSet& all_;
  const std::uint32_t end_;  // slots are below this
  IndexRows all_rows_;
  absl::InlinedVector<IndexRows, 2> conditions_;  // that an index knows
  absl::InlinedVector<std::size_t, 4> added_as_;  // by `conditions_`
  std::size_t added_ = 0;
  std::size_t sets_ = 0;       // of all conditions
  bool has_unknown_ = false;   // conditions that no index knows
  std::size_t leader_ = kAll;  // the smallest of those that are not negated
};

}  // namespace muster::core
