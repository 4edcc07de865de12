#pragma once

// Hosts: names, IPv4 addresses and IPv6 references of RFC 3261 25.1.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "muster/parser/uri.h"
#include "scan.h"

namespace muster::parser {

/// host [ ":" port ]. White space around the colon only where `lws` says so (Via's sent-by).
struct HostPort {
  std::string_view host;
  HostKind kind = HostKind::kNone;
  std::uint16_t port = 0;  // 0 = absent
};
enum class HostLws : bool { kRefused, kAllowed };

/// `code` is what a failure is reported as.
bool ScanHostPort(Scanner& in, HostLws lws, ErrorCode code, HostPort& host, ParseError& error);

/// Without brackets, RFC 4291 2.2; no zone.
std::optional<std::array<std::uint8_t, 16>> ParseIpv6(std::string_view text);

/// `name` is of kHostName's characters alone. kNone when it is neither a host name nor an IPv4
/// address.
HostKind ClassifyHostName(std::string_view name);

}  // namespace muster::parser
