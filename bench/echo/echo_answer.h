#pragma once

#include <string_view>

namespace muster::bench {

/// The first line of every answer of muster-echo, with its line end.
inline constexpr std::string_view kEchoStatusLine = "SIP/2.0 200 OK\r\n";

/// What follows it: `request` without its request line. Empty for what has no line.
inline std::string_view EchoRest(std::string_view request) {
  const std::size_t line_end = request.find('\n');
  return line_end == std::string_view::npos ? std::string_view() : request.substr(line_end + 1);
}

}  // namespace muster::bench
