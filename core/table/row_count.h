#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace muster::core {

/// How many rows a shard has, and until when none of them expires: in one word, which is read
/// without the shard's lock. Thread-safe.
class RowCount {
 public:
  /// More rows are not held.
  static constexpr std::size_t kMostRows = (std::size_t{1} << 24) - 1;

  /// No row expires before `idle_until_ns`, in nanoseconds since 1970. Under the shard's lock.
  void Set(std::size_t rows, std::int64_t idle_until_ns) {
    const std::uint64_t word = UnitsOf(idle_until_ns) << kRowBits | rows;
    if (word != word_.load(std::memory_order_relaxed)) word_.store(word, std::memory_order_release);
  }

  /// Rows that live at `now_ns`; nullopt when some may have expired.
  std::optional<std::size_t> LivingAt(std::int64_t now_ns) const {
    const std::uint64_t word = word_.load(std::memory_order_acquire);
    if (UnitsOf(now_ns) >= word >> kRowBits) return std::nullopt;
    return word & kMostRows;
  }

 private:
  static constexpr int kRowBits = 24;
  /// Of 2^22 ns, four milliseconds: 40 bits of them last until 2116.
  static constexpr int kUnitBits = 22;
  static constexpr std::uint64_t kMostUnits = (std::uint64_t{1} << (64 - kRowBits)) - 1;

  static std::uint64_t UnitsOf(std::int64_t ns) {
    const auto since_1970 = static_cast<std::uint64_t>(std::max<std::int64_t>(ns, 0));
    return std::min(since_1970 >> kUnitBits, kMostUnits);
  }

  std::atomic<std::uint64_t> word_{0};
};

}  // namespace muster::core
