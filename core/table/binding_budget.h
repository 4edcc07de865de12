#pragma once

#include <atomic>
#include <cstddef>

namespace muster::core {

/// Counts the bindings of all shards against Limits::max_bindings. Thread-safe.
class BindingBudget {
 public:
  explicit BindingBudget(std::size_t limit) : limit_(limit) {}

  /// Takes room for `count`, or nothing and gives false.
  bool TryTake(std::size_t count) {
    std::size_t taken = taken_.load(std::memory_order_relaxed);
    do {
      if (count > limit_ || taken > limit_ - count) return false;
    } while (!taken_.compare_exchange_weak(taken, taken + count, std::memory_order_relaxed));
    return true;
  }
  /// Takes room even where there is none.
  void Take(std::size_t count) { taken_.fetch_add(count, std::memory_order_relaxed); }
  void Give(std::size_t count) { taken_.fetch_sub(count, std::memory_order_relaxed); }

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> taken_{0};
};

}  // namespace muster::core
