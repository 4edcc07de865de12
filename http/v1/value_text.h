#pragma once

// Numbers and times as texts, wherever a request of /v1 has them.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/time/time.h"

namespace muster::http::v1 {

/// Times are before this, 2200-01-01: the table counts nanoseconds in 63 bits, which end in 2262.
inline constexpr std::int64_t kEndOfTimeSeconds = 7'258'118'400;

/// The whole of `text` as a number.
template <typename Number>
std::optional<Number> ParseWhole(std::string_view text) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

/// RFC 3339, with any fraction.
std::optional<absl::Time> ParseRfc3339(std::string_view text);

}  // namespace muster::http::v1
