#pragma once

// A thread that serves UDP: takes batches of datagrams from its sockets, answers each, and sends
// the answers as one batch: at once what waits for nothing, the rest when the journal has stored
// what it tells of. Meanwhile it receives more, up to Limits::kUdpWaitingBatches. Nothing is
// allocated per message.

#include <memory>
#include <vector>

#include "muster/core/clock.h"
#include "muster/sip/counters.h"
#include "request_handler.h"
#include "transport/udp_socket.h"

namespace muster::sip {

class UdpWorker {
 public:
  /// All but the sockets outlive it.
  UdpWorker(std::vector<UdpSocket> sockets, const core::UserAgentServer& server,
            ServerTransactions& transactions, core::Commits& commits, const core::Clock& clock);
  /// Stops first.
  ~UdpWorker();

  void Start();
  /// Serves what has been received already, within reason, sends what waits, and joins the thread.
  void Stop();

  const Counters& counters() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::sip
