#include "muster/core/mutex.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace muster::core {
namespace {

TEST(MutexTest, KeepsAllOthersOut) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 20'000;
  Mutex mutex;
  int count = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t != kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i != kRounds; ++i) {
        if (t % 2 == 0) {
          MutexLock lock(mutex);
          ++count;
        } else {
          PatientLock lock(mutex);
          ++count;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count, kThreads * kRounds);
  EXPECT_FALSE(mutex.is_awaited());
}

TEST(MutexTest, SaysThatSomebodyWaits) {
  Mutex mutex;
  std::thread waiting;
  {
    MutexLock lock(mutex);
    EXPECT_FALSE(mutex.is_awaited());
    waiting = std::thread([&mutex] { MutexLock waits(mutex); });
    while (!mutex.is_awaited()) std::this_thread::yield();
  }
  waiting.join();
  EXPECT_FALSE(mutex.is_awaited());
}

}  // namespace
}  // namespace muster::core
