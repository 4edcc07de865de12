#include "tests/journal/power_file_state.h"

#include <gtest/gtest.h>

#include <set>

namespace muster::journal {
namespace {

constexpr int kCuts = 200;  // enough for each of a handful of outcomes to be seen

std::string Live(const PowerFileState& file) {
  std::string bytes(file.size(), '\0');
  bytes.resize(file.Read(0, bytes.data(), bytes.size()));
  return bytes;
}

std::set<std::string> OutcomesOfCuts(const PowerFileState& file) {
  std::mt19937_64 random(1);
  std::set<std::string> outcomes;
  for (int i = 0; i < kCuts; ++i) outcomes.insert(file.AfterCut(random));
  return outcomes;
}

using Outcomes = std::set<std::string>;

TEST(PowerFileStateTest, ReadsSeeWhatIsPending) {
  PowerFileState file("abcdef");
  file.Write(2, "XY");
  EXPECT_EQ(Live(file), "abXYef");
  file.Truncate(3);
  EXPECT_EQ(Live(file), "abX");
  file.Write(5, "Z");
  EXPECT_EQ(Live(file), std::string("abX\0\0Z", 6));
  EXPECT_EQ(file.pending_bytes(), 3);
}

TEST(PowerFileStateTest, ReadsEndWithTheFile) {
  const PowerFileState file("abc");
  char byte = '?';
  EXPECT_EQ(file.Read(2, &byte, 1), 1u);
  EXPECT_EQ(byte, 'c');
  EXPECT_EQ(file.Read(3, &byte, 1), 0u);
  EXPECT_EQ(file.Read(9, &byte, 1), 0u);
}

TEST(PowerFileStateTest, ACutKeepsWhatIsSynced) {
  PowerFileState file("abc");
  file.Write(0, "X");
  file.Truncate(2);
  const std::vector<FileOp> synced = file.Sync();
  ASSERT_EQ(synced.size(), 2u);
  EXPECT_EQ(synced[0].bytes, "X");
  EXPECT_EQ(synced[1].offset, 2);
  EXPECT_TRUE(file.certain());
  EXPECT_EQ(OutcomesOfCuts(file), Outcomes{"Xb"});
}

TEST(PowerFileStateTest, ACutKeepsAnyPendingOperationsOrNone) {
  PowerFileState file("...");
  file.Write(0, "1");
  file.Write(1, "2");
  file.Truncate(2);
  EXPECT_EQ(OutcomesOfCuts(file), (Outcomes{"...", "1..", ".2.", "12.", "..", "1.", ".2", "12"}));
}

TEST(PowerFileStateTest, ACutTearsAWriteAtSectorsOfTheFile) {
  PowerFileState file(std::string(2048, '.'));
  file.Write(500, std::string(1000, 'x'));
  Outcomes expected;
  for (const int end : {500, 512, 1024, 1500}) {
    std::string image(2048, '.');
    image.replace(500, end - 500, end - 500, 'x');
    expected.insert(image);
  }
  EXPECT_EQ(OutcomesOfCuts(file), expected);
}

TEST(PowerFileStateTest, WhatAFailedSyncLeftStaysInDoubtAfterOneThatSucceeds) {
  PowerFileState file("...");
  file.Write(0, "1");
  file.FailSync();
  file.Write(2, "3");
  EXPECT_EQ(file.Sync().size(), 1u);
  EXPECT_EQ(Live(file), "1.3");
  EXPECT_FALSE(file.certain());
  EXPECT_EQ(file.pending_bytes(), 1);
  EXPECT_EQ(OutcomesOfCuts(file), (Outcomes{"..3", "1.3"}));
}

TEST(PowerFileStateTest, WhatIsRewrittenAfterAFailedSyncIsCertain) {
  PowerFileState file("...");
  file.Write(0, "11");
  file.FailSync();
  file.Write(0, "222");
  file.Sync();
  EXPECT_TRUE(file.certain());
  EXPECT_EQ(OutcomesOfCuts(file), Outcomes{"222"});
}

TEST(PowerFileStateTest, WhatIsRewrittenInPartKeepsThatPart) {
  PowerFileState file("...");
  file.Write(0, "111");
  file.FailSync();
  file.Write(1, "2");
  file.Sync();
  EXPECT_EQ(OutcomesOfCuts(file), (Outcomes{".2.", "121"}));
}

TEST(PowerFileStateTest, DropsWhatIsPendingButNotWhatIsInDoubt) {
  PowerFileState file("...");
  file.Write(0, "1");
  file.FailSync();
  file.Write(1, "2");
  file.DropPending();
  EXPECT_EQ(OutcomesOfCuts(file), (Outcomes{"...", "1.."}));
}

}  // namespace
}  // namespace muster::journal
