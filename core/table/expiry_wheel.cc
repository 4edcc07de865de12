#include "table/expiry_wheel.h"

#include <algorithm>

namespace muster::core {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

std::int64_t SecondOf(std::int64_t ns) {
  const std::int64_t second = ns / kNanosPerSecond;
  return second * kNanosPerSecond > ns ? second - 1 : second;
}

std::uint16_t BucketOf(std::int64_t second) {
  static_assert((ExpiryWheel::kSeconds & (ExpiryWheel::kSeconds - 1)) == 0);
  return static_cast<std::uint16_t>(second & (ExpiryWheel::kSeconds - 1));
}

}  // namespace

void ExpiryWheel::Link(std::uint32_t slot, std::int64_t now_ns) {
  const std::int64_t now = SecondOf(now_ns);
  cursor_ = size_ == 0 ? now : std::min(cursor_, now);
  ++size_;
  const std::int64_t expires_ns = slots_[slot].expires_ns;
  idle_until_ns_ = std::min(idle_until_ns_, expires_ns);
  LinkAt(slot, SecondOf(expires_ns));
}

void ExpiryWheel::Unlink(std::uint32_t slot) {
  const Row& row = slots_[slot];
  if (row.wheel_previous == kNoSlot) {
    heads_[row.wheel_bucket] = row.wheel_next;
  } else {
    slots_[row.wheel_previous].wheel_next = row.wheel_next;
  }
  if (row.wheel_next != kNoSlot) slots_[row.wheel_next].wheel_previous = row.wheel_previous;
  --size_;
}

void ExpiryWheel::Moved(std::uint32_t slot, std::int64_t now_ns) {
  const Row& row = slots_[slot];
  // The second at which the cursor will pass the row's bucket.
  const std::int64_t looked_at = cursor_ + BucketOf(row.wheel_bucket - (cursor_ & (kSeconds - 1)));
  if (SecondOf(row.expires_ns) >= looked_at) {
    idle_until_ns_ = std::min(idle_until_ns_, row.expires_ns);
    return;
  }
  Unlink(slot);
  Link(slot, now_ns);
}

bool ExpiryWheel::SweepSlice(std::int64_t now_ns, std::size_t& budget, Place& place,
                             absl::FunctionRef<void(std::uint32_t)> expired) {
  if (now_ns < idle_until_ns_ || size_ == 0) return true;
  const std::int64_t now = SecondOf(now_ns);
  // After a pause of more than a turn, one turn meets every row.
  cursor_ = std::clamp(cursor_, now - kSeconds, now);
  return SweepPast(now_ns, budget, expired) && SweepPresent(now_ns, budget, place, expired);
}

/// The buckets of whole seconds that have passed: they end up empty.
bool ExpiryWheel::SweepPast(std::int64_t now_ns, std::size_t& budget,
                            absl::FunctionRef<void(std::uint32_t)> expired) {
  for (const std::int64_t now = SecondOf(now_ns); cursor_ < now; ++cursor_) {
    while (Head(cursor_) != kNoSlot) {
      if (budget == 0) return false;
      --budget;
      const std::uint32_t slot = Head(cursor_);
      if (slots_[slot].expires_ns <= now_ns) {
        expired(slot);
      } else {
        Relink(slot);
      }
    }
  }
  return true;
}

/// The bucket of the second that has begun: what expires later in it stays.
bool ExpiryWheel::SweepPresent(std::int64_t now_ns, std::size_t& budget, Place& place,
                               absl::FunctionRef<void(std::uint32_t)> expired) {
  const std::int64_t now = SecondOf(now_ns);
  std::int64_t idle_until_ns = (now + 1) * kNanosPerSecond;
  // New rows come in at the head: behind a row that was left here, all were left or are gone.
  const Row* const left = slots_.Find(place.last_left);
  const bool resumes = left != nullptr && left->wheel_bucket == BucketOf(now);
  std::uint32_t slot = resumes ? left->wheel_next : Head(now);
  while (slot != kNoSlot) {
    if (budget == 0) return false;
    --budget;
    const Row& row = slots_[slot];
    const std::uint32_t next = row.wheel_next;
    if (row.expires_ns <= now_ns) {
      expired(slot);
    } else if (SecondOf(row.expires_ns) > now) {
      Relink(slot);
    } else {
      place.last_left = slot;
      idle_until_ns = std::min(idle_until_ns, row.expires_ns);
    }
    slot = next;
  }
  if (!resumes) idle_until_ns_ = idle_until_ns;
  return true;
}

std::uint32_t& ExpiryWheel::Head(std::int64_t second) { return heads_[BucketOf(second)]; }

void ExpiryWheel::Relink(std::uint32_t slot) {
  Unlink(slot);
  ++size_;
  LinkAt(slot, SecondOf(slots_[slot].expires_ns));
}

void ExpiryWheel::LinkAt(std::uint32_t slot, std::int64_t second) {
  second = std::clamp(second, cursor_, cursor_ + kSeconds - 1);
  std::uint32_t& head = Head(second);
  Row& row = slots_[slot];
  row.wheel_bucket = BucketOf(second);
  row.wheel_previous = kNoSlot;
  row.wheel_next = head;
  if (head != kNoSlot) slots_[head].wheel_previous = slot;
  head = slot;
}

}  // namespace muster::core
