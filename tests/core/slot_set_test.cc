#include "table/slot_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace muster::core {
namespace {

std::vector<std::uint32_t> Members(const SlotSet& set, std::uint32_t from, std::size_t most) {
  std::vector<std::uint32_t> members(most);
  members.resize(set.CopyFrom(from, members));
  return members;
}

std::vector<std::uint32_t> Members(const std::set<std::uint32_t>& set, std::uint32_t from,
                                   std::size_t most) {
  std::vector<std::uint32_t> members;
  for (auto at = set.lower_bound(from); at != set.end() && members.size() < most; ++at) {
    members.push_back(*at);
  }
  return members;
}

std::size_t CountIn(const std::set<std::uint32_t>& set, std::uint32_t block) {
  return static_cast<std::size_t>(std::distance(set.lower_bound(block * kBlockSlots),
                                                set.lower_bound((block + 1) * kBlockSlots)));
}

class SlotSetTest : public testing::Test {
 protected:
  /// Grows for a while, then shrinks, and so on.
  void SwingOverBorders(int operations, int period, std::uint32_t slots, std::uint32_t distance) {
    for (int i = 0; i < operations; ++i) {
      const bool growing = i / period % 2 == 0;
      const std::uint32_t slot = random_() % slots * distance;
      if (random_() % 10 < (growing ? 8U : 2U)) {
        ASSERT_EQ(set_.Insert(slot), model_.insert(slot).second);
      } else {
        ASSERT_EQ(set_.Erase(slot), model_.erase(slot) == 1);
      }
      ASSERT_EQ(set_.size(), model_.size());
      ASSERT_EQ(set_.Contains(slot), model_.contains(slot));
      if (!model_.empty()) {
        ASSERT_EQ(set_.first(), *model_.begin());
      }
      const std::uint32_t from = random_() % (slots * distance);
      const std::size_t most = random_() % 50;
      ASSERT_EQ(Members(set_, from, most), Members(model_, from, most));
      ASSERT_EQ(set_.CountIn(slot / kBlockSlots), CountIn(model_, slot / kBlockSlots));
      if (i % 1'000 == 0) ExpectWordsOf(slot / kBlockSlots);
    }
  }

  void ExpectWordsOf(std::uint32_t block) {
    BlockWords words{};
    set_.AddTo(block, words);
    ASSERT_EQ(CountBits(words), set_.CountIn(block));
    for (auto at = model_.lower_bound(block * kBlockSlots);
         at != model_.end() && *at < (block + 1) * kBlockSlots; ++at) {
      const std::uint32_t member = *at % kBlockSlots;
      ASSERT_NE(words[member / 64] & std::uint64_t{1} << member % 64, 0U) << *at;
    }
  }

  std::mt19937 random_{3};
  SlotSet set_;
  std::set<std::uint32_t> model_;
};

TEST_F(SlotSetTest, SwingsBetweenOneArrayAndBlocks) {
  SwingOverBorders(100'000, 1'000, 500, 1'009);
}

TEST_F(SlotSetTest, SwingsBetweenArraysAndBitmaps) { SwingOverBorders(200'000, 20'000, 6'000, 23); }

TEST_F(SlotSetTest, TakesAllSlotsOfABlock) {
  for (std::uint32_t slot = kBlockSlots; slot != 2 * kBlockSlots; ++slot) {
    set_.Insert(slot);
    model_.insert(slot);
  }
  EXPECT_EQ(set_.CountIn(1), kBlockSlots);
  EXPECT_EQ(set_.CountIn(0), 0U);
  EXPECT_EQ(set_.CountIn(2), 0U);
  ExpectWordsOf(1);
  EXPECT_EQ(Members(set_, 2 * kBlockSlots - 2, 9),
            (std::vector<std::uint32_t>{2 * kBlockSlots - 2, 2 * kBlockSlots - 1}));
}

TEST_F(SlotSetTest, ASmallSetHoldsRoomForFewMoreMembers) {
  for (std::uint32_t slot = 0; slot != SlotSet::kMostSorted; ++slot) {
    set_.Insert(slot);
    EXPECT_GE(set_.MemoryBytes(), set_.size() * sizeof(slot));
    EXPECT_LE(set_.MemoryBytes(), set_.size() * sizeof(slot) * 5 / 4 + 5 * sizeof(slot));
  }
}

TEST_F(SlotSetTest, MovesAsAnArrayAndInBlocks) {
  for (const std::uint32_t size : {0U, 5U, 1'000U}) {
    SlotSet from;
    for (std::uint32_t slot = 0; slot != size; ++slot) from.Insert(slot * 1'009);
    SlotSet to;
    to.Insert(7);
    to = std::move(from);
    SlotSet last(std::move(to));
    EXPECT_EQ(last.size(), size);
    EXPECT_EQ(last.CountIn(0), std::min(size, 65U));
    EXPECT_EQ(last.Contains(1'009), size > 1);
    EXPECT_FALSE(last.Contains(7));
  }
}

TEST_F(SlotSetTest, MemoryIsGivenBackWithTheMembers) {
  for (std::uint32_t slot = 0; slot != 100'000; ++slot) set_.Insert(slot);
  EXPECT_GE(set_.MemoryBytes(), 2 * sizeof(BlockWords));
  for (std::uint32_t slot = 0; slot != 99'990; ++slot) set_.Erase(slot);
  EXPECT_LT(set_.MemoryBytes(), 1'024U);
  EXPECT_EQ(Members(set_, 0, 2), (std::vector<std::uint32_t>{99'990, 99'991}));
}

}  // namespace
}  // namespace muster::core
