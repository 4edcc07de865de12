#include "table/row_count.h"

#include <gtest/gtest.h>

#include <limits>

namespace muster::core {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNow = 1'700'000'000 * kSecond;

TEST(RowCountTest, IsKnownUntilARowMayExpire) {
  RowCount count;
  EXPECT_EQ(count.LivingAt(kNow), std::nullopt);
  count.Set(RowCount::kMostRows, kNow + kSecond);
  EXPECT_EQ(count.LivingAt(kNow), RowCount::kMostRows);
  EXPECT_EQ(count.LivingAt(kNow + kSecond * 99 / 100), RowCount::kMostRows);
  EXPECT_EQ(count.LivingAt(kNow + kSecond), std::nullopt);
  EXPECT_EQ(count.LivingAt(kNow + kSecond - 1), std::nullopt);  // rounded to the safe side
  count.Set(3, kNow);
  EXPECT_EQ(count.LivingAt(kNow), std::nullopt);
  EXPECT_EQ(count.LivingAt(kNow - kSecond), 3U);
}

TEST(RowCountTest, TimesOutsideOfItsRangeAreItsEnds) {
  RowCount count;
  count.Set(0, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(count.LivingAt(kNow), 0U);
  EXPECT_EQ(count.LivingAt(std::numeric_limits<std::int64_t>::min()), 0U);
  count.Set(1, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(count.LivingAt(kNow), std::nullopt);
}

}  // namespace
}  // namespace muster::core
