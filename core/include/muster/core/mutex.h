#pragma once

// std::mutex with the annotations by which clang checks who holds what. Not absl::Mutex: Debian's
// build of it is not known to ThreadSanitizer, which then reports everything that it guards.
//
// What it guards is held for some microseconds, less than a thread takes to fall asleep and wake:
// so whoever finds it locked looks again for a while first. A query, which takes a shard's lock
// slice by slice, would win it back before those see that it was free; it lets them go first.

#include <atomic>
#include <mutex>

#include "absl/base/thread_annotations.h"

namespace muster::core {

class ABSL_LOCKABLE Mutex {
 public:
  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() {
    if (!mutex_.try_lock()) LockAwaited();
  }
  /// Gives those who wait some microseconds to go first, and is not one of them for others.
  void LockPatiently() ABSL_EXCLUSIVE_LOCK_FUNCTION() {
    if (is_awaited()) GiveWay();
    if (!mutex_.try_lock()) LockUnnoticed();
  }
  /// Whether somebody waits, but for the patient.
  bool is_awaited() const { return awaiting_.load(std::memory_order_relaxed) != 0; }
  void Unlock() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }
  /// For the checks alone, where they cannot see it: in a callback.
  void AssertHeld() const ABSL_ASSERT_EXCLUSIVE_LOCK() {}

 private:
  void LockAwaited() ABSL_EXCLUSIVE_LOCK_FUNCTION();
  void LockUnnoticed() ABSL_EXCLUSIVE_LOCK_FUNCTION();
  void GiveWay() const;

  std::mutex mutex_;
  std::atomic<int> awaiting_{0};  // threads
};

class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : mutex_(mutex) {
    mutex_.Lock();
  }
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mutex_.Unlock(); }

  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

/// For what is done in many slices, and can wait: queries, the sweep.
class ABSL_SCOPED_LOCKABLE PatientLock {
 public:
  explicit PatientLock(Mutex& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : mutex_(mutex) {
    mutex_.LockPatiently();
  }
  ~PatientLock() ABSL_UNLOCK_FUNCTION() { mutex_.Unlock(); }

  PatientLock(const PatientLock&) = delete;
  PatientLock& operator=(const PatientLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace muster::core
