#include "transport/socket_address.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace muster::sip {

SocketAddress SocketAddress::From(const core::IpAddress& address, std::uint16_t port, bool ipv6) {
  SocketAddress result;
  const auto& bytes = address.bytes();
  if (ipv6) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&v6.sin6_addr, bytes.data(), bytes.size());
    std::memcpy(&result.storage, &v6, sizeof(v6));
    result.size = sizeof(v6);
  } else {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, bytes.data() + 12, 4);
    std::memcpy(&result.storage, &v4, sizeof(v4));
    result.size = sizeof(v4);
  }
  return result;
}

sockaddr_storage WithPort(const sockaddr_storage& peer, std::uint16_t port) {
  sockaddr_storage result = peer;
  if (peer.ss_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6&>(result).sin6_port = htons(port);
  } else {
    reinterpret_cast<sockaddr_in&>(result).sin_port = htons(port);
  }
  return result;
}

core::IpAddress AddressOf(const in_addr& address) {
  return core::IpAddress::FromV4(ntohl(address.s_addr));
}

core::IpAddress AddressOf(const in6_addr& address) {
  std::array<std::uint8_t, 16> bytes;
  std::memcpy(bytes.data(), &address, bytes.size());
  return core::IpAddress::FromV6(bytes);
}

core::IpAddress AddressOf(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET6) {
    return AddressOf(reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr);
  }
  return AddressOf(reinterpret_cast<const sockaddr_in&>(storage).sin_addr);
}

std::uint16_t PortOf(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(storage).sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in&>(storage).sin_port);
}

}  // namespace muster::sip
