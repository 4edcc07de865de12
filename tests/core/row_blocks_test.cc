#include "table/row_blocks.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <vector>

namespace muster::core {
namespace {

TEST(RowBlocksTest, BlocksAreApartAndKeepTheirBytes) {
  struct Block {
    std::size_t bytes;
    char letter;
  };
  RowBlocks blocks;
  std::map<char*, Block> taken;
  std::mt19937 random(7);
  for (int i = 0; i != 50'000; ++i) {
    const bool growing = i / 10'000 % 2 == 0;
    if (random() % 10 < (growing ? 7U : 3U)) {
      const std::size_t bytes = 1 + random() % (RowBlocks::kMostBytes + 20);
      char* const block = static_cast<char*>(blocks.Take(bytes));
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block) % 8, 0U);
      const char letter = static_cast<char>(random());
      std::memset(block, letter, bytes);
      ASSERT_TRUE(taken.emplace(block, Block{bytes, letter}).second);
    } else if (!taken.empty()) {
      auto at = taken.lower_bound(std::next(taken.begin(), random() % taken.size() / 8)->first);
      const auto& [block, is] = *at;
      ASSERT_EQ(std::string_view(block, is.bytes), std::string(is.bytes, is.letter));
      RowBlocks::Free(block, is.bytes);
      taken.erase(at);
    }
  }
  const char* end = nullptr;
  for (const auto& [block, is] : taken) {
    ASSERT_GE(block, end);
    ASSERT_EQ(std::string_view(block, is.bytes), std::string(is.bytes, is.letter));
    end = block + is.bytes;
  }
  for (const auto& [block, is] : taken) RowBlocks::Free(block, is.bytes);
  EXPECT_EQ(blocks.MemoryBytes(), 0U);
}

TEST(RowBlocksTest, ABlockCostsLittleMoreThanItsBytes) {
  RowBlocks blocks;
  std::vector<void*> taken;
  for (int i = 0; i != 10'000; ++i) taken.push_back(blocks.Take(193));
  EXPECT_LT(blocks.MemoryBytes(), 10'000U * 205U);
  for (void* const block : taken) RowBlocks::Free(block, 193);
}

TEST(RowBlocksTest, WhatChangesItsSizeLeavesNothingBehind) {
  RowBlocks blocks;
  std::vector<void*> taken;
  for (int i = 0; i != 10'000; ++i) taken.push_back(blocks.Take(192));
  const std::size_t before = blocks.MemoryBytes();
  for (void*& block : taken) {
    RowBlocks::Free(block, 192);
    block = blocks.Take(200);
  }
  EXPECT_LT(blocks.MemoryBytes(), before * 11 / 10);
  for (void* const block : taken) RowBlocks::Free(block, 200);
  EXPECT_EQ(blocks.MemoryBytes(), 0U);
}

TEST(RowBlocksTest, AFreedBlockIsUsedAgain) {
  RowBlocks blocks;
  void* const kept = blocks.Take(100);
  void* const block = blocks.Take(100);
  RowBlocks::Free(block, 100);
  EXPECT_EQ(blocks.Take(97), block);
  RowBlocks::Free(block, 97);
  RowBlocks::Free(kept, 100);
}

}  // namespace
}  // namespace muster::core
