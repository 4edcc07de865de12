#include "clients.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace muster::testing {
namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);

  static SocketAddress From(const HostPort& where) {
    SocketAddress result;
    if (where.host.find(':') != std::string::npos) {
      auto* v6 = reinterpret_cast<sockaddr_in6*>(&result.storage);
      v6->sin6_family = AF_INET6;
      v6->sin6_port = htons(where.port);
      ::inet_pton(AF_INET6, where.host.c_str(), &v6->sin6_addr);
      result.size = sizeof(*v6);
    } else {
      auto* v4 = reinterpret_cast<sockaddr_in*>(&result.storage);
      v4->sin_family = AF_INET;
      v4->sin_port = htons(where.port);
      ::inet_pton(AF_INET, where.host.c_str(), &v4->sin_addr);
      result.size = sizeof(*v4);
    }
    return result;
  }

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }

  HostPort ToHostPort() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (storage.ss_family == AF_INET6) {
      const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&storage);
      ::inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
      return {text.data(), ntohs(v6->sin6_port)};
    }
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&storage);
    ::inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
    return {text.data(), ntohs(v4->sin_port)};
  }
};

HostPort LocalOf(int socket) {
  SocketAddress address;
  ::getsockname(socket, address.get(), &address.size);
  return address.ToHostPort();
}

bool CanRead(int socket, std::chrono::milliseconds patience) {
  pollfd waiting = {socket, POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(patience.count())) == 1;
}

/// -1 when it cannot be had: the test then hears nothing and fails.
int BoundSocket(int type, const HostPort& where) {
  SocketAddress address = SocketAddress::From(where);
  const int fd = ::socket(address.family(), type | SOCK_CLOEXEC, 0);
  const int yes = 1;
  if (type == SOCK_STREAM) ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  if (::bind(fd, address.get(), address.size) == 0) return fd;
  ::close(fd);
  return -1;
}

std::string ViaOf(std::string_view transport, const HostPort& local) {
  return "SIP/2.0/" + std::string(transport) + " " + local.ToString() +
         ";rport;branch=" + NewBranch();
}

std::size_t ContentLengthOf(const std::string& head) {
  const std::string length = Reply::From(head).Header("Content-Length");
  return static_cast<std::size_t>(std::atoi(length.c_str()));
}

}  // namespace

std::string HostPort::ToString() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string OwnLoopbackAddress(unsigned index) {
  const auto id = static_cast<unsigned>(::getpid()) * 4 + index;
  return "127." + std::to_string(id >> 16 & 0xFF) + "." + std::to_string(id >> 8 & 0xFF) + "." +
         std::to_string(id & 0xFF);
}

UdpClient::UdpClient(HostPort server, const std::string& host, std::uint16_t port)
    : server_(std::move(server)), socket_(BoundSocket(SOCK_DGRAM, {host, port})) {
  const int receive_buffer = 4 << 20;  // answers to hundreds of datagrams sent at once
  if (::setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof(receive_buffer)) !=
      0) {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  local_ = LocalOf(socket_);
}

UdpClient::~UdpClient() {
  if (socket_ >= 0) ::close(socket_);
}

std::string UdpClient::Via() const { return ViaOf("UDP", local_); }

void UdpClient::Send(std::string_view bytes) {
  SocketAddress to = SocketAddress::From(server_);
  ::sendto(socket_, bytes.data(), bytes.size(), 0, to.get(), to.size);
}

void UdpClient::Send(Request request) {
  if (request.via.empty()) request.via = Via();
  Send(request.Text());
}

std::optional<Datagram> UdpClient::ReceiveDatagram(std::chrono::milliseconds patience) {
  if (!CanRead(socket_, patience)) return std::nullopt;
  Datagram datagram;
  datagram.bytes.resize(65'536);
  SocketAddress from;
  const ssize_t size =
      ::recvfrom(socket_, datagram.bytes.data(), datagram.bytes.size(), 0, from.get(), &from.size);
  if (size < 0) return std::nullopt;
  datagram.bytes.resize(static_cast<std::size_t>(size));
  datagram.from = from.ToHostPort();
  return datagram;
}

Reply UdpClient::Receive() {
  auto datagram = ReceiveDatagram();
  return datagram ? Reply::From(std::move(datagram->bytes)) : Reply();
}

Reply UdpClient::Ask(std::string_view bytes) {
  Send(bytes);
  return Receive();
}

Reply UdpClient::Ask(Request request) {
  Send(std::move(request));
  return Receive();
}

bool UdpClient::HeardNothing() {
  const std::string call_id = "heard-nothing-" + NewBranch();
  const Reply reply = Ask(Options(call_id));
  return reply.code == 200 && reply.Header("Call-ID") == call_id;
}

TcpClient::TcpClient(const HostPort& server, int receive_buffer) {
  SocketAddress address = SocketAddress::From(server);
  socket_ = ::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  if (receive_buffer > 0) {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  const timeval patience = {kPatience.count() / 1'000, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  if (::connect(socket_, address.get(), address.size) != 0) {
    ::close(std::exchange(socket_, -1));
  }
  local_ = LocalOf(socket_);
}

TcpClient::TcpClient(int socket) : local_(LocalOf(socket)), socket_(socket) {}

TcpClient::~TcpClient() {
  if (socket_ >= 0) ::close(socket_);
}

std::string TcpClient::Via() const { return ViaOf("TCP", local_); }

void TcpClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void TcpClient::Send(Request request) {
  if (request.via.empty()) request.via = Via();
  Send(request.Text());
}

std::size_t TcpClient::SendSome(std::string_view bytes, std::chrono::milliseconds patience) {
  pollfd waiting = {socket_, POLLOUT, 0};
  if (::poll(&waiting, 1, static_cast<int>(patience.count())) != 1) return 0;
  const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

void TcpClient::SendByteByByte(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) Send(bytes.substr(i, 1));
}

bool TcpClient::Fill() {
  if (!CanRead(socket_, kPatience)) return false;
  std::array<char, 65'536> buffer;
  const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  received_.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

Reply TcpClient::Receive() {
  std::size_t end;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return {};
  }
  const std::size_t size = end + 4 + ContentLengthOf(received_.substr(0, end + 4));
  return Reply::From(ReceiveBytes(size));
}

Reply TcpClient::Ask(std::string_view bytes) {
  Send(bytes);
  return Receive();
}

Reply TcpClient::Ask(Request request) {
  Send(std::move(request));
  return Receive();
}

std::string TcpClient::ReceiveBytes(std::size_t count) {
  while (received_.size() < count && Fill()) {
  }
  std::string bytes = received_.substr(0, count);
  received_.erase(0, count);
  return bytes;
}

bool TcpClient::IsReadable(std::chrono::milliseconds patience) {
  return !received_.empty() || CanRead(socket_, patience);
}

bool TcpClient::IsClosed() {
  if (!received_.empty() || !CanRead(socket_, kPatience)) return false;
  char byte;
  return ::recv(socket_, &byte, 1, 0) <= 0;
}

void TcpClient::FinishSending() { ::shutdown(socket_, SHUT_WR); }

void TcpClient::Close() { ::close(std::exchange(socket_, -1)); }

void TcpClient::Reset() {
  const linger at_once = {1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  Close();
}

TcpAcceptor::TcpAcceptor(const std::string& host, std::uint16_t port, int backlog)
    : socket_(BoundSocket(SOCK_STREAM, {host, port})) {
  ::listen(socket_, backlog);
  local_ = LocalOf(socket_);
}

TcpAcceptor::~TcpAcceptor() {
  if (socket_ >= 0) ::close(socket_);
}

std::string TcpAcceptor::AcceptAndReadAll() {
  if (!CanRead(socket_, kPatience)) return "";
  TcpClient connection(::accept(socket_, nullptr, nullptr));
  return connection.ReceiveBytes(1'000'000);
}

}  // namespace muster::testing
