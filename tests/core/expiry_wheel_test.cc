#include "table/expiry_wheel.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace muster::core {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

class ExpiryWheelTest : public testing::Test {
 protected:
  std::uint32_t Add(std::int64_t expires_ns) {
    RowPtr row = Row::Make("a@x", Binding(), blocks_);
    row->expires_ns = expires_ns;
    const std::uint32_t slot = slots_.Add(std::move(row));
    wheel_.Link(slot, now_ns_);
    return slot;
  }
  void Move(std::uint32_t slot, std::int64_t expires_ns) {
    slots_[slot].expires_ns = expires_ns;
    wheel_.Moved(slot, now_ns_);
  }
  void Remove(std::uint32_t slot) {
    wheel_.Unlink(slot);
    slots_.Release(slot);
  }
  std::set<std::uint32_t> Sweep(std::size_t rows_per_slice = 3) {
    std::set<std::uint32_t> gone;
    ExpiryWheel::Place place;
    for (bool done = false; !done; ++slices_) {
      std::size_t budget = rows_per_slice;
      done = wheel_.SweepSlice(now_ns_, budget, place, [&](std::uint32_t slot) {
        Remove(slot);
        gone.insert(slot);
      });
    }
    return gone;
  }

  ChunkPool pool_;
  Blocks blocks_{pool_};
  Slots slots_{pool_};
  ExpiryWheel wheel_{slots_};
  std::int64_t now_ns_ = 1'000'000 * kSecond;
  int slices_ = 0;
};

TEST_F(ExpiryWheelTest, ExpiresToTheNanosecond) {
  const std::uint32_t early = Add(now_ns_ + kSecond / 2);
  const std::uint32_t late = Add(now_ns_ + kSecond / 2 + 1);
  now_ns_ += kSecond / 2 - 1;
  EXPECT_TRUE(Sweep().empty());
  now_ns_ += 1;
  EXPECT_EQ(Sweep(), (std::set<std::uint32_t>{early}));
  now_ns_ += 1;
  EXPECT_EQ(Sweep(), (std::set<std::uint32_t>{late}));
}

TEST_F(ExpiryWheelTest, FollowsARefresh) {
  const std::uint32_t slot = Add(now_ns_ + 10 * kSecond);
  now_ns_ += 5 * kSecond;
  Move(slot, now_ns_ + 10 * kSecond);
  now_ns_ += 9 * kSecond;
  EXPECT_TRUE(Sweep().empty());
  now_ns_ += kSecond;
  EXPECT_EQ(Sweep().size(), 1U);
}

TEST_F(ExpiryWheelTest, FollowsAnExpiryThatComesNearer) {
  const std::uint32_t slot = Add(now_ns_ + 3'600 * kSecond);
  EXPECT_TRUE(Sweep().empty());
  Move(slot, now_ns_ + kSecond);
  now_ns_ += kSecond;
  EXPECT_EQ(Sweep().size(), 1U);
}

TEST_F(ExpiryWheelTest, HoldsWhatIsBeyondATurn) {
  Add(now_ns_ + 100'000 * kSecond);
  for (int i = 0; i < 99; ++i) {
    now_ns_ += 1'000 * kSecond;
    EXPECT_TRUE(Sweep().empty());
  }
  now_ns_ += 1'000 * kSecond;
  EXPECT_EQ(Sweep().size(), 1U);
}

TEST_F(ExpiryWheelTest, APauseOfYearsIsOneTurn) {
  for (int i = 0; i < 100; ++i) Add(now_ns_ + i * 100 * kSecond);
  const std::uint32_t stays = Add(std::numeric_limits<std::int64_t>::max());
  now_ns_ += 1'000'000'000 * kSecond;
  EXPECT_EQ(Sweep().size(), 100U);
  EXPECT_LT(slices_, 50);
  EXPECT_NE(slots_.Find(stays), nullptr);
}

TEST_F(ExpiryWheelTest, TimeMayGoBack) {
  Add(now_ns_ + 10 * kSecond);
  now_ns_ += 5 * kSecond;
  EXPECT_TRUE(Sweep().empty());
  now_ns_ -= 50'000 * kSecond;
  EXPECT_TRUE(Sweep().empty());
  Add(now_ns_ + 2 * kSecond);
  now_ns_ += 2 * kSecond;
  EXPECT_EQ(Sweep().size(), 1U);
  now_ns_ += 50'003 * kSecond;
  EXPECT_EQ(Sweep().size(), 1U);
}

TEST_F(ExpiryWheelTest, TimesBefore1970Work) {
  now_ns_ = -100 * kSecond;
  Add(now_ns_ + kSecond / 2);
  EXPECT_TRUE(Sweep().empty());
  now_ns_ += kSecond / 2;
  EXPECT_EQ(Sweep().size(), 1U);
}

TEST_F(ExpiryWheelTest, MissesNothingUnderRandomOperations) {
  std::mt19937_64 random(5);
  std::set<std::uint32_t> live;
  for (int i = 0; i < 60'000; ++i) {
    const auto in = [&](std::int64_t seconds) {
      return now_ns_ +
             static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(seconds * kSecond));
    };
    const std::int64_t expires_ns = in(random() % 10 == 0 ? 30'000 : 20) + 1;
    switch (random() % 4) {
      case 0:
      case 1:
        live.insert(Add(expires_ns));
        break;
      case 2:
        if (!live.empty()) Move(*live.begin(), expires_ns);
        break;
      case 3: {
        const bool jumps = random() % 200 == 0;
        now_ns_ = in(jumps ? 20'000 : 2);
        if (random() % 300 == 0) now_ns_ -= 5'000 * kSecond;
        std::set<std::uint32_t> expected;
        for (const std::uint32_t slot : live) {
          if (slots_[slot].expires_ns <= now_ns_) expected.insert(slot);
        }
        ASSERT_EQ(Sweep(1 + random() % 5), expected);
        for (const std::uint32_t slot : expected) live.erase(slot);
        break;
      }
    }
  }
}

}  // namespace
}  // namespace muster::core
