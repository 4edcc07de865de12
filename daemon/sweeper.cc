#include "daemon/sweeper.h"

#include <chrono>

namespace muster::daemon {

Sweeper::Sweeper(core::LocationService& location, const core::Clock& clock)
    : location_(location), clock_(clock), thread_([this] { Run(); }) {}

Sweeper::~Sweeper() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Sweeper::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) {
    lock.unlock();
    location_.Sweep(clock_.Now());
    lock.lock();
  }
}

}  // namespace muster::daemon
