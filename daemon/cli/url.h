#pragma once

// The daemon's address as a person writes it, http://HOST[:PORT][/PREFIX], and queries.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::daemon::cli {

struct Url {
  std::string host;  // IPv6 without its brackets
  std::string port;
  std::string authority;  // as written, for the Host field
  std::string prefix;     // of every path, without a slash at its end
};

/// Otherwise returns nullopt and says in `problem` what is wrong.
std::optional<Url> ParseUrl(std::string_view text, std::string& problem);

struct QueryParameter {
  std::string name;
  std::string value;
};

/// "?user=alice&port=5060" with what is not unreserved (RFC 3986 2.3) in percent-encoding; "" for
/// none.
std::string QueryText(const std::vector<QueryParameter>& parameters);

}  // namespace muster::daemon::cli
