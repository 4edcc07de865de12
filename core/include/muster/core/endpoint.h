#pragma once

// IP addresses by value, and where a message came from.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster::core {

enum class Transport : std::uint8_t { kUdp, kTcp, kTls, kWs, kWss };  // stored: never renumber
/// "udp"
std::string_view TransportName(Transport transport);

/// An IPv4 or IPv6 address, compared by value: IPv4 is held as its mapped form ::ffff:a.b.c.d, so
/// "::FFFF:10.0.0.1" and "10.0.0.1" are one. All zero = no address.
class IpAddress {
 public:
  IpAddress() = default;
  static IpAddress FromV4(std::uint32_t host_order);
  static IpAddress FromV6(const std::array<std::uint8_t, 16>& bytes);
  /// "10.0.0.1", "2001:db8::1", "[2001:db8::1]"; nullopt for anything else, names included.
  static std::optional<IpAddress> Parse(std::string_view text);

  bool is_v4() const;
  bool empty() const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  /// "10.0.0.1" or the shortest IPv6 form (RFC 5952), without brackets.
  std::string ToString() const;
  /// Writes ToString() into `out` (room for 46 bytes) and returns its length. Allocates nothing.
  std::size_t Write(char* out) const;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const IpAddress& address) {
    return H::combine(std::move(h), address.bytes_);
  }

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// A message's way in.
struct Source {
  Transport transport = Transport::kUdp;
  IpAddress address;  // the peer
  std::uint16_t port = 0;
  IpAddress local_address;  // ours, as the datagram or connection was addressed
  std::uint16_t local_port = 0;
};

}  // namespace muster::core
