// Which batch a change, or what was seen of it, waits for; and what happens while the journal does
// not keep up.

#include <gtest/gtest.h>

#include <algorithm>

#include "muster/core/record_player.h"
#include "tests/core/added_bindings.h"
#include "tests/core/random_changes.h"

namespace muster::core {
namespace {

/// Sees, and changes nothing.
BatchNumber Fetch(LocationService& location, const std::string& aor, absl::Time now = kNow) {
  return location.Edit(AorOf(aor), now, [](Record&) {});
}

JournalState StateOf(LocationService& location, const std::string& aor) {
  JournalState state{};
  location.Edit(AorOf(aor), kNow, [&](Record& record) { state = record.journal_state(); });
  return state;
}

TEST(BatchOfAnEditTest, IsNoneWithoutAJournal) {
  LocationService location(Limits(), 1);
  EXPECT_EQ(Add(location, "a@example.com"), 0U);
  EXPECT_EQ(Fetch(location, "a@example.com"), 0U);
  location.StartRecording(7);
  EXPECT_EQ(Fetch(location, "a@example.com"), 0U);
}

TEST(BatchOfAnEditTest, IsTheOneThatWillTakeItsChanges) {
  LocationService location(Limits(), 1);
  location.StartRecording(7);
  EXPECT_EQ(Add(location, "a@example.com"), 7U);
  ChangeSet changes;
  location.TakeChanges(7, changes);
  EXPECT_EQ(changes.count, 1U);
  EXPECT_EQ(Add(location, "b@example.com"), 8U);
  location.TakeChanges(8, changes);
  EXPECT_EQ(changes.count, 1U);
  location.TakeChanges(9, changes);
  EXPECT_EQ(changes.count, 0U);
  EXPECT_EQ(changes.records, "");
  EXPECT_EQ(Add(location, "c@example.com"), 10U);
}

TEST(BatchOfAnEditTest, OfAFetchIsThatOfTheLastChangeItMayHaveSeen) {
  LocationService location(Limits(), 1);
  location.StartRecording(7);
  Add(location, "a@example.com");
  EXPECT_EQ(Fetch(location, "a@example.com"), 7U);
  EXPECT_EQ(Fetch(location, "other@example.com"), 7U);
  ChangeSet changes;
  location.TakeChanges(7, changes);
  EXPECT_EQ(Fetch(location, "a@example.com"), 7U);
  location.TakeChanges(8, changes);
  EXPECT_EQ(Fetch(location, "a@example.com"), 7U);
}

TEST(BatchOfAnEditTest, IsOfItsOwnShard) {
  LocationService location(Limits(), 16);
  location.StartRecording(7);
  Add(location, "a@example.com");
  std::size_t waiting = 0;
  for (int i = 0; i < 400; ++i) waiting += Fetch(location, AorText(i)) == 7 ? 1 : 0;
  EXPECT_GT(waiting, 0U);
  EXPECT_LT(waiting, 100U);
}

TEST(BatchOfAnEditTest, IsNoFailedOne) {
  LocationService location(Limits(), 1);
  location.StartRecording(7);
  Add(location, "a@example.com");
  ChangeSet changes;
  location.TakeChanges(7, changes);
  EXPECT_EQ(Add(location, "b@example.com"), 8U);
  location.TakeBack(8, changes, kNow);
  EXPECT_EQ(Fetch(location, "a@example.com"), 0U);
  EXPECT_EQ(location.Count(BindingFilter::All(), kNow), 0U);
  location.AcceptChanges();
  EXPECT_EQ(Fetch(location, "a@example.com"), 0U);
  EXPECT_EQ(Add(location, "a@example.com"), 9U);
}

TEST(BatchOfAnEditTest, ARemovalTellsTheLastOneOfItsChanges) {
  LocationService location(Limits(), 16);
  for (int i = 0; i < 100; ++i) Add(location, AorText(i));
  location.StartRecording(7);
  KeptInMemory commits;
  const Removal removal = location.Remove(BindingFilter::All(), kNow, commits);
  EXPECT_EQ(removal.batch, 7U);
  EXPECT_EQ(removal.removed, 100U);
  EXPECT_TRUE(removal.complete);
  ChangeSet changes;
  location.TakeChanges(7, changes);
  EXPECT_EQ(changes.count, 200U);
}

/// Each edit's changes are in the batch that it names, and in none before.
TEST(BatchOfAnEditTest, HoldsWhatWasSeen) {
  LocationService location(Limits(), 4);
  location.StartRecording(1);
  RandomChanges random(location, 5);
  const auto played = std::make_unique<LocationService>(Limits(), 4);
  RecordPlayer player(*played);
  ChangeSet changes;
  BatchNumber next = 1;
  for (int i = 0; i < 300; ++i) {
    const std::size_t before = location.Count(BindingFilter::All(), random.now());
    random.Change();
    const BatchNumber batch = random.batch();
    ASSERT_LE(batch, next);
    if (location.Count(BindingFilter::All(), random.now()) > before) {
      ASSERT_EQ(batch, next);
    }
    if (random.OneIn(5)) {
      location.TakeChanges(next++, changes);
      ASSERT_TRUE(player.Play(changes.records, random.now(), {}).ok());
      ASSERT_EQ(ListAll(*played, random.now()), ListAll(location, random.now()));
    }
  }
}

TEST(UncommittedBytesTest, BeyondThemTheJournalIsBehind) {
  Limits limits;
  limits.max_uncommitted_bytes = 10'000;
  LocationService location(limits, 1);
  location.StartRecording(1);
  int added = 0;
  for (; StateOf(location, "a@example.com") == JournalState::kOpen && added < 1'000; ++added) {
    Add(location, AorText(added));
  }
  EXPECT_EQ(StateOf(location, "a@example.com"), JournalState::kBehind);
  EXPECT_GT(added, 10);
  ChangeSet changes;
  location.TakeChanges(1, changes);
  EXPECT_EQ(StateOf(location, "a@example.com"), JournalState::kOpen);
  EXPECT_EQ(changes.count, static_cast<std::size_t>(added));
  EXPECT_GT(changes.shards[0].records.size() + changes.shards[0].take_back.size(), 10'000U);
  EXPECT_LT(changes.shards[0].records.size() + changes.shards[0].take_back.size(), 11'000U);
}

/// What takes a removal back is many times what is stored of it.
TEST(UncommittedBytesTest, CountWhatTakesChangesBack) {
  Limits limits;
  limits.max_uncommitted_bytes = 100'000;
  LocationService location(limits, 1);
  for (int i = 0; i < 100; ++i) {
    OwnedBinding binding = BindingOf(AorText(i), absl::Hours(1));
    binding.path.assign(4'000, 'p');
    location.Edit(AorOf(binding.aor), kNow, [&](Record& record) { record.Add(binding.View()); });
  }
  location.StartRecording(1);
  int removed = 0;
  for (; StateOf(location, AorText(0)) == JournalState::kOpen && removed < 100; ++removed) {
    location.Edit(AorOf(AorText(removed)), kNow, [&](Record& record) { record.Remove(0); });
  }
  EXPECT_GT(removed, 20);
  EXPECT_LT(removed, 30);
}

/// Stores in the caller's Wait.
class StoresWhenWaitedFor final : public Commits {
 public:
  explicit StoresWhenWaitedFor(LocationService& location) : location_(location) {}

  CommitOutcome OutcomeOf(BatchNumber) const override { return CommitOutcome::kDurable; }
  CommitOutcome Wait(BatchNumber batch) override {
    ++waits_;
    while (next_ <= batch || fails_at_ == waits_) {
      location_.TakeChanges(next_++, changes_);
      std::size_t bytes = 0;
      for (const ShardChanges& shard : changes_.shards) {
        bytes += shard.records.size() + shard.take_back.size();
      }
      most_bytes_ = std::max(most_bytes_, bytes);
      stored_ += changes_.records;
      if (fails_at_ == waits_) {
        fails_at_ = 0;
        location_.TakeBack(next_++, changes_, kNow);
        failed_from_ = next_ - 2;
        if (accepts_again_) location_.AcceptChanges();
      }
    }
    const bool failed = failed_from_ != 0 && (batch == failed_from_ || batch == failed_from_ + 1);
    return failed ? CommitOutcome::kFailed : CommitOutcome::kDurable;
  }
  void Request() override { ++requests_; }
  void Subscribe(CommitListener&) override {}
  void Unsubscribe(CommitListener&) override {}

  /// The batch that is waited for; or, when it is stored already, the next one.
  void FailAtWait(int wait) { fails_at_ = wait; }
  void AcceptAgain() { accepts_again_ = true; }
  int waits() const { return waits_; }
  int requests() const { return requests_; }
  std::size_t most_bytes() const { return most_bytes_; }
  const std::string& stored() const { return stored_; }

 private:
  LocationService& location_;
  ChangeSet changes_;
  BatchNumber next_ = 1;
  BatchNumber failed_from_ = 0;
  int fails_at_ = 0;
  bool accepts_again_ = false;
  int waits_ = 0;
  int requests_ = 0;
  std::size_t most_bytes_ = 0;
  std::string stored_;
};

class BigRemovalTest : public testing::Test {
 protected:
  static constexpr int kRows = 20'000;
  static constexpr std::size_t kShards = 4;
  static constexpr std::size_t kMaxBytes = 200'000;

  BigRemovalTest() : location_(MakeLimits(), kShards), commits_(location_) {
    for (int i = 0; i < kRows; ++i) Add(location_, AorText(i));
    location_.StartRecording(1);
  }

  static Limits MakeLimits() {
    Limits limits;
    limits.max_uncommitted_bytes = kMaxBytes;
    limits.rows_per_slice = 16;
    return limits;
  }

  LocationService location_;
  StoresWhenWaitedFor commits_;
};

TEST_F(BigRemovalTest, WaitsForTheJournal) {
  const Removal removal = location_.Remove(BindingFilter::All(), kNow, commits_);
  EXPECT_EQ(removal.removed, static_cast<std::size_t>(kRows));
  EXPECT_TRUE(removal.complete);
  EXPECT_EQ(commits_.Wait(removal.batch), CommitOutcome::kDurable);
  EXPECT_GT(commits_.requests(), 0);
  EXPECT_GT(commits_.waits(), 20);
  constexpr std::size_t kSliceBytes = 16 * 1'000;
  EXPECT_LE(commits_.most_bytes(), kMaxBytes + kShards * kSliceBytes);
  EXPECT_EQ(location_.Count(BindingFilter::All(), kNow), 0U);

  LocationService played(Limits(), 4);
  for (int i = 0; i < kRows; ++i) Add(played, AorText(i));
  EXPECT_TRUE(RecordPlayer(played).Play(commits_.stored(), kNow, {}).ok());
  EXPECT_EQ(played.Count(BindingFilter::All(), kNow), 0U);
}

TEST_F(BigRemovalTest, StopsWhereTheJournalFails) {
  commits_.FailAtWait(5);
  const Removal removal = location_.Remove(BindingFilter::All(), kNow, commits_);
  EXPECT_FALSE(removal.complete);
  EXPECT_LT(removal.removed, static_cast<std::size_t>(kRows));
  EXPECT_GT(location_.Count(BindingFilter::All(), kNow), kRows - removal.removed);
  EXPECT_EQ(StateOf(location_, AorText(0)), JournalState::kFailing);
}

/// What was removed before is there again: the removal is not whole, whatever comes later.
TEST_F(BigRemovalTest, StopsWhereTheJournalHasFailedMeanwhile) {
  commits_.FailAtWait(5);
  commits_.AcceptAgain();
  const Removal removal = location_.Remove(BindingFilter::All(), kNow, commits_);
  EXPECT_FALSE(removal.complete);
  EXPECT_EQ(commits_.waits(), 5);
  EXPECT_EQ(StateOf(location_, AorText(0)), JournalState::kOpen);
}

/// In the 6th wait all of the batch before is stored already, and a slice of the next one is there.
TEST_F(BigRemovalTest, StopsWhereABatchHasFailedThatItDidNotWaitFor) {
  commits_.FailAtWait(6);
  commits_.AcceptAgain();
  const Removal removal = location_.Remove(BindingFilter::All(), kNow, commits_);
  EXPECT_FALSE(removal.complete);
  EXPECT_EQ(commits_.waits(), 7);
}

// Below: what random changes meet too seldom.

/// A binding that a failed refresh would have ended sooner is there to its old end, though it was
/// swept meanwhile.
TEST(TakeBackTest, BringsBackWhatARefreshLetExpire) {
  LocationService location(Limits(), 1);
  Add(location, "a@example.com");
  location.StartRecording(1);
  location.Edit(AorOf("a@example.com"), kNow, [](Record& record) {
    Binding binding = record.at(0);
    binding.expires_at = kNow + absl::Seconds(1);
    record.Replace(0, binding);
  });
  ChangeSet changes;
  location.TakeChanges(1, changes);
  const absl::Time later = kNow + absl::Seconds(2);
  EXPECT_EQ(location.Sweep(later), 1U);
  location.TakeBack(2, changes, later);
  BindingPage page;
  location.Lookup(AorOf("a@example.com"), later, page);
  ASSERT_EQ(page.size(), 1U);
  EXPECT_EQ(OwnedBinding(page[0]), BindingOf("a@example.com", absl::Hours(1)));
}

/// Of two tombstones that become one, the higher CSeq outlives its own end, after a restart too.
TEST(TombstoneRecordTest, SaysWhatTheTombstoneHasBecome) {
  LocationService location(Limits(), 1);
  OwnedBinding brief = BindingOf("a@example.com", absl::Seconds(10));
  brief.cseq = 100;
  OwnedBinding lasting = BindingOf("a@example.com", absl::Seconds(50));
  lasting.cseq = 5;
  const Aor aor = AorOf("a@example.com");
  location.Edit(aor, kNow, [&](Record& record) {
    record.Add(brief.View());
    record.Add(lasting.View());
  });
  location.StartRecording(1);
  Remove(location, BindingFilter::All(), kNow);
  ChangeSet changes;
  location.TakeChanges(1, changes);

  const absl::Time later = kNow + absl::Seconds(30);
  LocationService played(Limits(), 1);
  ASSERT_TRUE(RecordPlayer(played).Play(changes.records, later, {}).ok());
  for (LocationService* const each : {&location, &played}) {
    each->Edit(aor, later,
               [&](Record& record) { EXPECT_EQ(record.TombstoneCSeq(brief.call_id), 100U); });
  }
}

}  // namespace
}  // namespace muster::core
