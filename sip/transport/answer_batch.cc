#include "transport/answer_batch.h"

#include <cerrno>
#include <cstring>

#include "transport/socket_address.h"

namespace muster::sip {
namespace {

constexpr std::size_t kBytes = DatagramBatch::kSize * core::Limits::kMaxAnswerBytes;

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

void DatagramBatch::Prepare(std::size_t index, char* bytes, std::size_t size, bool with_control) {
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

AnswerBatch::AnswerBatch() : datagrams_(new DatagramBatch), bytes_(new char[kBytes]) {}

void AnswerBatch::Begin(const UdpSocket& socket, absl::Time received_at) {
  socket_ = &socket;
  received_at_ = received_at;
  waits_for_ = 0;
  count_ = 0;
  used_ = 0;
}

void AnswerBatch::Add(const HandledMessage& handled, const ReturnPath& path) {
  datagrams_->Prepare(count_, room().data(), handled.answer_size, socket_->is_wildcard());
  datagrams_->addresses[count_] = WithPort(path.peer, handled.answer_port);
  msghdr& header = datagrams_->headers[count_].msg_hdr;
  header.msg_namelen = socket_->is_ipv6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  if (socket_->is_wildcard()) {
    SetLocalAddress(header, path.source.local_address, socket_->is_ipv6());
  }
  handled_[count_] = handled;
  waits_for_ = std::max(waits_for_, handled.batch);
  used_ += handled.answer_size;
  ++count_;
}

std::uint64_t AnswerBatch::Send(const core::Commits& commits, Counters& counters) {
  std::uint64_t registers = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (commits.OutcomeOf(handled_[i].batch) == core::CommitOutcome::kFailed) Withdraw(i);
    if (!handled_[i].is_register) continue;
    counters.CountRegister(handled_[i].code);
    ++registers;
  }
  // An answer that cannot be sent (no route, say) is dropped: its phone will ask again.
  for (std::size_t sent = 0; sent < count_;) {
    const int count = ::sendmmsg(socket_->fd(), datagrams_->headers.data() + sent,
                                 static_cast<unsigned>(count_ - sent), 0);
    if (count > 0) {
      sent += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      ++sent;
    }
  }
  count_ = 0;
  return registers;
}

void AnswerBatch::Withdraw(std::size_t index) {
  iovec& answer = datagrams_->vectors[index];
  answer.iov_len =
      core::WithdrawAnswer(static_cast<char*>(answer.iov_base), handled_[index].head_size);
  handled_[index].code = 500;
}

}  // namespace muster::sip
