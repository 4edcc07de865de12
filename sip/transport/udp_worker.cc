#include "transport/udp_worker.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <thread>
#include <utility>

#include "transport/socket_address.h"

namespace muster::sip {
namespace {

constexpr std::size_t kBatch = core::Limits::kUdpBatch;
/// The largest datagram and a little more, so that buffers do not all begin in one cache set.
constexpr std::size_t kReceiveStride = 65'536 + 5 * 64;
constexpr std::size_t kSendBytes = kBatch * core::Limits::kMaxAnswerBytes;
constexpr std::size_t kControlBytes = CMSG_SPACE(sizeof(in6_pktinfo));

/// Batches that a worker still serves from each socket after it was told to stop.
constexpr int kLastBatches = 64;

/// One direction of a batch, as recvmmsg and sendmmsg want it.
struct MessageBatch {
  std::array<mmsghdr, kBatch> headers;
  std::array<iovec, kBatch> vectors;
  std::array<sockaddr_storage, kBatch> addresses;
  alignas(cmsghdr) std::array<std::array<char, kControlBytes>, kBatch> controls;

  void Prepare(std::size_t index, char* bytes, std::size_t size, bool with_control) {
    vectors[index] = {bytes, size};
    msghdr& header = headers[index].msg_hdr;
    header = {};
    header.msg_name = &addresses[index];
    header.msg_namelen = sizeof(addresses[index]);
    header.msg_iov = &vectors[index];
    header.msg_iovlen = 1;
    if (with_control) {
      header.msg_control = controls[index].data();
      header.msg_controllen = kControlBytes;
    }
  }
};

/// The local address that a datagram to a wildcard socket came to.
core::IpAddress LocalAddress(msghdr& header) {
  for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
       control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
      in_pktinfo info;
      std::memcpy(&info, CMSG_DATA(control), sizeof(info));
      return AddressOf(info.ipi_addr);
    }
    if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info;
      std::memcpy(&info, CMSG_DATA(control), sizeof(info));
      return AddressOf(info.ipi6_addr);
    }
  }
  return {};
}

/// Makes the answer leave from the address that was asked (RFC 3581 4), not from the route's.
void SetLocalAddress(msghdr& header, const core::IpAddress& address, bool ipv6) {
  cmsghdr* control = CMSG_FIRSTHDR(&header);
  const auto fill = [&](int level, int type, const auto& info) {
    control->cmsg_level = level;
    control->cmsg_type = type;
    control->cmsg_len = CMSG_LEN(sizeof(info));
    std::memcpy(CMSG_DATA(control), &info, sizeof(info));
    header.msg_controllen = CMSG_SPACE(sizeof(info));
  };
  const std::uint8_t* bytes = address.bytes().data();
  if (ipv6) {
    in6_pktinfo info{};
    std::memcpy(&info.ipi6_addr, bytes, 16);
    fill(IPPROTO_IPV6, IPV6_PKTINFO, info);
  } else {
    in_pktinfo info{};
    std::memcpy(&info.ipi_spec_dst, bytes + 12, 4);
    fill(IPPROTO_IP, IP_PKTINFO, info);
  }
}

}  // namespace

class UdpWorker::Impl {
 public:
  Impl(std::vector<UdpSocket> sockets, const core::UserAgentServer& server,
       ServerTransactions& transactions, const core::Clock& clock)
      : sockets_(std::move(sockets)),
        handler_(server, transactions),
        clock_(clock),
        stop_fd_(::eventfd(0, EFD_CLOEXEC)),
        received_(new MessageBatch),
        answers_(new MessageBatch),
        receive_bytes_(new char[kBatch * kReceiveStride]),
        send_bytes_(new char[kSendBytes]) {}

  ~Impl() {
    Stop();
    ::close(stop_fd_);
  }

  void Start() {
    thread_ = std::thread([this] { Run(); });
  }

  void Stop() {
    if (!thread_.joinable()) return;
    stopping_.store(true, std::memory_order_relaxed);
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop_fd_, &one, sizeof(one));
    thread_.join();
  }

  const Counters& counters() const { return handler_.counters(); }

 private:
  void Run() {
    std::vector<pollfd> polled;
    for (const UdpSocket& socket : sockets_) polled.push_back({socket.fd(), POLLIN, 0});
    polled.push_back({stop_fd_, POLLIN, 0});
    while (!stopping_.load(std::memory_order_relaxed)) {
      bool busy = false;
      for (const UdpSocket& socket : sockets_) busy |= ServeBatch(socket);
      if (!busy) ::poll(polled.data(), polled.size(), -1);
    }
    for (const UdpSocket& socket : sockets_) {
      for (int i = 0; i < kLastBatches && ServeBatch(socket); ++i) {
      }
    }
  }

  /// False when there was nothing to receive.
  bool ServeBatch(const UdpSocket& socket) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      received_->Prepare(i, receive_bytes_.get() + i * kReceiveStride, 65'536,
                         socket.is_wildcard());
    }
    const int count =
        ::recvmmsg(socket.fd(), received_->headers.data(), kBatch, MSG_DONTWAIT, nullptr);
    if (count <= 0) return false;
    const absl::Time now = clock_.Now();
    std::uint64_t registers = 0;
    answer_count_ = 0;
    send_used_ = 0;
    for (int i = 0; i < count; ++i) {
      registers += ServeDatagram(socket, static_cast<std::size_t>(i), now) ? 1 : 0;
    }
    SendAnswers(socket);
    if (registers > 0) handler_.counters().ObserveRegisters(registers, clock_.Now() - now);
    return true;
  }

  /// True for a REGISTER.
  bool ServeDatagram(const UdpSocket& socket, std::size_t index, absl::Time now) {
    mmsghdr& received = received_->headers[index];
    const sockaddr_storage& peer = received_->addresses[index];
    const core::Source source{
        .transport = core::Transport::kUdp,
        .address = AddressOf(peer),
        .port = PortOf(peer),
        .local_address = socket.is_wildcard() ? LocalAddress(received.msg_hdr) : socket.address(),
        .local_port = socket.port()};
    const std::string_view bytes(receive_bytes_.get() + index * kReceiveStride, received.msg_len);
    char* const answer = send_bytes_.get() + send_used_;
    const HandledMessage handled =
        handler_.HandleDatagram(bytes, source, now, {answer, core::Limits::kMaxAnswerBytes});
    // The kernel would refuse to send to port 0, and the rest of the batch with it.
    if (handled.answer_size != 0 && handled.answer_port != 0) {
      QueueAnswer(socket, peer, source, {answer, handled.answer_size}, handled.answer_port);
    }
    return handled.is_register;
  }

  void QueueAnswer(const UdpSocket& socket, const sockaddr_storage& peer,
                   const core::Source& source, std::span<char> answer, std::uint16_t port) {
    answers_->Prepare(answer_count_, answer.data(), answer.size(), socket.is_wildcard());
    answers_->addresses[answer_count_] = WithPort(peer, port);
    msghdr& header = answers_->headers[answer_count_].msg_hdr;
    header.msg_namelen = socket.is_ipv6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    if (socket.is_wildcard()) SetLocalAddress(header, source.local_address, socket.is_ipv6());
    send_used_ += answer.size();
    ++answer_count_;
  }

  /// An answer that cannot be sent (no route, say) is dropped: its phone will ask again.
  void SendAnswers(const UdpSocket& socket) {
    for (std::size_t sent = 0; sent < answer_count_;) {
      const int count = ::sendmmsg(socket.fd(), answers_->headers.data() + sent,
                                   static_cast<unsigned>(answer_count_ - sent), 0);
      if (count > 0) {
        sent += static_cast<std::size_t>(count);
      } else if (errno != EINTR) {
        ++sent;
      }
    }
  }

  const std::vector<UdpSocket> sockets_;
  RequestHandler handler_;
  const core::Clock& clock_;
  const int stop_fd_;
  std::atomic<bool> stopping_{false};
  const std::unique_ptr<MessageBatch> received_;
  const std::unique_ptr<MessageBatch> answers_;
  const std::unique_ptr<char[]> receive_bytes_;
  const std::unique_ptr<char[]> send_bytes_;  // answers, one behind the other
  std::size_t answer_count_ = 0;
  std::size_t send_used_ = 0;
  std::thread thread_;
};

UdpWorker::UdpWorker(std::vector<UdpSocket> sockets, const core::UserAgentServer& server,
                     ServerTransactions& transactions, const core::Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(sockets), server, transactions, clock)) {}

UdpWorker::~UdpWorker() = default;

void UdpWorker::Start() { impl_->Start(); }
void UdpWorker::Stop() { impl_->Stop(); }
const Counters& UdpWorker::counters() const { return impl_->counters(); }

}  // namespace muster::sip
