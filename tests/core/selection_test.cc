#include "table/selection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace muster::core {
namespace {

constexpr std::uint32_t kSlots = 200'000;  // some blocks

/// Random sets, and of each slot which of them it is in.
class SelectionTest : public testing::Test {
 protected:
  SelectionTest() : is_in_(kSlots) {
    for (std::size_t set = 0; set != sizes_.size(); ++set) {
      for (std::uint32_t i = 0; i != sizes_[set]; ++i) {
        const std::uint32_t slot = random_() % kSlots;
        sets_[set].Insert(slot);
        is_in_[slot] |= 1U << set;
      }
    }
    for (std::uint32_t slot = 0; slot != kSlots; ++slot) {
      if (slot % 10 == 3) continue;
      all_.Insert(slot);
      is_in_[slot] |= kTaken;
    }
    for (SlotSet& set : sets_) {
      for (std::uint32_t slot = 3; slot < kSlots; slot += 10) set.Erase(slot);
    }
  }

  IndexRows Rows(std::vector<std::size_t> sets, bool is_negated = false) const {
    IndexRows rows;
    rows.is_known = true;
    rows.is_disjoint = sets.size() == 1;
    rows.is_negated = is_negated;
    for (const std::size_t set : sets) rows.sets.push_back(&sets_[set]);
    return rows;
  }

  /// Slots that are taken and meet `meets(bits)`.
  template <typename Meets>
  std::vector<std::uint32_t> Expected(Meets meets) const {
    std::vector<std::uint32_t> slots;
    for (std::uint32_t slot = 0; slot != kSlots; ++slot) {
      if ((is_in_[slot] & kTaken) != 0 && meets(is_in_[slot])) slots.push_back(slot);
    }
    return slots;
  }

  /// All of the selection, by pieces of `most`.
  static std::vector<std::uint32_t> All(const Selection& selection, std::size_t most) {
    std::vector<std::uint32_t> all;
    std::vector<std::uint32_t> piece;
    for (std::uint32_t from = 0; from < selection.end();) {
      const std::uint32_t next = selection.CopyFrom(from, most, piece);
      EXPECT_LE(piece.size(), most);
      EXPECT_GT(next, from);
      all.insert(all.end(), piece.begin(), piece.end());
      from = next;
    }
    return all;
  }

  void Expect(const Selection& selection, const std::vector<std::uint32_t>& expected) {
    EXPECT_EQ(All(selection, 256), expected);
    EXPECT_EQ(All(selection, 100'000), expected);
    ASSERT_TRUE(selection.is_exact());
    if (selection.CountAtOnce()) {
      EXPECT_EQ(*selection.CountAtOnce(), expected.size());
    }
    std::size_t count = 0;
    for (std::uint32_t block = 0; block * kBlockSlots < kSlots; ++block) {
      count += selection.CountIn(block);
    }
    EXPECT_EQ(count, expected.size());
    for (std::size_t skipped : {std::size_t{1}, expected.size() / 2, expected.size() - 1}) {
      const std::size_t wanted = skipped;
      std::uint32_t from = 0;
      while (skipped != 0) from = selection.Skip(from, skipped);
      std::vector<std::uint32_t> next;
      while (next.empty()) from = selection.CopyFrom(from, 1, next);
      EXPECT_EQ(next.front(), expected[wanted]);
    }
  }

  static constexpr std::uint32_t kTaken = 1U << 31;

  std::mt19937 random_{11};
  std::array<std::uint32_t, 4> sizes_ = {100'000, 40'000, 3'000, 100};
  std::array<SlotSet, 4> sets_;
  SlotSet all_;
  std::vector<std::uint32_t> is_in_;
};

TEST_F(SelectionTest, WithoutConditionsIsAllThatIsTaken) {
  const Selection selection(all_, kSlots);
  Expect(selection, Expected([](std::uint32_t) { return true; }));
  EXPECT_EQ(selection.CountAtOnce(), all_.size());
}

TEST_F(SelectionTest, OneSetCountsAtOnce) {
  Selection selection(all_, kSlots);
  selection.Add(Rows({1}));
  Expect(selection, Expected([](std::uint32_t in) { return (in & 2) != 0; }));
  EXPECT_EQ(selection.CountAtOnce(), sets_[1].size());
}

TEST_F(SelectionTest, AnyOfSetsHasEachRowOnce) {
  Selection selection(all_, kSlots);
  selection.Add(Rows({0, 1, 3}));
  Expect(selection, Expected([](std::uint32_t in) { return (in & 0b1011) != 0; }));
}

TEST_F(SelectionTest, ConditionsAreJoinedByAnd) {
  Selection selection(all_, kSlots);
  selection.Add(Rows({0}));
  selection.Add(Rows({1, 2}));
  selection.Add(Rows({3}, true));
  Expect(selection, Expected([](std::uint32_t in) {
           return (in & 1) != 0 && (in & 0b110) != 0 && (in & 8) == 0;
         }));
}

TEST_F(SelectionTest, WhatIsOnlyNegatedIsTheRest) {
  Selection selection(all_, kSlots);
  selection.Add(Rows({0}, true));
  Expect(selection, Expected([](std::uint32_t in) { return (in & 1) == 0; }));
  EXPECT_EQ(selection.CountAtOnce(), all_.size() - sets_[0].size());
}

TEST_F(SelectionTest, FewRowsLeadAndTheRestIsToBeLookedAt) {
  Selection selection(all_, kSlots);
  selection.Add(Rows({0}));
  selection.Add(Rows({3}));
  EXPECT_FALSE(selection.is_exact());
  EXPECT_EQ(All(selection, 256), Expected([](std::uint32_t in) { return (in & 8) != 0; }));
  EXPECT_EQ(All(selection, 7), Expected([](std::uint32_t in) { return (in & 8) != 0; }));
}

TEST_F(SelectionTest, WhatNoIndexKnowsIsToBeLookedAt) {
  Selection selection(all_, kSlots);
  selection.Add(Rows({2}));
  selection.Add(IndexRows());
  EXPECT_FALSE(selection.is_exact());
  EXPECT_EQ(All(selection, 256), Expected([](std::uint32_t in) { return (in & 4) != 0; }));
}

TEST_F(SelectionTest, LooseRowsAreAmongThem) {
  IndexRows rows = Rows({2, 3});
  rows.loose = {199'990, 5, 70'000, 5};
  is_in_[199'990] |= 4;
  is_in_[5] |= 4;
  is_in_[70'000] |= 4;
  Selection selection(all_, kSlots);
  selection.Add(std::move(rows));
  Expect(selection, Expected([](std::uint32_t in) { return (in & 0b1100) != 0; }));
}

TEST_F(SelectionTest, NothingIsNothing) {
  Selection selection(all_, kSlots);
  selection.Add(Rows({}));
  selection.Add(Rows({0}));
  EXPECT_EQ(selection.most(), 0U);
  EXPECT_TRUE(All(selection, 10).empty());
}

}  // namespace
}  // namespace muster::core
