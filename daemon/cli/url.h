#pragma once

// The daemon's address as a person writes it: http://HOST[:PORT][/PREFIX].

#include <optional>
#include <string>
#include <string_view>

namespace muster::daemon::cli {

struct Url {
  std::string host;  // IPv6 without its brackets
  std::string port;
  std::string authority;  // as written, for the Host field
  std::string prefix;     // of every path, without a slash at its end
};

/// Otherwise returns nullopt and says in `problem` what is wrong.
std::optional<Url> ParseUrl(std::string_view text, std::string& problem);

/// `text` as one segment of a path. A dot that would make ".json" or ".xml" of its end, which the
/// API takes for an extension, is escaped as well.
std::string PathSegment(std::string_view text);

}  // namespace muster::daemon::cli
