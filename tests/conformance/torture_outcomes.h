#pragma once

// What a registrar does with each torture message of RFC 4475.

#include <ostream>
#include <span>
#include <string>
#include <string_view>

namespace muster::testing {

/// What becomes of the connection that brought the message.
enum class Stream {
  kStays,
  kCloses,       // after the answer, if there is one
  kClosesLater,  // waits for the rest of the message, in vain
};

struct TortureOutcome {
  std::string_view name;  // of the file, without .dat
  /// Codes of the answer; 0 = none.
  int over_udp = 0;
  int over_tcp = 0;
  Stream stream = Stream::kStays;
  /// Bindings that it leaves.
  std::size_t stored = 0;
};

/// All 49.
std::span<const TortureOutcome> TortureOutcomes();
/// The bytes of the message.
std::string TortureMessage(std::string_view name);

inline std::ostream& operator<<(std::ostream& out, const TortureOutcome& outcome) {
  return out << outcome.name;
}

}  // namespace muster::testing
