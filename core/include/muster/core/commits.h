#pragma once

// Whether a change is as durable as was promised. Changes are committed in batches; whoever made
// one, or saw one that is not committed yet, waits for its batch before telling anybody.

#include <atomic>
#include <cstdint>
#include <vector>

#include "muster/core/mutex.h"

namespace muster::core {

/// Batches are numbered in the order of their commits, from 1. 0 = nothing to wait for.
using BatchNumber = std::uint64_t;

enum class CommitOutcome : std::uint8_t {
  kPending,
  kDurable,
  kFailed,  // the change is undone
};

/// Is told that batches have got their outcome.
class CommitListener {
 public:
  virtual ~CommitListener() = default;
  /// On the committing thread: wakes somebody up, and no more.
  virtual void OnSettled() = 0;
};

/// Thread-safe.
class Commits {
 public:
  virtual ~Commits() = default;
  /// Takes no lock as long as no commit has ever failed.
  virtual CommitOutcome OutcomeOf(BatchNumber batch) const = 0;
  /// Blocks until the batch has its outcome.
  virtual CommitOutcome Wait(BatchNumber batch) = 0;
  /// There are changes to commit: to be called after making some, once for many.
  virtual void Request() = 0;
  /// The listener stays until it is removed; Unsubscribe returns when it is not being called.
  virtual void Subscribe(CommitListener& listener) = 0;
  virtual void Unsubscribe(CommitListener& listener) = 0;
};

/// Where nothing is kept, everything is at once as durable as was promised.
class KeptInMemory final : public Commits {
 public:
  CommitOutcome OutcomeOf(BatchNumber) const override { return CommitOutcome::kDurable; }
  CommitOutcome Wait(BatchNumber) override { return CommitOutcome::kDurable; }
  void Request() override {}
  void Subscribe(CommitListener&) override {}
  void Unsubscribe(CommitListener&) override {}
};

}  // namespace muster::core
