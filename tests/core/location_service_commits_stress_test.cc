// Edits and removals under threads while batches of them are stored, or fail, and snapshots are
// copied: the batch that Edit names holds what it did and what it saw, and what is stored is what
// is held. To be run under ThreadSanitizer, too.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "muster/core/record_player.h"
#include "tests/core/random_changes.h"

namespace muster::core {
namespace {

constexpr std::uint32_t kWriters = 2;
constexpr std::uint32_t kAorsOfWriter = 8;
constexpr int kRounds = 400;  // and as many batches at least
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Limits SmallSlices() {
  Limits limits;
  limits.rows_per_slice = 4;
  return limits;
}

std::string WrittenAor(std::uint32_t i) { return absl::StrCat("written", i, "@example.com"); }

/// Batches and snapshots, as a journal keeps them; some batches fail. For one thread.
class Storage {
 public:
  Storage(LocationService& location, std::uint32_t seed) : location_(location), random_(seed) {
    location_.StartRecording(next_);
  }

  void CommitOne() {
    const BatchNumber batch = next_++;
    location_.TakeChanges(batch, changes_);
    if (random_() % 7 == 0) return Fail(batch);
    batches_.push_back(changes_.records);
    if (walk_ && walk_->copied) {
      snapshot_ = std::move(walk_);
      walk_.reset();
      ++snapshots_;
    } else if (random_() % 2 == 0) {
      CopyOne();
    }
  }
  /// When there are no other threads any more.
  void CommitLast() {
    location_.TakeChanges(next_++, changes_);
    batches_.push_back(changes_.records);
  }

  bool HasFailed(BatchNumber batch) const { return failed_.contains(batch); }
  std::size_t failures() const { return failed_.size(); }
  std::size_t snapshots() const { return snapshots_; }

  void PlayAll(LocationService& location, absl::Time now) const {
    RecordPlayer player(location);
    for (const std::string& batch : batches_) EXPECT_TRUE(player.Play(batch, now, {}).ok());
  }
  /// The last snapshot, and what came since its beginning.
  void PlaySnapshot(LocationService& location, absl::Time now) const {
    RecordPlayer player(location);
    EXPECT_TRUE(player.Play(snapshot_->records, now, {}).ok());
    for (std::size_t i = snapshot_->next_batch; i < batches_.size(); ++i) {
      EXPECT_TRUE(player.Play(batches_[i], now, {}).ok());
    }
  }

 private:
  struct Snapshot {
    std::size_t next_batch = 0;  // of batches_
    RecordPosition position;
    std::string records;
    bool copied = false;
  };

  void Fail(BatchNumber batch) {
    const BatchNumber last = next_++;
    location_.TakeBack(last, changes_, kNow);
    failed_.insert({batch, last});
    walk_.reset();
    location_.AcceptChanges();
  }

  void CopyOne() {
    if (!walk_) walk_.emplace().next_batch = batches_.size();
    std::string chunk;
    walk_->copied = !location_.CopyRecords(kNow, 3'000, walk_->position, chunk);
    walk_->records += chunk;
  }

  LocationService& location_;
  std::mt19937 random_;
  BatchNumber next_ = 1;
  ChangeSet changes_;
  std::vector<std::string> batches_;
  std::set<BatchNumber> failed_;
  std::optional<Snapshot> walk_;
  std::optional<Snapshot> snapshot_;
  std::size_t snapshots_ = 0;
};

/// Edits AoRs of its own, each time with a higher CSeq, and looks at those of all writers.
class Writer {
 public:
  struct Seen {
    std::uint32_t cseq;
    BatchNumber batch;  // that Edit named
  };

  Writer(LocationService& location, std::uint32_t index)
      : location_(location), index_(index), random_(100 + index) {}

  void Write() {
    const std::string text = WrittenAor(index_ * kAorsOfWriter + random_() % kAorsOfWriter);
    cseq_ += kWriters;
    bool written = false;
    const BatchNumber batch = location_.Edit(AorOf(text), kNow, [&](Record& record) {
      if (record.journal_state() != JournalState::kOpen) return;
      OwnedBinding binding = OwnedBinding::Of(text);
      binding.expires_at = kNow + absl::Hours(10);
      binding.cseq = cseq_;
      binding.path.assign(random_() % 3, 'p');
      record.size() == 0 ? record.Add(binding.View()) : record.Replace(0, binding.View());
      written = true;
    });
    if (written) writes_[text].push_back({cseq_, batch});
  }

  void Look() {
    const std::string text = WrittenAor(random_() % (kAorsOfWriter * kWriters));
    std::uint32_t cseq = 0;
    const BatchNumber batch = location_.Edit(AorOf(text), kNow, [&](Record& record) {
      if (record.size() > 0) cseq = record.at(0).cseq;
    });
    if (cseq != 0) looks_.push_back({cseq, batch});
  }

  /// By AoR, in order.
  const std::map<std::string, std::vector<Seen>>& writes() const { return writes_; }
  const std::vector<Seen>& looks() const { return looks_; }

 private:
  LocationService& location_;
  const std::uint32_t index_;
  std::mt19937 random_;
  std::uint32_t cseq_ = index_ + 1;
  std::map<std::string, std::vector<Seen>> writes_;
  std::vector<Seen> looks_;
};

class CommitsUnderThreads : public testing::TestWithParam<std::uint32_t> {
 protected:
  CommitsUnderThreads() : storage_(location_, GetParam()) {
    for (std::uint32_t i = 0; i < kWriters; ++i) writers_.emplace_back(location_, i);
    for (std::uint32_t i = 0; i < 2; ++i) {
      random_.emplace_back(location_, GetParam() * 10 + i).KeepToOwnAors();
    }
  }

  void RunAll() {
    std::atomic<std::size_t> running = writers_.size() + random_.size();
    // Neither side runs away from the other. Relaxed: what they say must not order what the threads
    // do to the table.
    std::atomic<int> commits = 0;
    std::atomic<int> rounds = 0;
    const auto keep_pace = [&](const auto& work) {
      for (int round = 0; round < kRounds; ++round) {
        for (int i = 0; i < 30; ++i) work(i);
        rounds.fetch_add(1, std::memory_order_relaxed);
        while (commits.load(std::memory_order_relaxed) < round) std::this_thread::yield();
      }
      --running;
    };
    std::vector<std::thread> threads;
    for (Writer& writer : writers_) {
      threads.emplace_back(
          [&] { keep_pace([&](int i) { i % 3 == 0 ? writer.Look() : writer.Write(); }); });
    }
    for (RandomChanges& random : random_) {
      threads.emplace_back([&] { keep_pace([&](int) { random.Step(); }); });
    }
    while (running > 0) {
      if (rounds.load(std::memory_order_relaxed) < commits.load(std::memory_order_relaxed)) {
        std::this_thread::yield();
        continue;
      }
      storage_.CommitOne();
      commits.fetch_add(1, std::memory_order_relaxed);
    }
    for (std::thread& thread : threads) thread.join();
    storage_.CommitLast();
  }

  absl::Time End() const { return std::max(random_[0].now(), random_[1].now()); }

  static std::uint32_t CSeqOf(LocationService& location, const std::string& aor) {
    BindingPage page;
    location.Lookup(AorOf(aor), kNow, page);
    return page.size() == 1 ? page[0].cseq : 0;
  }

  void ExpectSame(LocationService& other) {
    EXPECT_EQ(ListAll(other, End()), ListAll(location_, End()));
    for (std::uint32_t i = 0; i < kWriters * kAorsOfWriter; ++i) {
      EXPECT_EQ(CSeqOf(other, WrittenAor(i)), CSeqOf(location_, WrittenAor(i)));
    }
  }

  LocationService location_{SmallSlices(), 4};
  Storage storage_;
  std::vector<Writer> writers_;
  std::vector<RandomChanges> random_;
};

TEST_P(CommitsUnderThreads, WhatIsStoredIsWhatIsHeld) {
  RunAll();
  EXPECT_GT(storage_.failures(), 0U);
  LocationService played(Limits(), 8);
  storage_.PlayAll(played, End());
  ExpectSame(played);
  ASSERT_GT(storage_.snapshots(), 0U);
  LocationService played_from_snapshot(Limits(), 8);
  storage_.PlaySnapshot(played_from_snapshot, End());
  ExpectSame(played_from_snapshot);
}

TEST_P(CommitsUnderThreads, BatchesHoldWhatWasDoneAndSeen) {
  RunAll();
  std::map<std::uint32_t, BatchNumber> batch_of;  // by CSeq
  for (const Writer& writer : writers_) {
    for (const auto& [aor, writes] : writer.writes()) {
      std::uint32_t last_kept = 0;
      for (const Writer::Seen& write : writes) {
        batch_of[write.cseq] = write.batch;
        if (!storage_.HasFailed(write.batch)) last_kept = write.cseq;
      }
      EXPECT_EQ(CSeqOf(location_, aor), last_kept) << aor;
    }
  }
  std::size_t looks = 0;
  for (const Writer& writer : writers_) {
    for (const Writer::Seen& look : writer.looks()) {
      if (storage_.HasFailed(look.batch)) continue;
      ++looks;
      ASSERT_TRUE(batch_of.contains(look.cseq));
      EXPECT_FALSE(storage_.HasFailed(batch_of[look.cseq]))
          << look.cseq << " was told of with batch " << look.batch;
    }
  }
  EXPECT_GT(looks, 0U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, CommitsUnderThreads, testing::Range(1U, 4U),
                         [](const auto& seed) { return "Seed" + std::to_string(seed.param); });

}  // namespace
}  // namespace muster::core
