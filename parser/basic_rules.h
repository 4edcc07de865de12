#pragma once

// Rules of RFC 3261 25.1 that values of several header fields are made of, beyond what Scanner and
// ScanParameters read.

#include <cstdint>
#include <optional>
#include <string_view>

#include "parameters.h"
#include "scan.h"

namespace muster::parser {

/// 2^32-1: the most delta-seconds (RFC 3261 20.19).
inline constexpr std::uint32_t kMaxSeconds = 0xFFFF'FFFF;

bool IsToken(std::string_view text);

/// Takes `first` and `last` off, if both are there; false if not.
MUSTER_ALWAYS_INLINE bool Unwrap(std::string_view& text, char first, char last) {
  if (text.size() < 2 || text.front() != first || text.back() != last) return false;
  text = {text.data() + 1, text.size() - 2};
  return true;
}

/// 1*DIGIT up to `max`. One that is too large is refused at its first digit.
bool ScanNumber(Scanner& in, std::uint32_t max, std::uint32_t& number, ParseError& error);

/// comment: in parentheses, which nest. Read without recursion, so as deep as the text is long.
bool ScanComment(Scanner& in, std::string_view& comment, ParseError& error);

/// The end of a value, white space in front of it included.
bool ScanEnd(Scanner& in, ParseError& error);

/// The value of a parameter that may stand once: a token. `value` is empty until it is taken.
ErrorCode TakeTokenOnce(const Parameter& parameter, std::string_view& value);
/// The same: delta-seconds up to kMaxSeconds.
ErrorCode TakeSecondsOnce(const Parameter& parameter, std::optional<std::uint32_t>& seconds);

/// ScanParameters, and the end of the value behind them. `on_parameter(parameter)` returns what is
/// wrong with a parameter, or kNone; it is reported at the parameter's name.
template <typename OnParameter>
bool ScanParametersToEnd(Scanner& in, std::string_view& params, ParseError& error,
                         OnParameter on_parameter) {
  const Scanner start = in;
  ErrorCode code = ErrorCode::kNone;
  const char* name = nullptr;
  const char* end;
  if (ScanParameters(in, params, end, error, [&](const Parameter& parameter) {
        code = on_parameter(parameter);
        name = parameter.name.data();
        return code == ErrorCode::kNone;
      })) {
    return ScanEnd(in, error);
  }
  if (code == ErrorCode::kNone) return false;
  Scanner at = start;
  at.Advance(static_cast<std::size_t>(name - start.position()));
  return at.Fail(code, error);
}

}  // namespace muster::parser
