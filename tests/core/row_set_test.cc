#include "table/row_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace muster::core {
namespace {

std::vector<std::uint32_t> Members(const RowSet& set, std::uint32_t from, std::size_t most) {
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

/// Sizes swing over both borders between vector and bitmap.
TEST(RowSetTest, IsASetUnderRandomOperations) {
  std::mt19937 random(3);
  RowSet set;
  std::set<std::uint32_t> model;
  for (int i = 0; i < 100'000; ++i) {
    const bool growing = i / 500 % 2 == 0;
    const std::uint32_t slot = random() % 100 * 40'000;
    if (random() % 10 < (growing ? 7U : 3U)) {
      ASSERT_EQ(set.Insert(slot), model.insert(slot).second);
    } else {
      ASSERT_EQ(set.Erase(slot), model.erase(slot) == 1);
    }
    ASSERT_EQ(set.size(), model.size());
    ASSERT_EQ(set.Contains(slot), model.contains(slot));
    if (!model.empty()) {
      ASSERT_EQ(set.first(), *model.begin());
    }
    const std::uint32_t from = random() % 4'000'000;
    const std::size_t most = random() % 50;
    ASSERT_EQ(Members(set, from, most), Members(model, from, most));
  }
}

TEST(KeyRowsTest, ViewsNoneOneAndMany) {
  std::uint32_t out[4];
  EXPECT_EQ(KeyRows().size(), 0U);
  EXPECT_EQ(KeyRows().CopyFrom(0, out), 0U);
  const KeyRows one(7U);
  EXPECT_EQ(one.size(), 1U);
  EXPECT_EQ(one.CopyFrom(8, out), 0U);
  ASSERT_EQ(one.CopyFrom(7, out), 1U);
  EXPECT_EQ(out[0], 7U);
  RowSet set;
  set.Insert(9);
  set.Insert(4);
  const KeyRows many(&set);
  ASSERT_EQ(many.CopyFrom(0, out), 2U);
  EXPECT_EQ(out[0], 4U);
  EXPECT_EQ(out[1], 9U);
}

}  // namespace
}  // namespace muster::core
