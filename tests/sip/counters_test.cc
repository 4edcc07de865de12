#include "muster/sip/counters.h"

#include <gtest/gtest.h>

#include <numeric>

namespace muster::sip {
namespace {

TEST(CountersTest, CountsRegistersByCode) {
  Counters counters;
  counters.CountRegister(200);
  counters.CountRegister(200);
  counters.CountRegister(699);
  CounterValues sum;
  counters.AddTo(sum);
  EXPECT_EQ(sum.registers_by_code[200], 2U);
  EXPECT_EQ(sum.registers_by_code[699], 1U);
  EXPECT_EQ(std::accumulate(sum.registers_by_code.begin(), sum.registers_by_code.end(), 0U), 3U);
}

TEST(CountersTest, PassesOverWhatIsNoCode) {
  Counters counters;
  for (const int code : {-1, 0, 700, 1'000'000}) counters.CountRegister(code);
  CounterValues sum;
  counters.AddTo(sum);
  EXPECT_EQ(std::accumulate(sum.registers_by_code.begin(), sum.registers_by_code.end(), 0U), 0U);
}

TEST(CountersTest, PutsTimesIntoTheBucketWhoseBoundTheyDoNotExceed) {
  Counters counters;
  counters.ObserveRegisters(1, absl::Microseconds(5));
  counters.ObserveRegisters(2, absl::Microseconds(5) + absl::Nanoseconds(1));
  counters.ObserveRegisters(4, absl::ZeroDuration());
  counters.ObserveRegisters(8, absl::Seconds(1));
  counters.ObserveRegisters(16, absl::Seconds(2));
  counters.ObserveRegisters(32, -absl::Seconds(1));  // a clock that was set back
  CounterValues sum;
  counters.AddTo(sum);
  EXPECT_EQ(sum.registers_by_time.front(), 1U + 4U + 32U);
  EXPECT_EQ(sum.registers_by_time[1], 2U);
  EXPECT_EQ(sum.registers_by_time[kTimeBucketMicros.size() - 1], 8U);
  EXPECT_EQ(sum.registers_by_time.back(), 16U);
  EXPECT_NEAR(sum.register_seconds_sum, 5e-6 + 2 * 5.001e-6 + 8 + 32, 1e-9);
}

TEST(CountersTest, AddsUpOverWorkers) {
  Counters one;
  Counters other;
  one.CountMessage();
  one.CountMalformed();
  other.CountMessage();
  other.CountRetransmission();
  CounterValues sum;
  one.AddTo(sum);
  other.AddTo(sum);
  EXPECT_EQ(sum.messages, 2U);
  EXPECT_EQ(sum.malformed, 1U);
  EXPECT_EQ(sum.retransmissions, 1U);
}

}  // namespace
}  // namespace muster::sip
