#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "clients.h"
#include "muster/core/change_set.h"
#include "muster/core/commits.h"
#include "muster/core/location_service.h"

namespace muster::testing {

/// Commits whose batches have their outcome when the test says so, for a location service that
/// records from batch 1 on. Thread-safe, but for Take, Store and Lose.
class HeldCommits : public core::Commits {
 public:
  core::CommitOutcome OutcomeOf(core::BatchNumber batch) const override {
    std::unique_lock lock(mutex_);
    const core::CommitOutcome outcome = Outcome(batch);
    if (outcome == core::CommitOutcome::kPending && looks_left_ > 0 && --looks_left_ == 0) {
      const auto behind_the_look = std::exchange(behind_the_look_, nullptr);
      lock.unlock();
      behind_the_look();
    }
    return outcome;
  }

  core::CommitOutcome Wait(core::BatchNumber batch) override {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return batch <= settled_; });
    --waiting_;
    return Outcome(batch);
  }

  void Request() override {
    std::lock_guard lock(mutex_);
    ++requests_;
    changed_.notify_all();
  }

  void Subscribe(core::CommitListener& listener) override {
    std::lock_guard lock(listeners_mutex_);
    listeners_.push_back(&listener);
  }

  void Unsubscribe(core::CommitListener& listener) override {
    std::lock_guard lock(listeners_mutex_);
    std::erase(listeners_, &listener);
  }

  /// All batches up to `through` that have no outcome yet get this one.
  void Settle(core::BatchNumber through) { Settle(through, core::CommitOutcome::kDurable); }
  void Fail(core::BatchNumber through) { Settle(through, core::CommitOutcome::kFailed); }
  /// Everything that is, or ever will be: so that nobody waits when the test is over.
  void SettleAll() { Settle(kAll); }

  /// Ends the open batch of `location`, which stays without an outcome, and returns its number.
  core::BatchNumber Take(core::LocationService& location) {
    location.TakeChanges(++last_taken_, changes_);
    return last_taken_;
  }
  /// Ends it, and says that it is stored.
  void Store(core::LocationService& location) { Settle(Take(location)); }
  /// Ends it, says that it is not stored, and takes it back. The location service refuses changes
  /// from then on.
  void Lose(core::LocationService& location, absl::Time now) {
    Take(location);
    location.TakeBack(++last_taken_, changes_, now);
    Fail(last_taken_);
  }

  /// Runs `action` as soon as somebody has found a batch pending for the `looks`th time from now:
  /// what he found may be true no longer when he gets to know it.
  void AfterLooks(std::size_t looks, std::function<void()> action) {
    std::lock_guard lock(mutex_);
    looks_left_ = looks;
    behind_the_look_ = std::move(action);
  }

  /// How often there was something to commit.
  std::size_t requests() const {
    std::lock_guard lock(mutex_);
    return requests_;
  }
  /// Whether that comes to `count` in time.
  bool AwaitRequests(std::size_t count) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return requests_ >= count; });
  }
  /// Whether somebody comes to wait for a batch in time.
  bool AwaitWaiter() const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return waiting_ > 0; });
  }

 private:
  static constexpr core::BatchNumber kAll = ~core::BatchNumber{0};

  core::CommitOutcome Outcome(core::BatchNumber batch) const {
    if (batch > settled_) return core::CommitOutcome::kPending;
    const bool failed = std::ranges::any_of(failed_, [batch](const auto& range) {
      return range.first < batch && batch <= range.second;
    });
    return failed ? core::CommitOutcome::kFailed : core::CommitOutcome::kDurable;
  }

  void Settle(core::BatchNumber through, core::CommitOutcome outcome) {
    {
      std::lock_guard lock(mutex_);
      if (outcome == core::CommitOutcome::kFailed) failed_.emplace_back(settled_, through);
      settled_ = std::max(settled_, through);
      changed_.notify_all();
    }
    std::lock_guard lock(listeners_mutex_);
    for (core::CommitListener* const listener : listeners_) listener->OnSettled();
  }

  mutable std::mutex mutex_;  // guards what follows
  mutable std::condition_variable changed_;
  core::BatchNumber settled_ = 0;
  std::vector<std::pair<core::BatchNumber, core::BatchNumber>> failed_;  // behind, through
  std::size_t requests_ = 0;
  std::size_t waiting_ = 0;
  mutable std::size_t looks_left_ = 0;
  mutable std::function<void()> behind_the_look_;

  std::mutex listeners_mutex_;  // guards listeners_, and is held while they are called
  std::vector<core::CommitListener*> listeners_;

  // Of whoever takes batches.
  core::BatchNumber last_taken_ = 0;
  core::ChangeSet changes_;
};

}  // namespace muster::testing
