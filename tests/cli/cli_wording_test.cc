#include <gtest/gtest.h>

#include "daemon/cli/wording.h"

namespace muster::daemon::cli {
namespace {

TEST(WordingTest, GroupsDigitsByThree) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1'000), "1,000");
  EXPECT_EQ(Grouped(123'456), "123,456");
  EXPECT_EQ(Grouped(1'234'567), "1,234,567");
}

TEST(WordingTest, OneIsNotMany) {
  EXPECT_EQ(CountedBindings(0), "0 bindings");
  EXPECT_EQ(CountedBindings(1), "1 binding");
  EXPECT_EQ(CountedBindings(1'234), "1,234 bindings");
}

TEST(WordingTest, DurationHasItsTwoLargestUnits) {
  EXPECT_EQ(Duration(0), "0s");
  EXPECT_EQ(Duration(59), "59s");
  EXPECT_EQ(Duration(60), "1m");
  EXPECT_EQ(Duration(750), "12m 30s");
  EXPECT_EQ(Duration(3'600), "1h");
  EXPECT_EQ(Duration(3'659), "1h");
  EXPECT_EQ(Duration(7'500), "2h 5m");
  EXPECT_EQ(Duration(86'400 * 3 + 4 * 3'600 + 59), "3d 4h");
}

TEST(WordingTest, SizeHasAUnitThatFits) {
  EXPECT_EQ(Size(1), "1 byte");
  EXPECT_EQ(Size(1'023), "1,023 bytes");
  EXPECT_EQ(Size(1'536), "1.5 KiB");
  EXPECT_EQ(Size(std::uint64_t{3} << 40), "3072.0 GiB");
}

TEST(WordingTest, ShareIsInPercent) {
  EXPECT_EQ(Share(1, 3), "33.3 %");
  EXPECT_EQ(Share(3, 3), "100.0 %");
  EXPECT_EQ(Share(0, 0), "-");
}

}  // namespace
}  // namespace muster::daemon::cli
