#pragma once

// One HTTP connection: reads a request, asks the router, writes the answer, and so on, within the
// limits. Confined to the server's thread, but for what it has done by the work threads.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>

#include "muster/core/clock.h"
#include "muster/core/commits.h"
#include "muster/core/limits.h"
#include "muster/http/router.h"
#include "work_threads.h"

namespace muster::http {

class Session {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// What all sessions of a server share; outlives them.
  struct Environment {
    const Router& router;
    const core::Clock& clock;
    const core::Limits& limits;
    const core::Commits& commits;
    WorkThreads& work_threads;
  };

  Session(boost::asio::ip::tcp::socket socket, const Environment& environment);
  ~Session();

  /// The connection's whole life; the session must live until it ends.
  boost::asio::awaitable<void> Serve();
  /// In place of Serve: says that there are too many connections.
  boost::asio::awaitable<void> Refuse();
  /// Makes Serve end after the answer under way, at once when there is none.
  void Stop();
  /// Closes the connection when it has waited for its peer longer than it may. To be called again
  /// and again: a timer for each wait would cost as much as the parsing.
  void EndIfLate(Deadline now);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::http
