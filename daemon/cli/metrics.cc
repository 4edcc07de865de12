#include "metrics.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace muster::daemon::cli {
namespace {

constexpr std::string_view kRegisters = "muster_register_requests_total{code=\"";

/// Counts and bytes are whole, but large ones may be written as 1.5e+09.
std::uint64_t NumberOf(std::string_view text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number > 0 ? static_cast<std::uint64_t>(number) : 0;
}

void ReadSample(std::string_view name, std::uint64_t number, Metrics& metrics) {
  if (name.starts_with(kRegisters)) {
    int code = 0;
    name.remove_prefix(kRegisters.size());
    std::from_chars(name.data(), name.data() + name.size(), code);
    metrics.registers[code] = number;
  } else if (name == "muster_sip_messages_total") {
    metrics.sip_messages = number;
  } else if (name == "muster_sip_malformed_total") {
    metrics.malformed = number;
  } else if (name == "process_resident_memory_bytes") {
    metrics.resident_bytes = number;
  } else if (name == "muster_journal_failing") {
    metrics.journal_fails = number != 0;
  }
}

}  // namespace

std::uint64_t Metrics::accepted() const {
  std::uint64_t sum = 0;
  for (const auto& [code, count] : registers) sum += code / 100 == 2 ? count : 0;
  return sum;
}

std::uint64_t Metrics::refused() const {
  std::uint64_t sum = 0;
  for (const auto& [code, count] : registers) sum += code / 100 == 2 ? 0 : count;
  return sum;
}

std::optional<Metrics> ReadMetrics(std::string_view text) {
  Metrics metrics;
  bool is_ours = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t space = line.rfind(' ');
    if (line.starts_with('#') || space == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, space);
    is_ours = is_ours || name == "muster_bindings";
    ReadSample(name, NumberOf(line.substr(space + 1)), metrics);
  }
  if (!is_ours) return std::nullopt;
  return metrics;
}

}  // namespace muster::daemon::cli
