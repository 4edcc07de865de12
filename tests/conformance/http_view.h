#pragma once

// The tests' own HTTP client and reader of the registrations document.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace muster::testing {

struct HttpReply {
  int status = 0;  // 0 = none came
  std::string body;
};

/// One request over a connection of its own to 127.0.0.1.
HttpReply HttpAsk(std::uint16_t port, std::string_view method, std::string_view target,
                  std::string_view accept = "application/json");

/// The entries of {"registrations":[{...},...]}: key to value, strings without their escapes,
/// numbers as they stand.
std::vector<std::map<std::string, std::string>> RegistrationsOf(std::string_view json);

/// `text` as one path segment.
std::string PercentEncoded(std::string_view text);

}  // namespace muster::testing
