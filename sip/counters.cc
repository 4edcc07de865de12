#include "muster/sip/counters.h"

#include <algorithm>

namespace muster::sip {

void Counters::CountRegister(int code) {
  if (code > 0 && static_cast<std::size_t>(code) < registers_by_code_.size()) {
    Increase(registers_by_code_[static_cast<std::size_t>(code)], 1);
  }
}

void Counters::ObserveRegisters(std::uint64_t count, absl::Duration elapsed) {
  const std::int64_t nanoseconds = std::max<std::int64_t>(absl::ToInt64Nanoseconds(elapsed), 0);
  const auto bucket = std::ranges::lower_bound(kTimeBucketMicros, (nanoseconds + 999) / 1000);
  Increase(registers_by_time_[static_cast<std::size_t>(bucket - kTimeBucketMicros.begin())], count);
  Increase(register_nanoseconds_, count * static_cast<std::uint64_t>(nanoseconds));
}

void Counters::AddTo(CounterValues& sum) const {
  const auto read = [](const Counter& counter) { return counter.load(std::memory_order_relaxed); };
  for (std::size_t i = 0; i < registers_by_code_.size(); ++i) {
    sum.registers_by_code[i] += read(registers_by_code_[i]);
  }
  for (std::size_t i = 0; i < registers_by_time_.size(); ++i) {
    sum.registers_by_time[i] += read(registers_by_time_[i]);
  }
  sum.register_seconds_sum += static_cast<double>(read(register_nanoseconds_)) / 1e9;
  sum.messages += read(messages_);
  sum.malformed += read(malformed_);
  sum.retransmissions += read(retransmissions_);
}

}  // namespace muster::sip
