#include "transport/udp_socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "transport/socket_address.h"

namespace muster::sip {
namespace {

absl::Status SocketError(const ListenAddress& where, std::string_view what) {
  const std::string text(what);
  return absl::UnavailableError(
      absl::StrCat("cannot listen on ", where.ToString(), ": ", text, ": ", std::strerror(errno)));
}

bool SetOption(int fd, int level, int option, int value) {
  return ::setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

}  // namespace

absl::StatusOr<UdpSocket> UdpSocket::Bind(const ListenAddress& where, bool shared,
                                          std::size_t receive_buffer_bytes) {
  UdpSocket result;
  result.ipv6_ = where.ipv6;
  result.address_ = where.address;
  result.wildcard_ = where.is_wildcard();
  result.fd_ = ::socket(where.ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (result.fd_ < 0) return SocketError(where, "socket");
  if (where.ipv6) SetOption(result.fd_, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  if (shared && !SetOption(result.fd_, SOL_SOCKET, SO_REUSEPORT, 1)) {
    return SocketError(where, "SO_REUSEPORT");
  }
  if (result.wildcard_) {
    const bool asked = where.ipv6 ? SetOption(result.fd_, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
                                  : SetOption(result.fd_, IPPROTO_IP, IP_PKTINFO, 1);
    if (!asked) return SocketError(where, "packet info");
  }
  // Beyond net.core.rmem_max when allowed; what is granted is enough otherwise.
  const int bytes = static_cast<int>(receive_buffer_bytes);
  if (!SetOption(result.fd_, SOL_SOCKET, SO_RCVBUFFORCE, bytes)) {
    SetOption(result.fd_, SOL_SOCKET, SO_RCVBUF, bytes);
  }
  const SocketAddress address = SocketAddress::From(where.address, where.port, where.ipv6);
  if (::bind(result.fd_, address.get(), address.size) != 0) return SocketError(where, "bind");
  sockaddr_storage bound{};
  socklen_t size = sizeof(bound);
  if (::getsockname(result.fd_, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    return SocketError(where, "getsockname");
  }
  result.port_ = PortOf(bound);
  return result;
}

absl::Status UdpSocket::CheckFree(const ListenAddress& where) {
  return Bind(where, false, 0).status();
}

UdpSocket::UdpSocket(UdpSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      ipv6_(other.ipv6_),
      wildcard_(other.wildcard_),
      address_(other.address_),
      port_(other.port_) {}

UdpSocket::~UdpSocket() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace muster::sip
