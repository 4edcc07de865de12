#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/functional/function_ref.h"
#include "table/slots.h"

namespace muster::core {

/// Finds the rows that have expired. A wheel of seconds: a row is in the bucket of the second in
/// which it expires, or in an earlier one:
///
///   I1  A row is looked at no later than in its second. "Looked at" is when the cursor passes its
///       bucket; a row that has not expired by then goes to the bucket that is right for it.
///   I2  So a row may always be in a bucket that comes earlier: a refresh writes the row's expiry
///       and nothing else, and an expiry beyond the wheel waits in its last bucket.
///   I3  For the same reason the cursor may go back with the time.
///
/// Links go through the rows, by slot. Time comes from the caller and may jump. Thread-compatible.
class ExpiryWheel {
 public:
  /// Seconds of one turn: more than the longest usual expiry, so that rows seldom wait in the last.
  static constexpr std::int64_t kSeconds = 8'192;

  /// Where a sweep of several slices is. Fresh for each sweep.
  struct Place {
    std::uint32_t last_left = kNoSlot;  // the last row that was left in the bucket of `now`
  };

  /// `slots` outlives the wheel.
  explicit ExpiryWheel(const Slots& slots) : slots_(slots), heads_(kSeconds, kNoSlot) {}

  /// Takes the row in, at its expires_ns.
  void Link(std::uint32_t slot, std::int64_t now_ns);
  void Unlink(std::uint32_t slot);
  /// The row's expires_ns has changed.
  void Moved(std::uint32_t slot, std::int64_t now_ns);

  /// Calls `expired`, which must Unlink it, for each row that has expired at `now_ns`. Looks at no
  /// more than `budget` rows, and takes those off it. True when there are no more.
  bool SweepSlice(std::int64_t now_ns, std::size_t& budget, Place& place,
                  absl::FunctionRef<void(std::uint32_t slot)> expired);

  /// No row expires before this, for all that is known.
  std::int64_t idle_until_ns() const {
    return size_ == 0 ? std::numeric_limits<std::int64_t>::max() : idle_until_ns_;
  }

  std::size_t MemoryBytes() const { return heads_.capacity() * sizeof(std::uint32_t); }

 private:
  std::uint32_t& Head(std::int64_t second);
  void Relink(std::uint32_t slot);
  void LinkAt(std::uint32_t slot, std::int64_t second);
  bool SweepPast(std::int64_t now_ns, std::size_t& budget,
                 absl::FunctionRef<void(std::uint32_t)> expired);
  bool SweepPresent(std::int64_t now_ns, std::size_t& budget, Place& place,
                    absl::FunctionRef<void(std::uint32_t)> expired);

  const Slots& slots_;
  std::vector<std::uint32_t> heads_;  // the first slot of each bucket
  std::int64_t cursor_ = 0;           // the second to be swept next; those before it are done
  std::size_t size_ = 0;
  std::int64_t idle_until_ns_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace muster::core
