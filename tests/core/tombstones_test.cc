#include "table/tombstones.h"

#include <gtest/gtest.h>

namespace muster::core {
namespace {

std::optional<std::uint32_t> CSeq(const Tombstones& tombstones, std::string_view aor,
                                  std::string_view call_id, std::int64_t now_ns) {
  const auto found = tombstones.Find(aor, call_id, now_ns);
  return found ? std::optional(found->cseq) : std::nullopt;
}

TEST(TombstonesTest, LiveUntilTheirEnd) {
  Tombstones tombstones(10);
  tombstones.Add("a@x", "call-1", 7, 100, 0);
  EXPECT_EQ(CSeq(tombstones, "a@x", "call-1", 99), 7U);
  EXPECT_FALSE(tombstones.Find("a@x", "call-1", 100));
  EXPECT_FALSE(tombstones.Find("a@x", "call-2", 0));
  EXPECT_FALSE(tombstones.Find("b@x", "call-1", 0));
}

TEST(TombstonesTest, TheHigherCSeqAndTheLaterEndCount) {
  Tombstones tombstones(10);
  tombstones.Add("a@x", "call", 7, 100, 0);
  tombstones.Add("a@x", "call", 5, 200, 0);
  EXPECT_EQ(CSeq(tombstones, "a@x", "call", 150), 7U);
  tombstones.Add("a@x", "call", 9, 50, 0);
  EXPECT_EQ(CSeq(tombstones, "a@x", "call", 150), 9U);
  EXPECT_EQ(tombstones.size(), 1U);
}

TEST(TombstonesTest, OneThatHasEndedCountsNoMore) {
  Tombstones tombstones(10);
  tombstones.Add("a@x", "call", 7, 100, 0);
  tombstones.Add("a@x", "call", 5, 200, 100);
  EXPECT_EQ(CSeq(tombstones, "a@x", "call", 150), 5U);
}

TEST(TombstonesTest, TheOldestGivesWay) {
  Tombstones tombstones(2);
  tombstones.Add("a@x", "1", 1, 300, 0);
  tombstones.Add("a@x", "2", 2, 200, 0);
  tombstones.Add("a@x", "3", 3, 100, 0);
  EXPECT_EQ(tombstones.size(), 2U);
  EXPECT_FALSE(tombstones.Find("a@x", "1", 0));
  EXPECT_EQ(CSeq(tombstones, "a@x", "2", 0), 2U);
  EXPECT_EQ(CSeq(tombstones, "a@x", "3", 0), 3U);
}

TEST(TombstonesTest, AreSweptInSlices) {
  Tombstones tombstones(100);
  for (int i = 0; i < 10; ++i) tombstones.Add("a@x", std::to_string(i), 1, 100 + i, 0);
  EXPECT_FALSE(tombstones.SweepSlice(107, 3));
  EXPECT_EQ(tombstones.size(), 7U);
  EXPECT_TRUE(tombstones.SweepSlice(107, 5));
  EXPECT_EQ(tombstones.size(), 2U);
}

TEST(TombstonesTest, CanBeTakenBack) {
  Tombstones tombstones(10);
  tombstones.Add("a@x", "1", 1, 300, 0);
  tombstones.Add("a@x", "2", 2, 300, 0);
  tombstones.Remove("a@x", "1");
  tombstones.Remove("a@x", "3");
  EXPECT_FALSE(tombstones.Find("a@x", "1", 0));
  EXPECT_EQ(CSeq(tombstones, "a@x", "2", 0), 2U);
}

TEST(TombstonesTest, AreVisitedInSlicesThoughSomeGoMeanwhile) {
  Tombstones tombstones(10);
  for (int i = 0; i < 5; ++i) tombstones.Add("a@x", std::to_string(i), 1, 300, 0);
  std::string visited;
  const auto visit = [&](const Tombstones::View& view) { visited += view.call_id; };
  std::uint64_t from = 0;
  EXPECT_TRUE(tombstones.VisitSlice(2, from, visit));
  tombstones.Remove("a@x", "1");
  tombstones.Remove("a@x", "3");
  EXPECT_FALSE(tombstones.VisitSlice(2, from, visit));
  EXPECT_EQ(visited, "0124");
}

TEST(TombstonesTest, NoRoomAtAllIsNoTombstone) {
  Tombstones tombstones(0);
  tombstones.Add("a@x", "1", 1, 300, 0);
  EXPECT_EQ(tombstones.size(), 0U);
}

}  // namespace
}  // namespace muster::core
