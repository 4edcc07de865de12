#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace muster::bench {

/// Counts of latencies in buckets that grow with the value: each is within 1/32 of what was added,
/// from a nanosecond to hours. Confined to one thread.
class LatencyHistogram {
 public:
  void Add(std::chrono::nanoseconds latency);
  std::uint64_t count() const { return count_; }
  /// The latency that `fraction` (0 to 1) of all do not exceed; zero when there are none.
  std::chrono::nanoseconds Quantile(double fraction) const;
  std::chrono::nanoseconds max() const { return max_; }

 private:
  static constexpr unsigned kStepBits = 5;  // 32 buckets for each power of two

  static std::size_t BucketOf(std::uint64_t nanoseconds);
  static std::uint64_t UpperBound(std::size_t bucket);

  std::array<std::uint64_t, (64 - kStepBits + 1) << kStepBits> buckets_{};
  std::uint64_t count_ = 0;
  std::chrono::nanoseconds max_{0};
};

}  // namespace muster::bench
