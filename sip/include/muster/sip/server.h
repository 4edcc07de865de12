#pragma once

// The SIP server: listens on UDP and TCP (RFC 3261 18), and answers what comes with a
// core::UserAgentServer.

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "muster/core/clock.h"
#include "muster/core/commits.h"
#include "muster/core/limits.h"
#include "muster/core/user_agent_server.h"
#include "muster/sip/counters.h"
#include "muster/sip/listen_address.h"

namespace muster::sip {

struct ServerOptions {
  std::vector<ListenAddress> listen;
  /// UDP threads, and as many for streams.
  std::size_t workers = 1;
  core::Limits limits;
};

/// Start and Stop are for one thread, the rest is thread-safe.
class Server {
 public:
  /// All but the options outlive it. `commits` are those of what `user_agent_server` changes.
  Server(ServerOptions options, const core::UserAgentServer& user_agent_server,
         core::Commits& commits, const core::Clock& clock);
  /// Stops first.
  ~Server();

  /// Opens all listeners, or none and says which could not be opened.
  absl::Status Start();
  /// Closes the listeners, answers what was received, joins the threads. Needs the commits to the
  /// end.
  void Stop();

  /// The listeners in the order given, with their real ports.
  const std::vector<ListenAddress>& listening() const;
  CounterValues counters() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::sip
