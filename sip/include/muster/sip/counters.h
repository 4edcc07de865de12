#pragma once

// What the SIP path counts, for the metrics.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace muster::sip {

/// Upper bounds, in microseconds, of the buckets of RegisterTimes; the last bucket has none.
inline constexpr std::array<std::uint32_t, 12> kTimeBucketMicros = {
    5, 10, 25, 50, 100, 250, 500, 1'000, 5'000, 25'000, 100'000, 1'000'000};

/// A snapshot, summed over workers.
struct CounterValues {
  std::array<std::uint64_t, 700> registers_by_code{};  // answers to REGISTER, by status code
  std::array<std::uint64_t, kTimeBucketMicros.size() + 1> registers_by_time{};
  double register_seconds_sum = 0;
  std::uint64_t messages = 0;  // received, whatever they were
  std::uint64_t malformed = 0;
  std::uint64_t retransmissions = 0;  // answered from memory
  std::uint64_t connections_refused = 0;
};

/// The counters of one worker: written by its thread alone, read by any. Nothing here is a
/// read-modify-write on shared memory.
class Counters {
 public:
  void CountMessage() { Increase(messages_, 1); }
  void CountMalformed() { Increase(malformed_, 1); }
  void CountRetransmission() { Increase(retransmissions_, 1); }
  void CountRegister(int code);
  /// `count` REGISTERs went from receiving to sending in `elapsed` (that of their batch).
  void ObserveRegisters(std::uint64_t count, absl::Duration elapsed);

  void AddTo(CounterValues& sum) const;

 private:
  using Counter = std::atomic<std::uint64_t>;
  static void Increase(Counter& counter, std::uint64_t by) {
    counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }

  std::array<Counter, 700> registers_by_code_{};
  std::array<Counter, kTimeBucketMicros.size() + 1> registers_by_time_{};
  Counter register_nanoseconds_{0};
  Counter messages_{0};
  Counter malformed_{0};
  Counter retransmissions_{0};
};

}  // namespace muster::sip
