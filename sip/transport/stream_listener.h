#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "muster/sip/listen_address.h"
#include "transport/stream_loop.h"

namespace muster::sip {

/// A listening TCP socket: accepted connections are dealt out to the loops in turn. Its handlers
/// run on the first loop.
class StreamListener {
 public:
  /// `loops`, at least one, outlive it.
  explicit StreamListener(const std::vector<std::unique_ptr<StreamLoop>>& loops);

  /// Listens on `where`, and puts the real port into it.
  absl::Status Open(ListenAddress& where);
  void Accept();
  void Close();

  /// Connections closed at once because there were too many. Thread-safe.
  std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

 private:
  void AcceptLater();
  void TakeOver(StreamLoop& loop, StreamConnection::Socket socket);

  const std::vector<std::unique_ptr<StreamLoop>>& loops_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::size_t next_ = 0;
  std::atomic<std::uint64_t> refused_{0};
};

}  // namespace muster::sip
