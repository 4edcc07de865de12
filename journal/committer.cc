#include "muster/journal/committer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "spdlog/spdlog.h"

namespace muster::journal {
namespace {

using core::BatchNumber;
using core::CommitOutcome;
using Steady = std::chrono::steady_clock;

/// More outages than anybody waits through.
constexpr std::size_t kRememberedFailures = 64;
/// The batch before had so many changes: there is load.
constexpr std::size_t kBusyChanges = 32;
/// Enough to be committed at once, some 700 changes: a UDP worker requests once for up to
/// Limits::kUdpBatch changes.
constexpr std::size_t kManyRequests = 12;

std::string Text(const absl::Status& status) { return std::string(status.message()); }

}  // namespace

Committer::Committer(core::LocationService& location, const core::Clock& clock,
                     const core::Limits& limits)
    : location_(location), clock_(clock), limits_(limits) {}

Committer::~Committer() { Stop(); }

void Committer::Start(core::Journal& journal) {
  journal_ = &journal;
  next_ = journal.next_batch();
  settled_ = next_ - 1;
  location_.StartRecording(next_);
  thread_ = std::thread([this] { Run(); });
}

void Committer::Stop() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

CommitOutcome Committer::OutcomeOf(BatchNumber batch) const {
  if (batch > settled_.load()) return CommitOutcome::kPending;
  if (batch == 0 || batch > last_failed_.load()) return CommitOutcome::kDurable;
  std::lock_guard lock(mutex_);
  const bool failed = std::ranges::any_of(failed_, [batch](const auto& range) {
    return range.first <= batch && batch <= range.second;
  });
  return failed ? CommitOutcome::kFailed : CommitOutcome::kDurable;
}

CommitOutcome Committer::Wait(BatchNumber batch) {
  {
    std::unique_lock lock(mutex_);
    settled_changed_.wait(lock, [&] { return batch <= settled_.load(); });
  }
  return OutcomeOf(batch);
}

void Committer::Request() {
  const std::size_t before = requests_.fetch_add(1);
  if (before != 0 && before + 1 != kManyRequests) return;
  // Under the lock, so that it does not come between the thread's last look and its sleep.
  { std::lock_guard lock(mutex_); }
  wake_.notify_one();
}

void Committer::Subscribe(core::CommitListener& listener) {
  std::lock_guard lock(listeners_mutex_);
  listeners_.push_back(&listener);
}

void Committer::Unsubscribe(core::CommitListener& listener) {
  std::lock_guard lock(listeners_mutex_);
  std::erase(listeners_, &listener);
}

CommitterCounts Committer::counts() const {
  return {.batches = batches_,
          .changes = changes_committed_,
          .failures = failures_,
          .snapshots = snapshots_,
          .commit_seconds = static_cast<double>(commit_ns_) / 1e9,
          .failing = failing_};
}

void Committer::Run() {
  while (AwaitWork()) {
    if (failing_) {
      TryAgain();
      continue;
    }
    if (changes_.count >= kBusyChanges) Gather();
    CommitChanges();
    if (!failing_) DoWorkThatCanWait();
  }
  if (!failing_) CommitChanges();
}

/// False when it is time to stop.
bool Committer::AwaitWork() {
  std::unique_lock lock(mutex_);
  const auto retry = absl::ToChronoNanoseconds(limits_.journal_retry_interval);
  if (failing_) {
    wake_.wait_for(lock, retry, [&] { return stopping_; });
  } else if (walk_ || may_tidy_ || must_flush_) {
    wake_.wait_until(lock, work_not_before_, [&] { return stopping_ || requests_ > 0; });
  } else {
    wake_.wait(lock, [&] { return stopping_ || requests_ > 0; });
  }
  return !stopping_;
}

/// Under load a commit is worth more when it waits a little: syncing and waking cost the same for
/// few changes as for many.
void Committer::Gather() {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, absl::ToChronoNanoseconds(limits_.commit_gather_time),
                 [&] { return stopping_ || requests_ >= kManyRequests; });
}

void Committer::CommitChanges() {
  requests_ = 0;
  const BatchNumber batch = next_++;
  location_.TakeChanges(batch, changes_);
  if (changes_.records.empty() && !must_flush_) return Settle(batch);
  const auto begin = Steady::now();
  if (absl::Status status = journal_->Append(batch, changes_.records); !status.ok()) {
    return TakeBack(batch, status);
  }
  const auto elapsed = Steady::now() - begin;
  must_flush_ = false;
  may_tidy_ = true;
  ++batches_;
  changes_committed_ += changes_.count;
  commit_ns_ += static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count());
  Settle(batch);
  if (walk_ && walk_->copied) FinishSnapshot();
}

void Committer::Settle(BatchNumber through) {
  {
    std::lock_guard lock(mutex_);
    settled_ = through;
  }
  settled_changed_.notify_all();
  std::lock_guard lock(listeners_mutex_);
  for (core::CommitListener* const listener : listeners_) listener->OnSettled();
}

void Committer::TakeBack(BatchNumber batch, const absl::Status& why) {
  const BatchNumber last = next_++;
  spdlog::error(
      "journal: {} changes could not be stored and are undone, later ones are refused: {}",
      changes_.count, Text(why));
  ++failures_;
  failing_ = true;
  walk_.reset();
  must_flush_ = false;
  location_.TakeBack(last, changes_, clock_.Now());
  {
    std::lock_guard lock(mutex_);
    if (failed_.size() == kRememberedFailures) failed_.erase(failed_.begin());
    failed_.emplace_back(batch, last);
    last_failed_ = last;
  }
  Settle(last);
}

void Committer::TryAgain() {
  if (absl::Status status = journal_->Append(next_, {}); !status.ok()) {
    ++failures_;
    return;
  }
  failing_ = false;
  location_.AcceptChanges();
  spdlog::warn("journal: changes can be stored again");
}

/// A piece of it after each batch: in turn of the snapshot, if there is one under way, and of the
/// rest, which keeps the files from growing meanwhile.
void Committer::DoWorkThatCanWait() {
  if (Steady::now() < work_not_before_) return;
  tidies_next_ = !tidies_next_;
  if (walk_ && !tidies_next_) return AdvanceSnapshot();
  if (!walk_ && SnapshotIsDue()) {
    if (absl::Status status = journal_->BeginSnapshot(next_); !status.ok()) {
      return NoteTrouble("beginning a snapshot", status);
    }
    walk_.emplace();
    return;
  }
  const auto more = journal_->Tidy();
  if (!more.ok()) return NoteTrouble("tidying up", more.status());
  may_tidy_ = *more;
  must_flush_ |= *more;
}

void Committer::AdvanceSnapshot() {
  if (walk_->copied) return;
  chunk_.clear();
  walk_->copied =
      !location_.CopyRecords(clock_.Now(), limits_.journal_chunk_bytes, walk_->position, chunk_);
  must_flush_ = true;
  if (chunk_.empty()) return;
  if (absl::Status status = journal_->AppendToSnapshot(chunk_); !status.ok()) {
    walk_.reset();
    NoteTrouble("writing a snapshot", status);
  }
}

/// All batches that were open during the walk are stored by now.
void Committer::FinishSnapshot() {
  walk_.reset();
  if (absl::Status status = journal_->FinishSnapshot(); !status.ok()) {
    return NoteTrouble("finishing a snapshot", status);
  }
  ++snapshots_;
  spdlog::debug("journal: snapshot of {} bytes written", journal_->snapshot_bytes());
}

bool Committer::SnapshotIsDue() const {
  return journal_->tail_bytes() >
         std::max<std::uint64_t>(limits_.min_journal_tail_bytes, journal_->snapshot_bytes() / 2);
}

void Committer::NoteTrouble(std::string_view doing, const absl::Status& why) {
  spdlog::error("journal: {} failed, and will be tried again: {}", doing, Text(why));
  ++failures_;
  work_not_before_ = Steady::now() + absl::ToChronoNanoseconds(limits_.journal_retry_interval);
}

}  // namespace muster::journal
