#pragma once

// A thread that serves UDP: takes batches of datagrams from its sockets, answers each, sends the
// answers as one batch. Nothing is allocated per message.

#include <memory>
#include <vector>

#include "muster/core/clock.h"
#include "muster/sip/counters.h"
#include "request_handler.h"
#include "transport/udp_socket.h"

namespace muster::sip {

class UdpWorker {
 public:
  /// `server`, `transactions` and `clock` outlive it.
  UdpWorker(std::vector<UdpSocket> sockets, const core::UserAgentServer& server,
            ServerTransactions& transactions, const core::Clock& clock);
  /// Stops first.
  ~UdpWorker();

  void Start();
  /// Serves what has been received already, within reason, and joins the thread.
  void Stop();

  const Counters& counters() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::sip
