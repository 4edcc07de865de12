#include "http/date_text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>

namespace muster::http {
namespace {

std::string Formatted(const char* format, absl::Time time) {
  return absl::FormatTime(format, time, absl::UTCTimeZone());
}

TEST(DateTextTest, HasTheDigitsThatATimeHas) {
  const absl::Time noon = absl::FromUnixSeconds(1'732'104'000);
  EXPECT_EQ(Rfc3339Text(noon), "2024-11-20T12:00:00Z");
  EXPECT_EQ(Rfc3339Text(noon + absl::Milliseconds(250)), "2024-11-20T12:00:00.25Z");
  EXPECT_EQ(Rfc3339Text(noon + absl::Nanoseconds(1)), "2024-11-20T12:00:00.000000001Z");
  EXPECT_EQ(Rfc3339Text(absl::UnixEpoch()), "1970-01-01T00:00:00Z");
}

TEST(DateTextTest, WritesTheExampleOfTheRfc) {
  EXPECT_EQ(HttpDate(absl::FromUnixSeconds(784'111'777)), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(DateTextTest, EveryTimeIsWrittenAsAbseilDoes) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    auto nanoseconds = static_cast<std::int64_t>(random());
    if (i % 2 == 0) nanoseconds -= nanoseconds % 1'000'000;
    const absl::Time time = absl::FromUnixNanos(nanoseconds);
    ASSERT_EQ(Rfc3339Text(time), Formatted("%Y-%m-%dT%H:%M:%E*SZ", time));
    ASSERT_EQ(HttpDate(time), Formatted("%a, %d %b %Y %H:%M:%S GMT", time));
  }
}

TEST(DateTextTest, TimesBeyondTheEndsAreTheEnds) {
  EXPECT_EQ(Rfc3339Text(absl::InfiniteFuture()), "2262-04-11T23:47:16.854775807Z");
  EXPECT_EQ(Rfc3339Text(absl::InfinitePast()), "1677-09-21T00:12:43.145224192Z");
}

}  // namespace
}  // namespace muster::http
