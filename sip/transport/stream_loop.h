#pragma once

// A thread that serves stream connections, each of them confined to it.

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "muster/core/clock.h"
#include "muster/core/commits.h"
#include "muster/core/limits.h"
#include "muster/sip/counters.h"
#include "request_handler.h"
#include "transport/stream_connection.h"

namespace muster::sip {

class StreamLoop : private core::CommitListener {
 public:
  /// What all loops of a server share: how many connections there are.
  using ConnectionCount = std::atomic<std::size_t>;

  /// All but `limits` outlive it.
  StreamLoop(const core::Limits& limits, const core::UserAgentServer& server,
             ServerTransactions& transactions, core::Commits& commits, const core::Clock& clock,
             ConnectionCount& count);
  /// Stops first.
  ~StreamLoop() override;

  void Start();
  /// Closes all connections and joins the thread.
  void Stop();

  /// Counts one more connection, unless there are Limits::max_stream_connections. Thread-safe.
  bool ReserveConnection();
  void ReleaseConnection() { count_.fetch_sub(1, std::memory_order_relaxed); }

  /// Takes over a connection that was accepted on io() and reserved. Thread-safe.
  void Adopt(StreamConnection::Socket socket, const core::Source& source);

  boost::asio::io_context& io() { return io_; }
  const Counters& counters() const { return handler_.counters(); }

  // For its connections.
  const core::Limits& limits() const { return limits_; }
  RequestHandler& handler() { return handler_; }
  absl::Time Now() const { return clock_.Now(); }
  std::span<char> read_buffer() { return *read_buffer_; }
  std::span<char> answer_buffer() { return *answer_buffer_; }
  void Forget(const std::shared_ptr<StreamConnection>& connection);
  core::Commits& commits() { return commits_; }
  /// Calls the connection's OnSettled when batches of the journal have got their outcome, once.
  void AwaitSettled(std::shared_ptr<StreamConnection> connection);

 private:
  void OnSettled() override;
  void ResumeWaiting();

  void Tick();

  const core::Limits limits_;
  RequestHandler handler_;
  core::Commits& commits_;
  const core::Clock& clock_;
  ConnectionCount& count_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  const std::unique_ptr<std::array<char, 65'536>> read_buffer_;
  const std::unique_ptr<std::array<char, core::Limits::kMaxAnswerBytes>> answer_buffer_;
  absl::flat_hash_set<std::shared_ptr<StreamConnection>> connections_;
  std::vector<std::shared_ptr<StreamConnection>> waiting_;  // for the journal
  std::atomic<bool> any_waiting_{false};
  std::thread thread_;
};

}  // namespace muster::sip
