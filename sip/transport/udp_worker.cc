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

#include "transport/answer_batch.h"
#include "transport/socket_address.h"

namespace muster::sip {
namespace {

constexpr std::size_t kBatch = core::Limits::kUdpBatch;
/// The largest datagram and a little more, so that buffers do not all begin in one cache set.
constexpr std::size_t kReceiveStride = 65'536 + 5 * 64;

/// Batches that a worker still serves from each socket after it was told to stop.
constexpr int kLastBatches = 64;

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

using WaitingBatches = std::array<std::unique_ptr<AnswerBatch>, core::Limits::kUdpWaitingBatches>;

WaitingBatches MakeBatches() {
  WaitingBatches batches;
  for (auto& batch : batches) batch = std::make_unique<AnswerBatch>();
  return batches;
}

}  // namespace

class UdpWorker::Impl : public core::CommitListener {
 public:
  Impl(std::vector<UdpSocket> sockets, const core::UserAgentServer& server,
       ServerTransactions& transactions, core::Commits& commits, const core::Clock& clock)
      : sockets_(std::move(sockets)),
        handler_(server, transactions, commits),
        commits_(commits),
        clock_(clock),
        wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        received_(new DatagramBatch),
        receive_bytes_(new char[kBatch * kReceiveStride]) {}

  ~Impl() override {
    Stop();
    ::close(wake_fd_);
  }

  void Start() {
    commits_.Subscribe(*this);
    thread_ = std::thread([this] { Run(); });
  }

  void Stop() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    Wake();
    thread_.join();
    commits_.Unsubscribe(*this);
  }

  const Counters& counters() const { return handler_.counters(); }

 private:
  void OnSettled() override {
    if (waiting_count_ > 0) Wake();
  }

  void Wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof(one));
  }

  void Run() {
    while (!stopping_) {
      SendSettled();
      bool busy = false;
      for (const UdpSocket& socket : sockets_) busy |= ServeBatch(socket);
      if (!busy) Sleep();
    }
    for (const UdpSocket& socket : sockets_) {
      for (int i = 0; i < kLastBatches; ++i) {
        AwaitRoom();
        if (!ServeBatch(socket)) break;
      }
    }
    while (waiting_count_ > 0) AwaitOldest();
  }

  /// Until something is to be done: to receive, unless too many answers wait, or to send.
  void Sleep() {
    std::vector<pollfd>& polled = polled_;
    polled.assign(1, {wake_fd_, POLLIN, 0});
    if (HasRoom()) {
      for (const UdpSocket& socket : sockets_) polled.push_back({socket.fd(), POLLIN, 0});
    }
    // What was settled before waiting_count_ rose woke nobody.
    if (waiting_count_ > 0 && IsSettled(*waiting_[oldest_])) return;
    ::poll(polled.data(), polled.size(), -1);
    std::uint64_t ignored;
    if (polled.front().revents != 0) {
      [[maybe_unused]] const auto size = ::read(wake_fd_, &ignored, sizeof(ignored));
    }
  }

  bool HasRoom() const { return waiting_count_ < waiting_.size(); }
  bool IsSettled(const AnswerBatch& answers) const {
    return commits_.OutcomeOf(answers.waits_for()) != core::CommitOutcome::kPending;
  }

  void SendSettled() {
    while (waiting_count_ > 0 && IsSettled(*waiting_[oldest_])) SendOldest();
  }

  void SendOldest() {
    Send(*waiting_[oldest_]);
    oldest_ = (oldest_ + 1) % waiting_.size();
    --waiting_count_;
  }

  void AwaitOldest() {
    commits_.Wait(waiting_[oldest_]->waits_for());
    SendOldest();
  }

  void AwaitRoom() {
    SendSettled();
    if (!HasRoom()) AwaitOldest();
  }

  void Send(AnswerBatch& answers) {
    const std::uint64_t registers = answers.Send(commits_, handler_.counters());
    if (registers == 0) return;
    handler_.counters().ObserveRegisters(registers, clock_.Now() - answers.received_at());
  }

  /// False when there was nothing to receive, or no room for answers.
  bool ServeBatch(const UdpSocket& socket) {
    if (!HasRoom()) return false;
    for (std::size_t i = 0; i < kBatch; ++i) {
      received_->Prepare(i, receive_bytes_.get() + i * kReceiveStride, 65'536,
                         socket.is_wildcard());
    }
    const int count =
        ::recvmmsg(socket.fd(), received_->headers.data(), kBatch, MSG_DONTWAIT, nullptr);
    if (count <= 0) return false;
    const absl::Time now = clock_.Now();
    AnswerBatch& waiting = *waiting_[(oldest_ + waiting_count_) % waiting_.size()];
    waiting.Begin(socket, now);
    at_once_.Begin(socket, now);
    for (int i = 0; i < count; ++i)
      ServeDatagram(socket, static_cast<std::size_t>(i), now, waiting);
    if (!waiting.empty()) {
      commits_.Request();
      ++waiting_count_;
    }
    Send(at_once_);
    return true;
  }

  void ServeDatagram(const UdpSocket& socket, std::size_t index, absl::Time now,
                     AnswerBatch& waiting) {
    mmsghdr& received = received_->headers[index];
    const sockaddr_storage& peer = received_->addresses[index];
    const core::Source source{
        .transport = core::Transport::kUdp,
        .address = AddressOf(peer),
        .port = PortOf(peer),
        .local_address = socket.is_wildcard() ? LocalAddress(received.msg_hdr) : socket.address(),
        .local_port = socket.port()};
    const std::string_view bytes(receive_bytes_.get() + index * kReceiveStride, received.msg_len);
    const std::span<char> room = waiting.room();
    const HandledMessage handled = handler_.HandleDatagram(bytes, source, now, room);
    // The kernel would refuse to send to port 0, and the rest of the batch with it.
    if (handled.answer_size == 0 || handled.answer_port == 0) return;
    const ReturnPath path{peer, source};
    if (commits_.OutcomeOf(handled.batch) == core::CommitOutcome::kPending) {
      waiting.Add(handled, path);
    } else {
      std::memcpy(at_once_.room().data(), room.data(), handled.answer_size);
      at_once_.Add(handled, path);
    }
  }

  const std::vector<UdpSocket> sockets_;
  RequestHandler handler_;
  core::Commits& commits_;
  const core::Clock& clock_;
  const int wake_fd_;
  std::vector<pollfd> polled_;
  std::atomic<bool> stopping_{false};
  const std::unique_ptr<DatagramBatch> received_;
  const std::unique_ptr<char[]> receive_bytes_;
  AnswerBatch at_once_;
  /// A ring, oldest first: answers that wait for the journal, and behind them room for more.
  const WaitingBatches waiting_ = MakeBatches();
  std::size_t oldest_ = 0;
  std::atomic<std::size_t> waiting_count_{0};  // changed by the worker, read by the committer
  std::thread thread_;
};

UdpWorker::UdpWorker(std::vector<UdpSocket> sockets, const core::UserAgentServer& server,
                     ServerTransactions& transactions, core::Commits& commits,
                     const core::Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(sockets), server, transactions, commits, clock)) {}

UdpWorker::~UdpWorker() = default;

void UdpWorker::Start() { impl_->Start(); }
void UdpWorker::Stop() { impl_->Stop(); }
const Counters& UdpWorker::counters() const { return impl_->counters(); }

}  // namespace muster::sip
