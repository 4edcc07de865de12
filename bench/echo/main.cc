// muster-echo: what a REGISTER costs before anybody looks at it. It answers each request with its
// own header fields behind a 200 status line, and stores nothing: the ceiling that a registrar on
// one core is measured against.  Usage: muster-echo [HOST:PORT]

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <system_error>

#include "bench/echo/echo_answer.h"
#include "bench/load/datagram_socket.h"

namespace muster::bench {
namespace {

constexpr std::size_t kBatch = 64;
constexpr std::size_t kMaxDatagram = 2'048;

volatile std::sig_atomic_t g_stop = 0;

class Echo {
 public:
  explicit Echo(const SocketAddress& local)
      : socket_(socket(local.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    if (socket_ < 0 || bind(socket_, local.get(), local.size) != 0) {
      throw std::system_error(errno, std::generic_category(), local.ToString());
    }
    EnlargeBuffers(socket_);
  }
  ~Echo() { close(socket_); }
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;

  std::string address() const {
    SocketAddress local;
    local.size = sizeof local.storage;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&local.storage), &local.size);
    return local.ToString();
  }

  void Serve() {
    while (!g_stop) {
      pollfd wait{socket_, POLLIN, 0};
      if (int count = recvmmsg(socket_, Requests(), kBatch, MSG_DONTWAIT, nullptr); count > 0) {
        Answer(static_cast<std::size_t>(count));
      } else {
        poll(&wait, 1, 1'000);
      }
    }
  }

 private:
  struct Slot {
    sockaddr_storage peer;
    std::array<char, kMaxDatagram> bytes;
    iovec in;
    std::array<iovec, 2> out;
  };

  mmsghdr* Requests() {
    for (std::size_t i = 0; i < kBatch; ++i) {
      Slot& slot = slots_[i];
      slot.in = {slot.bytes.data(), kMaxDatagram};
      requests_[i].msg_hdr = {&slot.peer, sizeof slot.peer, &slot.in, 1, nullptr, 0, 0};
    }
    return requests_.data();
  }

  void Answer(std::size_t count) {
    std::size_t answers = 0;
    for (std::size_t i = 0; i < count; ++i) {
      Slot& slot = slots_[i];
      const std::string_view rest = EchoRest({slot.bytes.data(), requests_[i].msg_len});
      if (rest.empty()) continue;
      slot.out[0] = {const_cast<char*>(kEchoStatusLine.data()), kEchoStatusLine.size()};
      slot.out[1] = {const_cast<char*>(rest.data()), rest.size()};
      answers_[answers++].msg_hdr = {
          &slot.peer, requests_[i].msg_hdr.msg_namelen, slot.out.data(), 2, nullptr, 0, 0};
    }
    // What the kernel does not take is lost, as anywhere with UDP; the generator counts it.
    for (std::size_t sent = 0; sent < answers;) {
      const int done = sendmmsg(socket_, &answers_[sent], static_cast<unsigned>(answers - sent), 0);
      sent += done > 0 ? static_cast<std::size_t>(done) : 1;
    }
  }

  const int socket_;
  std::array<Slot, kBatch> slots_;
  std::array<mmsghdr, kBatch> requests_;
  std::array<mmsghdr, kBatch> answers_;
};

}  // namespace
}  // namespace muster::bench

int main(int argc, char** argv) {
  std::signal(SIGTERM, [](int) { muster::bench::g_stop = 1; });
  std::signal(SIGINT, [](int) { muster::bench::g_stop = 1; });
  try {
    const auto local = muster::bench::SocketAddress::Parse(argc > 1 ? argv[1] : "127.0.0.1:0");
    const auto echo = std::make_unique<muster::bench::Echo>(local);
    std::printf("muster-echo ready sip=udp:%s\n", echo->address().c_str());
    std::fflush(stdout);
    echo->Serve();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "muster-echo: %s\n", error.what());
    return 2;
  }
}
