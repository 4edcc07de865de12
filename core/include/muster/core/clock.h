#pragma once

#include "absl/time/time.h"

namespace muster::core {

/// Where the time comes from. core never reads the wall clock itself: the daemon brings the
/// system's clock, tests bring one that they move. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

}  // namespace muster::core
