#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster::daemon {

/// HOST:PORT of the HTTP listener; IPv6 in brackets.
struct HttpListenAddress {
  std::string host = "127.0.0.1";  // with brackets when it is IPv6
  std::uint16_t port = 8080;       // 0 = a free one

  static std::optional<HttpListenAddress> Parse(std::string_view text);
};

}  // namespace muster::daemon
