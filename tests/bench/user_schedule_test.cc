#include "bench/load/user_schedule.h"

#include <gtest/gtest.h>

#include <set>

namespace muster::bench {
namespace {

TEST(UserScheduleTest, NewUsersComeOnceEach) {
  UserSchedule schedule(Mode::kNew, 500, 3, 9);
  for (std::uint64_t user = 500; user < 503; ++user) {
    ASSERT_FALSE(schedule.exhausted());
    const UserSchedule::Turn turn = schedule.Next();
    EXPECT_EQ(turn.user, user);
    EXPECT_EQ(turn.cseq, 9u);
  }
  EXPECT_TRUE(schedule.exhausted());
  EXPECT_EQ(schedule.next_cseq(), 10u);
}

TEST(UserScheduleTest, RefreshesVisitEachUserOnceARoundWithARisingCSeq) {
  for (const std::uint64_t users : {1u, 2u, 7u, 1'000u, 99'991u, 100'000u}) {
    UserSchedule schedule(Mode::kRefresh, 10, users, 5);
    for (std::uint32_t round = 0; round < 2; ++round) {
      std::set<std::uint64_t> visited;
      for (std::uint64_t i = 0; i < users; ++i) {
        const UserSchedule::Turn turn = schedule.Next();
        ASSERT_GE(turn.user, 10u);
        ASSERT_LT(turn.user, 10 + users);
        ASSERT_EQ(turn.cseq, 5 + round);
        visited.insert(turn.user);
      }
      EXPECT_EQ(visited.size(), users);
    }
    EXPECT_GT(schedule.next_cseq(), 6u);
  }
}

TEST(UserScheduleTest, EveryTenthOfAMixIsNew) {
  UserSchedule schedule(Mode::kMixed, 0, 1'000, 1);
  std::uint64_t next_new = 1'000;
  for (int turns = 1; turns <= 100; ++turns) {
    const UserSchedule::Turn turn = schedule.Next();
    if (turns % 10 == 0) {
      EXPECT_EQ(turn.user, next_new++);
    } else {
      EXPECT_LT(turn.user, 1'000u);
    }
  }
}

}  // namespace
}  // namespace muster::bench
