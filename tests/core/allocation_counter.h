#pragma once

#include <cstddef>

namespace muster::core {

/// Counts what this thread allocates with new while it lives. One at a time on a thread.
class AllocationCounter {
 public:
  AllocationCounter();
  std::size_t count() const;

 private:
  std::size_t begin_;
};

}  // namespace muster::core
