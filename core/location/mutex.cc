#include "muster/core/mutex.h"

namespace muster::core {
namespace {

/// Some ten microseconds of looking: as long as a slice is held, and as long as it takes to wake.
constexpr int kLooks = 512;

void Pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace

void Mutex::LockAwaited() {
  awaiting_.fetch_add(1, std::memory_order_relaxed);
  LockUnnoticed();
  awaiting_.fetch_sub(1, std::memory_order_relaxed);
}

void Mutex::LockUnnoticed() {
  for (int i = 0; i != kLooks; ++i) {
    Pause();
    if (mutex_.try_lock()) return;
  }
  mutex_.lock();
}

void Mutex::GiveWay() const {
  for (int i = 0; i != kLooks && is_awaited(); ++i) Pause();
}

}  // namespace muster::core
