#include "muster/journal/committer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/core/owned_binding.h"

namespace muster::journal {
namespace {

using core::BatchNumber;
using core::CommitOutcome;

const absl::Time kNow = absl::FromUnixSeconds(1'795'270'000);

class StandingClock : public core::Clock {
 public:
  absl::Time Now() const override { return kNow; }
};

/// Appends when the test lets it, and fails when the test wants it to.
class GatedJournal : public core::Journal {
 public:
  absl::Status Append(BatchNumber number, std::string_view records) override {
    std::unique_lock lock(mutex_);
    appending_ = number;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
    if (!status_.ok()) return status_;
    if (!records.empty()) batches_.emplace_back(number, records);
    return absl::OkStatus();
  }
  absl::Status BeginSnapshot(BatchNumber next) override {
    std::lock_guard lock(mutex_);
    calls_.push_back(absl::StrCat("begin ", next));
    return absl::OkStatus();
  }
  absl::Status AppendToSnapshot(std::string_view) override {
    std::lock_guard lock(mutex_);
    calls_.emplace_back("chunk");
    return absl::OkStatus();
  }
  absl::Status FinishSnapshot() override {
    std::lock_guard lock(mutex_);
    calls_.push_back(absl::StrCat("finish after ", batches_.back().first));
    tail_bytes_ = 0;
    changed_.notify_all();
    return absl::OkStatus();
  }
  absl::StatusOr<bool> Tidy() override { return false; }
  BatchNumber next_batch() const override { return 1; }
  std::uint64_t tail_bytes() const override {
    std::lock_guard lock(mutex_);
    return tail_bytes_;
  }
  std::uint64_t snapshot_bytes() const override { return 0; }
  std::uint64_t disk_bytes() const override { return 0; }
  absl::StatusOr<std::unique_ptr<core::JournalReader>> OpenReader() override {
    return absl::UnimplementedError("");
  }

  void Open(bool open) {
    Change([&] { open_ = open; });
  }
  void Answer(absl::Status status) {
    Change([&] { status_ = std::move(status); });
  }
  void set_tail_bytes(std::uint64_t bytes) {
    Change([&] { tail_bytes_ = bytes; });
  }
  /// Until a batch is being appended.
  BatchNumber AwaitAppend() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return appending_ != 0; });
    return std::exchange(appending_, 0);
  }
  std::vector<std::string> AwaitCalls(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return calls_.size() >= count; });
    return calls_;
  }
  std::size_t stored() const {
    std::lock_guard lock(mutex_);
    return batches_.size();
  }

 private:
  template <typename Edit>
  void Change(const Edit& edit) {
    std::lock_guard lock(mutex_);
    edit();
    changed_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  absl::Status status_;
  BatchNumber appending_ = 0;
  std::uint64_t tail_bytes_ = 0;
  std::vector<std::pair<BatchNumber, std::string>> batches_;
  std::vector<std::string> calls_;
};

class CountingListener : public core::CommitListener {
 public:
  void OnSettled() override { ++count; }
  std::atomic<int> count{0};
};

class CommitterTest : public ::testing::Test {
 protected:
  ~CommitterTest() override { journal_.Open(true); }

  static core::Limits LimitsOfTest() {
    core::Limits limits;
    limits.journal_retry_interval = absl::Milliseconds(1);
    return limits;
  }

  BatchNumber Add(const std::string& aor) {
    core::OwnedBinding binding = core::OwnedBinding::Of(aor);
    binding.expires_at = kNow + absl::Hours(1);
    const BatchNumber batch = location_.Edit(core::AorOf(aor), kNow, [&](core::Record& record) {
      if (record.journal_state() == core::JournalState::kOpen) record.Add(binding.View());
    });
    committer_.Request();
    return batch;
  }
  std::size_t Count() const { return location_.Count(core::BindingFilter::All(), kNow); }
  core::JournalState State() {
    core::JournalState state{};
    location_.Edit(core::AorOf("state@example.com"), kNow,
                   [&](core::Record& record) { state = record.journal_state(); });
    return state;
  }

  StandingClock clock_;
  GatedJournal journal_;
  core::LocationService location_{core::Limits{}};
  Committer committer_{location_, clock_, LimitsOfTest()};
};

TEST_F(CommitterTest, WithoutAJournalEverythingIsDurableAtOnce) {
  EXPECT_EQ(Add("a@example.com"), 0U);
  EXPECT_EQ(committer_.OutcomeOf(0), CommitOutcome::kDurable);
  EXPECT_EQ(committer_.Wait(0), CommitOutcome::kDurable);
}

TEST_F(CommitterTest, AChangeIsPendingUntilItsBatchIsStored) {
  journal_.Open(false);
  committer_.Start(journal_);
  const BatchNumber batch = Add("a@example.com");
  EXPECT_EQ(journal_.AwaitAppend(), batch);
  EXPECT_EQ(committer_.OutcomeOf(batch), CommitOutcome::kPending);
  const BatchNumber next = Add("b@example.com");
  EXPECT_GT(next, batch) << "what comes during a commit goes into the next batch";
  journal_.Open(true);
  EXPECT_EQ(committer_.Wait(batch), CommitOutcome::kDurable);
  EXPECT_EQ(committer_.Wait(next), CommitOutcome::kDurable);
  EXPECT_EQ(journal_.stored(), 2U);
  EXPECT_EQ(committer_.counts().changes, 2U);
}

TEST_F(CommitterTest, ListenersAreToldUntilTheyLeave) {
  CountingListener listener;
  committer_.Subscribe(listener);
  committer_.Start(journal_);
  committer_.Wait(Add("a@example.com"));
  committer_.Wait(Add("b@example.com"));
  committer_.Unsubscribe(listener);
  const int told = listener.count;
  EXPECT_GE(told, 1);
  committer_.Wait(Add("c@example.com"));
  EXPECT_EQ(listener.count, told);
}

TEST_F(CommitterTest, AFailureTakesBackItsBatchAndAllThatCameSince) {
  committer_.Start(journal_);
  ASSERT_EQ(committer_.Wait(Add("kept@example.com")), CommitOutcome::kDurable);

  journal_.Open(false);
  const BatchNumber failing = Add("first@example.com");
  while (journal_.AwaitAppend() != failing) {
  }
  const BatchNumber with_it = Add("second@example.com");
  EXPECT_EQ(Count(), 3U);
  journal_.Answer(absl::UnavailableError("no disk"));
  journal_.Open(true);
  EXPECT_EQ(committer_.Wait(failing), CommitOutcome::kFailed);
  EXPECT_EQ(committer_.Wait(with_it), CommitOutcome::kFailed);
  EXPECT_EQ(Count(), 1U);
  EXPECT_TRUE(committer_.counts().failing);
  EXPECT_GE(committer_.counts().failures, 1U);
  EXPECT_EQ(State(), core::JournalState::kFailing);
}

TEST_F(CommitterTest, AcceptsChangesAgainOnceTheJournalDoes) {
  committer_.Start(journal_);
  journal_.Answer(absl::UnavailableError("no disk"));
  const BatchNumber failed = Add("a@example.com");
  ASSERT_EQ(committer_.Wait(failed), CommitOutcome::kFailed);
  Add("refused@example.com");
  EXPECT_EQ(Count(), 0U);
  journal_.Answer(absl::OkStatus());
  while (State() != core::JournalState::kOpen)
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  const BatchNumber batch = Add("b@example.com");
  EXPECT_GT(batch, failed);
  EXPECT_EQ(committer_.Wait(batch), CommitOutcome::kDurable);
  EXPECT_EQ(committer_.OutcomeOf(failed), CommitOutcome::kFailed) << "for those who ask late";
  EXPECT_EQ(Count(), 1U);
  EXPECT_FALSE(committer_.counts().failing);
}

TEST_F(CommitterTest, RemembersManyFailures) {
  committer_.Start(journal_);
  std::vector<BatchNumber> failed;
  std::vector<BatchNumber> stored;
  for (int i = 0; i < 40; ++i) {
    journal_.Answer(absl::UnavailableError("no disk"));
    failed.push_back(Add(absl::StrCat("failed", i, "@example.com")));
    ASSERT_EQ(committer_.Wait(failed.back()), CommitOutcome::kFailed);
    journal_.Answer(absl::OkStatus());
    while (State() != core::JournalState::kOpen)
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    stored.push_back(Add(absl::StrCat("stored", i, "@example.com")));
    ASSERT_EQ(committer_.Wait(stored.back()), CommitOutcome::kDurable);
  }
  for (const BatchNumber batch : failed) {
    EXPECT_EQ(committer_.OutcomeOf(batch), CommitOutcome::kFailed);
  }
  for (const BatchNumber batch : stored) {
    EXPECT_EQ(committer_.OutcomeOf(batch), CommitOutcome::kDurable);
  }
}

TEST_F(CommitterTest, AStopStoresWhatThereIs) {
  committer_.Start(journal_);
  for (int i = 0; i < 100; ++i) Add(absl::StrCat("user", i, "@example.com"));
  const BatchNumber last = Add("last@example.com");
  committer_.Stop();
  EXPECT_EQ(committer_.OutcomeOf(last), CommitOutcome::kDurable);
}

TEST_F(CommitterTest, ASnapshotEndsBehindTheBatchesThatWereOpenMeanwhile) {
  committer_.Start(journal_);
  ASSERT_EQ(committer_.Wait(Add("a@example.com")), CommitOutcome::kDurable);
  journal_.set_tail_bytes(std::uint64_t{1} << 30);
  Add("b@example.com");
  const auto calls = journal_.AwaitCalls(3);
  // With or without the second batch, but all that was taken since it began stands before its end.
  int next = 0;
  int last = 0;
  ASSERT_EQ(std::sscanf(calls[0].c_str(), "begin %d", &next), 1);
  EXPECT_EQ(calls[1], "chunk");
  ASSERT_EQ(std::sscanf(calls[2].c_str(), "finish after %d", &last), 1);
  EXPECT_GE(last, next - 1);
  while (committer_.counts().snapshots == 0)
    std::this_thread::sleep_for(std::chrono::microseconds(50));
}

TEST_F(CommitterTest, AFailureDropsTheSnapshotUnderWay) {
  committer_.Start(journal_);
  ASSERT_EQ(committer_.Wait(Add("a@example.com")), CommitOutcome::kDurable);
  journal_.Open(false);
  journal_.set_tail_bytes(std::uint64_t{1} << 30);
  const BatchNumber batch = Add("b@example.com");
  journal_.AwaitAppend();
  journal_.Answer(absl::UnavailableError("no disk"));
  journal_.Open(true);
  ASSERT_EQ(committer_.Wait(batch), CommitOutcome::kFailed);
  EXPECT_EQ(committer_.counts().snapshots, 0U);
  journal_.Answer(absl::OkStatus());
  while (State() != core::JournalState::kOpen)
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  Add("c@example.com");
  while (committer_.counts().snapshots == 0)
    std::this_thread::sleep_for(std::chrono::microseconds(50));
}

}  // namespace
}  // namespace muster::journal
