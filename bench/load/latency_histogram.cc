#include "bench/load/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace muster::bench {

// A value below 32 is its own bucket. Above, its highest bit chooses the group and the five bits
// below that the bucket in it.
std::size_t LatencyHistogram::BucketOf(std::uint64_t nanoseconds) {
  if (nanoseconds < (1u << kStepBits)) return nanoseconds;
  const unsigned shift = static_cast<unsigned>(std::bit_width(nanoseconds)) - kStepBits - 1;
  return (static_cast<std::size_t>(shift) << kStepBits) + (nanoseconds >> shift);
}

std::uint64_t LatencyHistogram::UpperBound(std::size_t bucket) {
  if (bucket < (2u << kStepBits)) return bucket;
  const std::size_t shift = (bucket >> kStepBits) - 1;
  const std::uint64_t leading = (bucket & ((1u << kStepBits) - 1)) | (1u << kStepBits);
  return ((leading + 1) << shift) - 1;
}

void LatencyHistogram::Add(std::chrono::nanoseconds latency) {
  latency = std::max(latency, std::chrono::nanoseconds(0));
  ++buckets_[BucketOf(static_cast<std::uint64_t>(latency.count()))];
  ++count_;
  max_ = std::max(max_, latency);
}

std::chrono::nanoseconds LatencyHistogram::Quantile(double fraction) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen > 0 && seen >= wanted) {
      return std::min(max_, std::chrono::nanoseconds(UpperBound(bucket)));
    }
  }
  return max_;
}

}  // namespace muster::bench
