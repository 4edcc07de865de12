#pragma once

#include <atomic>
#include <cstdint>

#include "muster/core/clock.h"

namespace muster::http::testing {

/// Stands at 2024-11-20 12:00:00 UTC until it is moved.
class ManualClock : public core::Clock {
 public:
  absl::Time Now() const override {
    return absl::FromUnixMillis(milliseconds_.load(std::memory_order_relaxed));
  }
  void Advance(absl::Duration by) { milliseconds_ += absl::ToInt64Milliseconds(by); }

 private:
  std::atomic<std::int64_t> milliseconds_{1'732'104'000'000};
};

}  // namespace muster::http::testing
