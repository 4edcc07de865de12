#include "table/blocks.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <vector>

namespace muster::core {
namespace {

class BlocksTest : public testing::Test {
 protected:
  ChunkPool pool_;
  Blocks blocks_{pool_};
};

TEST_F(BlocksTest, BlocksAreApartAndKeepTheirBytes) {
  struct Block {
    std::size_t bytes;
    char letter;
  };
  std::map<char*, Block> taken;
  std::mt19937 random(7);
  for (int i = 0; i != 50'000; ++i) {
    const bool growing = i / 10'000 % 2 == 0;
    if (random() % 10 < (growing ? 7U : 3U)) {
      const std::size_t bytes = 1 + random() % (Blocks::kMostBytes + 20);
      char* const block = static_cast<char*>(blocks_.Take(bytes));
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block) % 8, 0U);
      const char letter = static_cast<char>(random());
      std::memset(block, letter, bytes);
      ASSERT_TRUE(taken.emplace(block, Block{bytes, letter}).second);
    } else if (!taken.empty()) {
      auto at = taken.lower_bound(std::next(taken.begin(), random() % taken.size() / 8)->first);
      const auto& [block, is] = *at;
      ASSERT_EQ(std::string_view(block, is.bytes), std::string(is.bytes, is.letter));
      Blocks::Free(block, is.bytes);
      taken.erase(at);
    }
  }
  const char* end = nullptr;
  for (const auto& [block, is] : taken) {
    ASSERT_GE(block, end);
    ASSERT_EQ(std::string_view(block, is.bytes), std::string(is.bytes, is.letter));
    end = block + is.bytes;
  }
  for (const auto& [block, is] : taken) Blocks::Free(block, is.bytes);
  EXPECT_EQ(blocks_.MemoryBytes(), 0U);
}

TEST_F(BlocksTest, ABlockCostsLittleMoreThanItsBytes) {
  std::vector<void*> taken;
  for (int i = 0; i != 10'000; ++i) taken.push_back(blocks_.Take(193));
  EXPECT_LT(blocks_.MemoryBytes(), 10'000U * 205U);
  for (void* const block : taken) Blocks::Free(block, 193);
}

TEST_F(BlocksTest, WhatChangesItsSizeLeavesNothingBehind) {
  std::vector<void*> taken;
  for (int i = 0; i != 10'000; ++i) taken.push_back(blocks_.Take(192));
  const std::size_t before = blocks_.MemoryBytes();
  for (void*& block : taken) {
    Blocks::Free(block, 192);
    block = blocks_.Take(200);
  }
  EXPECT_LT(blocks_.MemoryBytes(), before * 11 / 10);
  for (void* const block : taken) Blocks::Free(block, 200);
  EXPECT_EQ(blocks_.MemoryBytes(), 0U);
}

TEST_F(BlocksTest, AFreedBlockIsUsedAgain) {
  void* const kept = blocks_.Take(100);
  void* const block = blocks_.Take(100);
  Blocks::Free(block, 100);
  EXPECT_EQ(blocks_.Take(97), block);
  Blocks::Free(block, 97);
  Blocks::Free(kept, 100);
}

}  // namespace
}  // namespace muster::core
