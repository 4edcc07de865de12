#pragma once

// What /metrics says, as far as the command line tells of it.

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

namespace muster::daemon::cli {

struct Metrics {
  std::map<int, std::uint64_t> registers;  // answered, by status code
  std::uint64_t sip_messages = 0;
  std::uint64_t malformed = 0;
  std::uint64_t resident_bytes = 0;
  bool journal_fails = false;

  std::uint64_t accepted() const;  // REGISTERs with 2xx
  std::uint64_t refused() const;   // the others
};

/// Reads Prometheus's text format; samples of other names are passed over. nullopt when there is
/// none of those that every daemon has.
std::optional<Metrics> ReadMetrics(std::string_view text);

}  // namespace muster::daemon::cli
