#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "absl/time/time.h"
#include "muster/core/commits.h"
#include "muster/core/limits.h"
#include "request_handler.h"
#include "transport/udp_socket.h"

namespace muster::sip {

/// One direction of a batch of datagrams, as recvmmsg and sendmmsg want it.
struct DatagramBatch {
  static constexpr std::size_t kSize = core::Limits::kUdpBatch;
  static constexpr std::size_t kControlBytes = CMSG_SPACE(sizeof(in6_pktinfo));

  std::array<mmsghdr, kSize> headers;
  std::array<iovec, kSize> vectors;
  std::array<sockaddr_storage, kSize> addresses;
  alignas(cmsghdr) std::array<std::array<char, kControlBytes>, kSize> controls;

  void Prepare(std::size_t index, char* bytes, std::size_t size, bool with_control);
};

/// A datagram's way back.
struct ReturnPath {
  const sockaddr_storage& peer;
  const core::Source& source;
};

/// Answers to a batch of datagrams, from being written to being sent.
///
/// All are sent at once, when the batches of the journal that they wait for have their outcome:
/// what waits for one that failed goes out as a 500. Confined to its worker's thread. Its memory is
/// kept; no more of it is touched than answers have needed.
class AnswerBatch {
 public:
  AnswerBatch();

  /// Begins anew: answers to what `socket` received at `received_at`.
  void Begin(const UdpSocket& socket, absl::Time received_at);

  /// Room for one more answer, Limits::kMaxAnswerBytes.
  std::span<char> room() const { return {bytes_.get() + used_, core::Limits::kMaxAnswerBytes}; }
  /// Takes the answer that stands at the beginning of room().
  void Add(const HandledMessage& handled, const ReturnPath& path);

  bool empty() const { return count_ == 0; }
  /// The last batch of the journal that an answer waits for.
  core::BatchNumber waits_for() const { return waits_for_; }
  absl::Time received_at() const { return received_at_; }

  /// Once the outcome of waits_for() is known. Counts the REGISTERs, and returns how many there
  /// are.
  std::uint64_t Send(const core::Commits& commits, Counters& counters);

 private:
  void Withdraw(std::size_t index);

  const UdpSocket* socket_ = nullptr;
  absl::Time received_at_;
  core::BatchNumber waits_for_ = 0;
  std::size_t count_ = 0;
  std::size_t used_ = 0;
  std::array<HandledMessage, DatagramBatch::kSize> handled_;
  const std::unique_ptr<DatagramBatch> datagrams_;
  const std::unique_ptr<char[]> bytes_;  // one answer behind the other
};

}  // namespace muster::sip
