#pragma once

// Commits the changes of a location service to a journal, in batches, on a thread of its own; takes
// back what could not be stored; and has a snapshot written when the journal has grown.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "muster/core/clock.h"
#include "muster/core/commits.h"
#include "muster/core/journal.h"
#include "muster/core/limits.h"
#include "muster/core/location_service.h"

namespace muster::journal {

/// What it counts, for the metrics.
struct CommitterCounts {
  std::uint64_t batches = 0;
  std::uint64_t changes = 0;
  std::uint64_t failures = 0;   // batches, trials, snapshots and checkpoints that failed
  std::uint64_t snapshots = 0;  // whole ones
  double commit_seconds = 0;    // in all
  bool failing = false;         // changes are refused
};

/// A batch is what has come while the batch before was being stored. When one fails, all changes
/// made since are taken back with it, later ones are refused, and the journal is tried again every
/// Limits::journal_retry_interval; when it stores, changes are accepted again.
class Committer final : public core::Commits {
 public:
  /// All but the limits outlive it. Until Start, and without it, everything counts as durable.
  Committer(core::LocationService& location, const core::Clock& clock, const core::Limits& limits);
  /// Stops first.
  ~Committer() override;

  /// From now on the location service records, and all of it goes to `journal`, which outlives the
  /// committer. Once, before other threads change the location service.
  void Start(core::Journal& journal);
  /// Commits what there is and joins the thread. What is changed after it is never committed: let
  /// nobody change or wait any more.
  void Stop();

  core::CommitOutcome OutcomeOf(core::BatchNumber batch) const override;
  core::CommitOutcome Wait(core::BatchNumber batch) override;
  void Request() override;
  void Subscribe(core::CommitListener& listener) override;
  void Unsubscribe(core::CommitListener& listener) override;

  CommitterCounts counts() const;

 private:
  struct SnapshotWalk {
    core::RecordPosition position;
    bool copied = false;  // to its end
  };

  void Run();
  bool AwaitWork();
  void Gather();
  void CommitChanges();
  void Settle(core::BatchNumber through);
  void TakeBack(core::BatchNumber batch, const absl::Status& why);
  void TryAgain();
  void DoWorkThatCanWait();
  void AdvanceSnapshot();
  void FinishSnapshot();
  bool SnapshotIsDue() const;
  void NoteTrouble(std::string_view doing, const absl::Status& why);

  core::Journal* journal_ = nullptr;
  core::LocationService& location_;
  const core::Clock& clock_;
  const core::Limits limits_;

  // Of the committing thread.
  core::BatchNumber next_ = 0;
  core::ChangeSet changes_;
  std::optional<SnapshotWalk> walk_;
  std::string chunk_;
  bool must_flush_ = false;  // the journal holds something that waits for an Append
  bool may_tidy_ = true;
  bool tidies_next_ = false;                               // rather than to write on the snapshot
  std::chrono::steady_clock::time_point work_not_before_;  // that can wait, after it has failed

  std::atomic<core::BatchNumber> settled_{0};  // all up to this one have their outcome
  std::atomic<core::BatchNumber> last_failed_{0};
  std::atomic<std::size_t> requests_{0};  // since the last batch was taken

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::condition_variable settled_changed_;
  bool stopping_ = false;
  std::vector<std::pair<core::BatchNumber, core::BatchNumber>> failed_;  // from, to

  std::mutex listeners_mutex_;  // guards listeners_, and is held while they are called
  std::vector<core::CommitListener*> listeners_;

  std::atomic<std::uint64_t> batches_{0};
  std::atomic<std::uint64_t> changes_committed_{0};
  std::atomic<std::uint64_t> failures_{0};
  std::atomic<std::uint64_t> snapshots_{0};
  std::atomic<std::uint64_t> commit_ns_{0};
  std::atomic<bool> failing_{false};  // the committing thread alone sets it
  std::thread thread_;
};

}  // namespace muster::journal
