#include "table/chunk_pool.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <string_view>
#include <thread>
#include <vector>

namespace muster::core {
namespace {

TEST(ChunkPoolTest, ChunksAreAlignedAndApart) {
  constexpr int kChunks = 5'000;  // of more than one span
  ChunkPool pool;
  std::set<char*> taken;
  for (int i = 0; i != kChunks; ++i) {
    char* const chunk = static_cast<char*>(pool.Take());
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(chunk) % ChunkPool::kChunkBytes, 0U);
    std::memset(chunk, i % 127, ChunkPool::kChunkBytes);
    ASSERT_TRUE(taken.insert(chunk).second);
  }
  for (char* const chunk : taken) {
    const std::string_view bytes(chunk, ChunkPool::kChunkBytes);
    ASSERT_EQ(bytes.find_first_not_of(bytes.front()), std::string_view::npos);
    pool.Give(chunk);
  }
}

TEST(ChunkPoolTest, WhatWasGivenBackIsTakenAgain) {
  ChunkPool pool;
  void* const first = pool.Take();
  void* const second = pool.Take();
  pool.Give(first);
  EXPECT_EQ(pool.Take(), first);
  pool.Give(first);
  pool.Give(second);
}

TEST(ChunkPoolTest, ManyThreadsMayTakeAndGive) {
  ChunkPool pool;
  std::vector<std::thread> threads;
  for (int t = 0; t != 4; ++t) {
    threads.emplace_back([&pool, t] {
      std::vector<int*> taken;
      for (int i = 0; i != 1'000; ++i) {
        if (i % 3 == 2) {
          EXPECT_EQ(*taken.back(), t);  // nobody else has had it
          pool.Give(taken.back());
          taken.pop_back();
        } else {
          taken.push_back(static_cast<int*>(pool.Take()));
          *taken.back() = t;
        }
      }
      for (int* const chunk : taken) {
        EXPECT_EQ(*chunk, t);
        pool.Give(chunk);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace muster::core
