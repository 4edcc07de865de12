#pragma once

// IP addresses and ports as the socket calls take them.

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>

#include "muster/core/endpoint.h"

namespace muster::sip {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  static SocketAddress From(const core::IpAddress& address, std::uint16_t port, bool ipv6);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// `peer` with another port: what else it holds (an IPv6 scope) stays.
sockaddr_storage WithPort(const sockaddr_storage& peer, std::uint16_t port);

core::IpAddress AddressOf(const sockaddr_storage& storage);
std::uint16_t PortOf(const sockaddr_storage& storage);
core::IpAddress AddressOf(const in_addr& address);
core::IpAddress AddressOf(const in6_addr& address);

}  // namespace muster::sip
