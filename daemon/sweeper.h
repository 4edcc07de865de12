#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "muster/core/clock.h"
#include "muster/core/location_service.h"

namespace muster::daemon {

/// A thread that frees expired bindings every second.
class Sweeper {
 public:
  /// Both outlive it. Begins at once.
  Sweeper(core::LocationService& location, const core::Clock& clock);
  ~Sweeper();

 private:
  void Run();

  core::LocationService& location_;
  const core::Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace muster::daemon
