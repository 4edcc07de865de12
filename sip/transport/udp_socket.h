#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "muster/core/endpoint.h"
#include "muster/sip/server.h"

namespace muster::sip {

/// A bound UDP socket, owned.
class UdpSocket {
 public:
  /// Binds `where`. `shared` sockets may be bound several times by this process (SO_REUSEPORT), so
  /// that each worker has its own and the kernel spreads the senders over them.
  static absl::StatusOr<UdpSocket> Bind(const ListenAddress& where, bool shared,
                                        std::size_t receive_buffer_bytes);
  /// An error that says so when somebody, this process too, has the port already.
  static absl::Status CheckFree(const ListenAddress& where);

  UdpSocket(UdpSocket&& other) noexcept;
  UdpSocket& operator=(UdpSocket&&) = delete;
  ~UdpSocket();

  int fd() const { return fd_; }
  bool is_ipv6() const { return ipv6_; }
  /// Bound to no one address: each datagram tells the local address that it came to.
  bool is_wildcard() const { return wildcard_; }
  const core::IpAddress& address() const { return address_; }
  std::uint16_t port() const { return port_; }

 private:
  UdpSocket() = default;

  int fd_ = -1;
  bool ipv6_ = false;
  bool wildcard_ = false;
  core::IpAddress address_;
  std::uint16_t port_ = 0;
};

}  // namespace muster::sip
