#include "bench/load/latency_histogram.h"

#include <gtest/gtest.h>

namespace muster::bench {
namespace {

using std::chrono::nanoseconds;

TEST(LatencyHistogramTest, QuantilesAreWithinAThirtySecondOfTheTruth) {
  LatencyHistogram histogram;
  for (int value = 1; value <= 1'000'000; ++value) histogram.Add(nanoseconds(value));
  EXPECT_EQ(histogram.count(), 1'000'000u);
  for (const double fraction : {0.001, 0.5, 0.9, 0.99, 0.999}) {
    const double truth = fraction * 1e6;
    const auto found = static_cast<double>(histogram.Quantile(fraction).count());
    EXPECT_GE(found, truth) << fraction;
    EXPECT_LE(found, truth * (1 + 1.0 / 32)) << fraction;
  }
  EXPECT_EQ(histogram.Quantile(1).count(), 1'000'000);
  EXPECT_EQ(histogram.max().count(), 1'000'000);
}

TEST(LatencyHistogramTest, HoldsTheSmallestAndTheLargest) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.Quantile(0.5).count(), 0);
  histogram.Add(nanoseconds(-5));
  EXPECT_EQ(histogram.Quantile(0.5).count(), 0);
  histogram.Add(nanoseconds::max());
  EXPECT_EQ(histogram.Quantile(1), nanoseconds::max());
  EXPECT_EQ(histogram.Quantile(0.5).count(), 0);
}

}  // namespace
}  // namespace muster::bench
