#include "muster/sip/listen_address.h"

#include <netdb.h>

#include <charconv>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "transport/socket_address.h"

namespace muster::sip {
namespace {

absl::Status BadListenAddress(std::string_view text, std::string_view expected) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", std::string(text), "': expected ", std::string(expected)));
}

/// The first address of a host name.
bool LookUp(const std::string& host, ListenAddress& result) {
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, nullptr, &found) != 0) return false;
  sockaddr_storage storage{};
  std::memcpy(&storage, found->ai_addr, found->ai_addrlen);
  ::freeaddrinfo(found);
  result.ipv6 = storage.ss_family == AF_INET6;
  result.address = AddressOf(storage);
  return true;
}

}  // namespace

absl::StatusOr<ListenAddress> ListenAddress::Parse(std::string_view text) {
  constexpr std::string_view kExpected = "TRANSPORT:HOST:PORT, as udp:127.0.0.1:5060";
  const std::size_t first = text.find(':');
  const std::size_t last = text.rfind(':');
  if (first == std::string_view::npos || first == last) return BadListenAddress(text, kExpected);
  const std::string_view transport = text.substr(0, first);
  const std::string_view host = text.substr(first + 1, last - first - 1);
  const std::string_view port = text.substr(last + 1);

  ListenAddress result;
  if (transport == "udp") {
    result.transport = core::Transport::kUdp;
  } else if (transport == "tcp") {
    result.transport = core::Transport::kTcp;
  } else {
    return BadListenAddress(text, "the transport udp or tcp");
  }
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), result.port);
  if (port.empty() || error != std::errc() || end != port.data() + port.size()) {
    return BadListenAddress(text, "a port of 0 to 65535");
  }
  result.ipv6 = host.find(':') != std::string_view::npos;
  if (result.ipv6 && host.front() != '[') return BadListenAddress(text, "IPv6 in brackets");
  if (const auto address = core::IpAddress::Parse(host)) {
    result.address = *address;
  } else if (result.ipv6 || host.empty() || !LookUp(std::string(host), result)) {
    return BadListenAddress(text, "an address or a known host name");
  }
  return result;
}

std::string ListenAddress::ToString() const {
  const std::string host = is_wildcard() ? (ipv6 ? "::" : "0.0.0.0") : address.ToString();
  const std::string name(core::TransportName(transport));
  return ipv6 ? absl::StrCat(name, ":[", host, "]:", port)
              : absl::StrCat(name, ":", host, ":", port);
}

bool ListenAddress::is_wildcard() const {
  return address.empty() || address == core::IpAddress::FromV4(0);
}

bool ListenAddress::is_loopback() const {
  const auto& bytes = address.bytes();
  if (!ipv6) return bytes[12] == 127;
  return address == *core::IpAddress::Parse("::1");
}

}  // namespace muster::sip
