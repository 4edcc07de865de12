#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "muster/core/endpoint.h"

namespace muster::sip {

/// "udp:127.0.0.1:5060", "tcp:[::1]:5060".
struct ListenAddress {
  core::Transport transport = core::Transport::kUdp;
  core::IpAddress address;
  bool ipv6 = false;
  std::uint16_t port = 0;  // 0 = a free one

  /// Udp and tcp; a host name is looked up.
  static absl::StatusOr<ListenAddress> Parse(std::string_view text);
  std::string ToString() const;
  bool is_wildcard() const;
  bool is_loopback() const;
};

}  // namespace muster::sip
