// Expires, Min-Expires, Max-Forwards: the strict readers. ExpiresFrom is the lenient one.

#include "value.h"

namespace muster::parser {
namespace {

using test::Accepted;
using test::Is;
using test::Refused;

TEST(ParseDeltaSeconds, ReadsNumbersUpToTheLargest) {
  EXPECT_EQ(Accepted(ParseDeltaSeconds, "0"), 0u);
  EXPECT_EQ(Accepted(ParseDeltaSeconds, " 3600\t"), 3600u);
  EXPECT_EQ(Accepted(ParseDeltaSeconds, "\r\n 60"), 60u);
  EXPECT_EQ(Accepted(ParseDeltaSeconds, "4294967295"), 4294967295u);
  EXPECT_EQ(Accepted(ParseDeltaSeconds, std::string(1'000, '0') + "7"), 7u);
}

TEST(ParseDeltaSeconds, RefusesAllElse) {
  EXPECT_THAT(Refused(ParseDeltaSeconds, ""), Is(ErrorCode::kBadNumber, 0));
  EXPECT_THAT(Refused(ParseDeltaSeconds, "  "), Is(ErrorCode::kBadNumber, 2));
  EXPECT_THAT(Refused(ParseDeltaSeconds, "-1"), Is(ErrorCode::kBadNumber, 0));
  EXPECT_THAT(Refused(ParseDeltaSeconds, "+1"), Is(ErrorCode::kBadNumber, 0));
  EXPECT_THAT(Refused(ParseDeltaSeconds, "60s"), Is(ErrorCode::kBadNumber, 2));
  EXPECT_THAT(Refused(ParseDeltaSeconds, "6 0"), Is(ErrorCode::kBadNumber, 2));
  EXPECT_THAT(Refused(ParseDeltaSeconds, "60;x"), Is(ErrorCode::kBadNumber, 2));
  EXPECT_THAT(Refused(ParseDeltaSeconds, " 4294967296"), Is(ErrorCode::kBadNumber, 1));
  EXPECT_THAT(Refused(ParseDeltaSeconds, std::string(1'000, '9')), Is(ErrorCode::kBadNumber, 0));
}

TEST(ParseMaxForwards, IsAByte) {
  EXPECT_EQ(Accepted(ParseMaxForwards, "0"), 0);
  EXPECT_EQ(Accepted(ParseMaxForwards, "70"), 70);
  EXPECT_EQ(Accepted(ParseMaxForwards, "255"), 255);
  EXPECT_THAT(Refused(ParseMaxForwards, "256"), Is(ErrorCode::kBadNumber, 0));
  EXPECT_THAT(Refused(ParseMaxForwards, "-1"), Is(ErrorCode::kBadNumber, 0));
  EXPECT_THAT(Refused(ParseMaxForwards, "70 hops"), Is(ErrorCode::kBadNumber, 3));
}

}  // namespace
}  // namespace muster::parser
