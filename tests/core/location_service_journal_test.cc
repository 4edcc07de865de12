// What the location service writes down, played, is what it holds; what is taken back has never
// been. Random changes against a second location service that plays what was stored.

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "muster/core/record_player.h"
#include "tests/core/random_changes.h"

namespace muster::core {
namespace {

using Lines = std::vector<std::string>;

/// With servers of its own, so that ids differ from those of the records.
std::unique_ptr<LocationService> Fresh() {
  auto location = std::make_unique<LocationService>(Limits(), 8);
  for (std::uint32_t n = 100; n < 103; ++n) {
    location->servers().Add({.node_id = n, .node_name = "other", .address = "10.8.8.8"});
  }
  return location;
}

void Play(const Lines& batches, LocationService& location, absl::Time now,
          RecordPlayer::Share share = {}) {
  RecordPlayer player(location);
  for (const std::string& batch : batches) {
    EXPECT_TRUE(player.Play(batch, now, share).ok());
  }
}

std::unique_ptr<LocationService> Played(const Lines& batches, absl::Time now) {
  auto location = Fresh();
  Play(batches, *location, now);
  return location;
}

/// By `of` threads, each its share.
std::unique_ptr<LocationService> PlayedInShares(const Lines& batches, absl::Time now,
                                                std::size_t of) {
  auto location = Fresh();
  std::vector<std::thread> threads;
  for (std::size_t index = 0; index < of; ++index) {
    threads.emplace_back([&, index] { Play(batches, *location, now, {index, of}); });
  }
  for (std::thread& thread : threads) thread.join();
  return location;
}

class JournaledChangesTest : public testing::TestWithParam<std::uint32_t> {
 protected:
  static constexpr std::size_t kRowsPerSlice = 3;

  JournaledChangesTest() : location_(SmallSlices(), 4), random_(location_, GetParam()) {}

  static Limits SmallSlices() {
    Limits limits;
    limits.rows_per_slice = kRowsPerSlice;
    return limits;
  }

  /// Takes what there is as the next batch.
  void Take() { location_.TakeChanges(next_++, changes_); }
  void TakeAndStore() {
    Take();
    stored_.push_back(changes_.records);
  }
  void Fail() { location_.TakeBack(next_++, changes_, random_.now()); }

  /// Now, and when some of it has expired.
  void ExpectSame(LocationService& other) {
    for (const int seconds : {0, 1, 3, 10, 30, 3'610, 3'700}) {
      SCOPED_TRACE(seconds);
      const absl::Time then = random_.now() + absl::Seconds(seconds);
      ASSERT_EQ(ListAll(other, then), ListAll(location_, then));
    }
  }

  void ExpectRefusal() {
    location_.Edit(AorOf("u1@example.com"), random_.now(), [](Record& record) {
      EXPECT_EQ(record.journal_state(), JournalState::kFailing);
    });
    KeptInMemory commits;
    const Removal removal = location_.Remove(BindingFilter::All(), random_.now(), commits);
    EXPECT_FALSE(removal.complete);
    EXPECT_EQ(removal.removed, 0U);
    random_.Steps(random_.Below(5));
    TakeAndStore();  // at most servers
    EXPECT_EQ(changes_.count, 0U);
  }

  LocationService location_;
  RandomChanges random_;
  BatchNumber next_ = 1;
  ChangeSet changes_;
  Lines stored_;
};

TEST_P(JournaledChangesTest, PlayedAreWhatIsHeld) {
  location_.StartRecording(next_);
  std::size_t count = 0;
  for (int i = 0; i < 60; ++i) {
    random_.Steps(random_.Below(60));
    TakeAndStore();
    count += changes_.count;
  }
  ASSERT_GT(count, 1'000U);
  const auto once = Played(stored_, random_.now());
  const auto in_shares = PlayedInShares(stored_, random_.now(), 3);
  const auto twice = Played(stored_, random_.now());
  Play(stored_, *twice, random_.now());
  const Lines expected = ListAll(location_, random_.now());
  EXPECT_EQ(ListAll(*once, random_.now()), expected);
  EXPECT_EQ(ListAll(*in_shares, random_.now()), expected);
  EXPECT_EQ(ListAll(*twice, random_.now()), expected);
  ExpectSame(*once);
}

TEST_P(JournaledChangesTest, PlayedAtAnyTimeAreWhatIsHeldThen) {
  location_.StartRecording(next_);
  for (int i = 0; i < 40; ++i) {
    random_.Steps(random_.Below(60));
    TakeAndStore();
    const auto played = Played(stored_, random_.now());
    ASSERT_EQ(ListAll(*played, random_.now()), ListAll(location_, random_.now()));
  }
}

TEST_P(JournaledChangesTest, APlayerGoesOnWhereItWasPlayedTo) {
  location_.StartRecording(next_);
  const auto follower = Fresh();
  RecordPlayer player(*follower);
  for (int i = 0; i < 40; ++i) {
    random_.Steps(random_.Below(60));
    TakeAndStore();
    ASSERT_TRUE(player.Play(stored_.back(), random_.now(), {}).ok());
    ASSERT_EQ(ListAll(*follower, random_.now()), ListAll(location_, random_.now()));
  }
}

TEST_P(JournaledChangesTest, TakenBackHaveNeverBeen) {
  location_.StartRecording(next_);
  for (int i = 0; i < 40; ++i) {
    random_.Steps(random_.Below(40));
    TakeAndStore();
    const Lines before = ListAll(location_, random_.now());

    for (std::uint32_t changes = random_.Below(40); changes > 0; --changes) random_.Change();
    Take();
    for (std::uint32_t changes = random_.Below(40); changes > 0; --changes) random_.Change();
    Fail();
    ASSERT_EQ(ListAll(location_, random_.now()), before);
    ExpectRefusal();
    ASSERT_EQ(ListAll(location_, random_.now()),
              ListAll(*Played(stored_, random_.now()), random_.now()));
    location_.AcceptChanges();
  }
  TakeAndStore();
  ExpectSame(*Played(stored_, random_.now()));
}

TEST_P(JournaledChangesTest, TakenBackLateLeaveWhatIsStored) {
  location_.StartRecording(next_);
  for (int i = 0; i < 80; ++i) {
    random_.Steps(random_.Below(40));
    if (!random_.OneIn(3)) {
      TakeAndStore();
      continue;
    }
    Take();
    random_.Steps(random_.Below(40));  // time passes: bindings expire, and are swept
    Fail();
    location_.AcceptChanges();
    ASSERT_EQ(ListAll(location_, random_.now()),
              ListAll(*Played(stored_, random_.now()), random_.now()));
  }
  TakeAndStore();
  ExpectSame(*Played(stored_, random_.now()));
}

TEST_P(JournaledChangesTest, ASnapshotAndTheBatchesSinceItsBeginningAreWhatIsHeld) {
  location_.StartRecording(next_);
  for (int i = 0; i < 6; ++i) {
    random_.Steps(300);
    Take();  // stored, and superfluous by the snapshot
    random_.Steps(random_.Below(20));

    stored_.clear();
    Lines chunks;
    RecordPosition position;
    for (bool more = true; more;) {
      std::string& chunk = chunks.emplace_back();
      more = location_.CopyRecords(random_.now(), 1 + random_.Below(1'000), position, chunk);
      ASSERT_LT(chunks.size(), 10'000U) << "the walk has no end";
      random_.Steps(random_.Below(10));
      if (random_.OneIn(3)) TakeAndStore();
    }
    TakeAndStore();

    const auto played = Fresh();
    RecordPlayer player(*played);
    ASSERT_TRUE(player.PlayServers(chunks.front()).ok());
    std::ranges::shuffle(chunks, random_.random());
    for (const std::string& chunk : chunks) {
      ASSERT_TRUE(player.Play(chunk, random_.now(), {}).ok());
    }
    for (const std::string& batch : stored_) {
      ASSERT_TRUE(player.Play(batch, random_.now(), {}).ok());
    }
    ASSERT_EQ(ListAll(*played, random_.now()), ListAll(location_, random_.now()));
  }
}

TEST_P(JournaledChangesTest, ASnapshotAloneIsWhatIsHeld) {
  random_.Steps(500);
  std::string all;
  RecordPosition position;
  EXPECT_FALSE(location_.CopyRecords(random_.now(), std::size_t{1} << 30, position, all));
  ExpectSame(*Played({all}, random_.now()));
}

INSTANTIATE_TEST_SUITE_P(Seeds, JournaledChangesTest, testing::Range(1U, 9U),
                         [](const auto& seed) { return "Seed" + std::to_string(seed.param); });

}  // namespace
}  // namespace muster::core
