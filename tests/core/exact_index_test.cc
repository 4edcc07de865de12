#include "table/exact_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <vector>

namespace muster::core {
namespace {

/// Rows of which only the key is known: one number.
class ExactIndexTest : public testing::Test {
 protected:
  void Insert(std::uint32_t slot, int key) {
    key_of_[slot] = key;
    index_.Insert(HashOf(key), slot, [&](std::uint32_t other) { return key_of_[other] == key; });
  }
  void Erase(std::uint32_t slot) {
    index_.Erase(HashOf(key_of_[slot]), slot);
    key_of_.erase(slot);
  }
  std::set<std::uint32_t> Find(int key) {
    const KeyRows rows =
        index_.Find(HashOf(key), [&](std::uint32_t other) { return key_of_.at(other) == key; });
    if (rows.set() == nullptr) return {rows.loose().begin(), rows.loose().end()};
    std::vector<std::uint32_t> slots(rows.size());
    EXPECT_EQ(rows.set()->CopyFrom(0, slots), rows.size());
    return {slots.begin(), slots.end()};
  }

  /// `hashes_` different ones in the bits that are in entries.
  std::uint64_t HashOf(int key) const {
    const auto number = static_cast<std::uint64_t>(key);
    return number % hashes_ | number << 32;
  }

  ChunkPool pool_;
  Blocks blocks_{pool_};
  ExactIndex index_{blocks_};
  std::map<std::uint32_t, int> key_of_;
  std::uint32_t hashes_ = 1'000'000;
};

TEST_F(ExactIndexTest, FindsOneAndManyAndNone) {
  Insert(10, 1);
  Insert(11, 2);
  Insert(12, 1);
  EXPECT_EQ(Find(1), (std::set<std::uint32_t>{10, 12}));
  EXPECT_EQ(Find(2), (std::set<std::uint32_t>{11}));
  EXPECT_TRUE(Find(3).empty());
  Erase(10);
  EXPECT_EQ(Find(1), (std::set<std::uint32_t>{12}));
  Erase(12);
  EXPECT_TRUE(Find(1).empty());
  EXPECT_EQ(index_.size(), 1U);
}

TEST_F(ExactIndexTest, KeysOfOneHashStayApart) {
  hashes_ = 1;
  Insert(1, 100);
  Insert(2, 200);
  Insert(3, 200);
  EXPECT_EQ(Find(100), (std::set<std::uint32_t>{1}));
  EXPECT_EQ(Find(200), (std::set<std::uint32_t>{2, 3}));
  Erase(2);
  EXPECT_EQ(Find(200), (std::set<std::uint32_t>{3}));
  EXPECT_EQ(Find(100), (std::set<std::uint32_t>{1}));
}

TEST_F(ExactIndexTest, IsAMultimapUnderRandomOperations) {
  hashes_ = 7;  // many keys share a hash
  std::mt19937 random(4);
  std::map<int, std::set<std::uint32_t>> model;
  for (int i = 0; i < 50'000; ++i) {
    const std::uint32_t slot = random() % 200;
    if (const auto at = key_of_.find(slot); at != key_of_.end()) {
      model[at->second].erase(slot);
      Erase(slot);
    } else {
      // Key 0 grows large, others stay small.
      const int key = random() % 2 == 0 ? 0 : static_cast<int>(random() % 30);
      model[key].insert(slot);
      Insert(slot, key);
    }
    const int key = static_cast<int>(random() % 30);
    ASSERT_EQ(Find(key), model[key]);
  }
  while (!key_of_.empty()) Erase(key_of_.begin()->first);
  EXPECT_EQ(index_.size(), 0U);
}

TEST_F(ExactIndexTest, GrowsByBucketsAndFindsAllStill) {
  constexpr int kKeys = 20'000;
  hashes_ = 0xFFFF'FFFF;
  const auto key_of = [](int i) { return i * 100'003; };
  for (int i = 0; i != kKeys; ++i) Insert(static_cast<std::uint32_t>(i), key_of(i));
  EXPECT_EQ(index_.size(), std::size_t{kKeys});
  for (int i = 0; i != kKeys; ++i) {
    ASSERT_EQ(Find(key_of(i)), (std::set<std::uint32_t>{static_cast<std::uint32_t>(i)}));
  }
  // Six bytes are an entry's own.
  EXPECT_LT(blocks_.MemoryBytes() + index_.MemoryBytes(), kKeys * 10U);
}

TEST_F(ExactIndexTest, TakesAnyNumberOfKeysOfOneHash) {
  hashes_ = 1;
  for (int key = 0; key != 300; ++key) Insert(static_cast<std::uint32_t>(key), key);
  EXPECT_EQ(Find(250), (std::set<std::uint32_t>{250}));
  EXPECT_EQ(index_.size(), 300U);
  for (std::uint32_t slot = 0; slot != 300; ++slot) Erase(slot);
  EXPECT_EQ(index_.size(), 0U);
}

TEST(ExactIndexKeysTest, ARowMayHaveSeveralKeysOfOneHash) {
  // Of these two hashes the entries' 24 bits are the same.
  constexpr std::uint64_t kA = 1;
  constexpr std::uint64_t kB = 1 | std::uint64_t{1} << 40;
  const auto has_a = [](std::uint32_t slot) { return slot >= 4; };
  const auto has_b = [](std::uint32_t slot) { return slot <= 5; };
  const auto slots_of = [](const KeyRows& rows) {
    std::vector<std::uint32_t> slots(rows.loose().begin(), rows.loose().end());
    if (rows.set() != nullptr) {
      slots.resize(rows.size());
      rows.set()->CopyFrom(0, slots);
    }
    return std::set<std::uint32_t>(slots.begin(), slots.end());
  };
  using Slots = std::set<std::uint32_t>;
  ChunkPool pool;
  Blocks blocks(pool);
  ExactIndex index(blocks);
  for (std::uint32_t slot = 0; slot != 4; ++slot) index.Insert(kB, slot, has_b);
  index.Insert(kA, 4, has_a);
  EXPECT_EQ(slots_of(index.Find(kB, has_b)), (Slots{0, 1, 2, 3}));
  index.Insert(kB, 4, has_b);
  EXPECT_EQ(slots_of(index.Find(kB, has_b)), (Slots{0, 1, 2, 3, 4}));
  EXPECT_EQ(slots_of(index.Find(kA, has_a)), (Slots{4}));
  index.Insert(kB, 5, has_b);
  index.Insert(kA, 5, has_a);
  for (std::uint32_t slot = 6; slot != 12; ++slot) index.Insert(kA, slot, has_a);
  EXPECT_EQ(slots_of(index.Find(kA, has_a)), (Slots{4, 5, 6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(slots_of(index.Find(kB, has_b)), (Slots{0, 1, 2, 3, 4, 5}));
  for (std::uint32_t slot = 0; slot != 6; ++slot) index.Erase(kB, slot);
  EXPECT_EQ(index.Find(kB, has_b).size(), 0U);
  EXPECT_EQ(index.Find(kA, has_a).size(), 8U);
  for (std::uint32_t slot = 4; slot != 12; ++slot) index.Erase(kA, slot);
  EXPECT_EQ(index.size(), 0U);
}

TEST_F(ExactIndexTest, CountsTheBytesOfItsSetsAsTheyComeAndGo) {
  // Loose rows, a vector, and blocks with a bitmap.
  const std::vector<std::uint32_t> sizes = {1, 2, 20, 5'000};
  const auto insert_all = [&] {
    std::size_t bytes = 0;
    std::uint32_t slot = 0;
    for (const std::uint32_t size : sizes) {
      SlotSet set;
      for (std::uint32_t i = 0; i < size; ++i, ++slot) {
        Insert(slot, static_cast<int>(size));
        set.Insert(slot);
      }
      if (size > KeyRows::kMostLoose) bytes += set.MemoryBytes();
    }
    return bytes;
  };
  insert_all();
  while (!key_of_.empty()) Erase(key_of_.begin()->first);
  const std::size_t empty = index_.MemoryBytes();  // with the room that it keeps
  const std::size_t bytes = insert_all();
  EXPECT_GT(bytes, 5'000U);
  EXPECT_EQ(index_.MemoryBytes(), empty + bytes);
  while (!key_of_.empty()) Erase(key_of_.begin()->first);
  EXPECT_EQ(index_.MemoryBytes(), empty);
}

}  // namespace
}  // namespace muster::core
