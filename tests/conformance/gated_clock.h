#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

#include "absl/time/time.h"
#include "muster/core/clock.h"

namespace muster::testing {

/// Stands at Wed, 20 Nov 2024 12:00:00 GMT until it is moved. It can also hold whoever asks it for
/// the time, so that a test stops a server in the midst of a message. Thread-safe.
class GatedClock : public core::Clock {
 public:
  absl::Time Now() const override {
    std::unique_lock lock(mutex_);
    ++calls_;
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    --waiting_;
    return now_;
  }

  void Advance(absl::Duration by) {
    std::lock_guard lock(mutex_);
    now_ += by;
  }

  void Hold() {
    std::lock_guard lock(mutex_);
    held_ = true;
  }
  void Release() {
    std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  /// Returns once somebody waits for the time; only while held.
  void WaitForCaller() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }

  /// How often it has been asked.
  std::size_t calls() const {
    std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  absl::Time now_ = absl::FromUnixSeconds(1'732'104'000);
  bool held_ = false;
  mutable std::size_t waiting_ = 0;
  mutable std::size_t calls_ = 0;
};

}  // namespace muster::testing
