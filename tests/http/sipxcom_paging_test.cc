#include <gtest/gtest.h>

#include "http/sipxcom/paging.h"

namespace muster::http::sipxcom {
namespace {

PagingResult Read(std::string_view target) {
  Request request;
  EXPECT_EQ(ParseTarget(target, request), std::nullopt);
  return ReadPaging(request);
}

TEST(PagingTest, TakesBoth) {
  const PagingResult result = Read("/r?start=5&limit=10");
  ASSERT_TRUE(result.paging.has_value());
  EXPECT_EQ(result.paging->start, 5u);
  EXPECT_EQ(result.paging->limit, 10u);
  EXPECT_EQ(result.problem, "");
}

TEST(PagingTest, OneAloneHasNoEffect) {
  for (const char* target : {"/r", "/r?start=5", "/r?limit=10", "/r?Start=1&Limit=1"}) {
    const PagingResult result = Read(target);
    EXPECT_FALSE(result.paging.has_value()) << target;
    EXPECT_EQ(result.problem, "") << target;
  }
}

TEST(PagingTest, TakesUpTo63Bits) {
  const PagingResult result = Read("/r?start=9223372036854775807&limit=0");
  ASSERT_TRUE(result.paging.has_value());
  EXPECT_EQ(result.paging->start, 9'223'372'036'854'775'807u);
}

TEST(PagingTest, ABadValueNamesItsParameterEvenWhenAlone) {
  for (const char* value : {"-1", "x", "1.5", "", "%201", "1%20", "0x10", "1e3", "+1",
                            "9223372036854775808", "99999999999999999999999"}) {
    for (const std::string name : {"start", "limit"}) {
      const PagingResult result = Read("/r?" + name + "=" + value);
      EXPECT_EQ(result.problem, name + " must be an integer from 0 to 9223372036854775807")
          << value;
      EXPECT_FALSE(result.paging.has_value()) << value;
    }
  }
  EXPECT_EQ(Read("/r?start=1&limit=-1").problem,
            "limit must be an integer from 0 to 9223372036854775807");
}

TEST(PagingTest, AParameterGivenTwiceIsAProblem) {
  EXPECT_EQ(Read("/r?start=1&limit=1&start=1").problem, "start is given more than once");
}

}  // namespace
}  // namespace muster::http::sipxcom
