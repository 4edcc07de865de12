#include "bench/load/datagram_socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace muster::bench {
namespace {

[[noreturn]] void Throw(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

SocketAddress SocketAddress::Parse(const std::string& host_port) {
  const std::size_t colon = host_port.rfind(':');
  if (colon == std::string::npos) throw std::runtime_error("'" + host_port + "' is no HOST:PORT");
  std::string host = host_port.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), host_port.c_str() + colon + 1, &hints, &found) != 0) {
    throw std::runtime_error("'" + host_port + "' has no numeric address and port");
  }
  SocketAddress address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.size = found->ai_addrlen;
  freeaddrinfo(found);
  return address;
}

bool SocketAddress::is_loopback() const {
  if (storage.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
    return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
  }
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr);
}

std::string SocketAddress::ToString() const {
  char host[NI_MAXHOST];
  char port[NI_MAXSERV];
  if (getnameinfo(get(), size, host, sizeof host, port, sizeof port,
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return "?";
  }
  const std::string text = storage.ss_family == AF_INET6 ? "[" + std::string(host) + "]" : host;
  return text + ":" + port;
}

void PinThread(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(cpu), &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) Throw("cannot pin the thread");
}

void EnlargeBuffers(int socket) {
  const int bytes = 8 << 20;
  for (const auto& [force, plain] :
       {std::pair{SO_RCVBUFFORCE, SO_RCVBUF}, std::pair{SO_SNDBUFFORCE, SO_SNDBUF}}) {
    // Only root may exceed the system's limit.
    if (setsockopt(socket, SOL_SOCKET, force, &bytes, sizeof bytes) != 0) {
      setsockopt(socket, SOL_SOCKET, plain, &bytes, sizeof bytes);
    }
  }
}

struct DatagramSocket::Buffers {
  std::array<mmsghdr, kBatch> out{};
  std::array<iovec, kBatch> out_pieces{};
  std::array<mmsghdr, kBatch> in{};
  std::array<iovec, kBatch> in_pieces{};
  std::array<std::array<char, kMaxDatagram>, kBatch> in_bytes;
};

DatagramSocket::DatagramSocket(const SocketAddress& peer)
    : socket_(socket(peer.storage.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
      buffers_(std::make_unique<Buffers>()) {
  if (socket_ < 0) Throw("cannot open a UDP socket");
  EnlargeBuffers(socket_);
  if (connect(socket_, peer.get(), peer.size) != 0) Throw("cannot connect the UDP socket");
  for (std::size_t i = 0; i < kBatch; ++i) {
    buffers_->out[i].msg_hdr.msg_iov = &buffers_->out_pieces[i];
    buffers_->out[i].msg_hdr.msg_iovlen = 1;
    buffers_->in_pieces[i] = {buffers_->in_bytes[i].data(), kMaxDatagram};
    buffers_->in[i].msg_hdr.msg_iov = &buffers_->in_pieces[i];
    buffers_->in[i].msg_hdr.msg_iovlen = 1;
  }
  received_.reserve(kBatch);
}

DatagramSocket::~DatagramSocket() { close(socket_); }

void DatagramSocket::Queue(std::string_view bytes) {
  buffers_->out_pieces[queued_++] = {const_cast<char*>(bytes.data()), bytes.size()};
  if (queued_ == kBatch) Flush();
}

void DatagramSocket::Flush() {
  std::size_t sent = 0;
  while (sent < queued_) {
    const int count =
        sendmmsg(socket_, &buffers_->out[sent], static_cast<unsigned>(queued_ - sent), 0);
    if (count > 0) {
      sent += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN || errno == ENOBUFS) {
      pollfd wait{socket_, POLLOUT, 0};
      poll(&wait, 1, 1);
    } else if (errno != EINTR) {
      Throw("cannot send");
    }
  }
  queued_ = 0;
}

const std::vector<std::string_view>& DatagramSocket::Receive() {
  received_.clear();
  const int count = recvmmsg(socket_, buffers_->in.data(), kBatch, MSG_DONTWAIT, nullptr);
  if (count < 0 && errno != EAGAIN && errno != EINTR) Throw("cannot receive");
  for (int i = 0; i < count; ++i) {
    const auto slot = static_cast<std::size_t>(i);
    received_.emplace_back(buffers_->in_bytes[slot].data(), buffers_->in[slot].msg_len);
  }
  return received_;
}

void DatagramSocket::Wait(std::chrono::microseconds at_most) {
  const timespec limit{0, static_cast<long>(at_most.count()) * 1'000};
  pollfd wait{socket_, POLLIN, 0};
  ppoll(&wait, 1, &limit, nullptr);
}

}  // namespace muster::bench
