#pragma once

// A SIP connection over TCP: cuts the stream into messages and answers them in order, down the same
// connection (RFC 3261 18.2.2).
//
// Confined to its loop's thread. It holds no buffer while it is idle: bytes are read into the
// loop's and only a message not yet whole is kept.

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "muster/core/endpoint.h"
#include "muster/parser/stream_framer.h"
#include "request_handler.h"

namespace muster::sip {

class StreamLoop;

class StreamConnection : public std::enable_shared_from_this<StreamConnection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using TimePoint = std::chrono::steady_clock::time_point;

  /// The loop outlives it.
  StreamConnection(StreamLoop& loop, Socket socket, const core::Source& source);

  void Start();
  void Close();
  /// Serves what has been received already, and closes it.
  void Finish();
  /// Closes it when it has been idle, or slow with a message, for too long.
  void CheckTimes(TimePoint now);
  /// Whether the first answer that waits for the journal need wait no longer.
  bool HasSettled() const;
  void OnSettled();

 private:
  enum class Reading { kOn, kPaused, kEnded };

  /// An answer in answers_ that waits for the journal.
  struct HeldAnswer {
    std::size_t begin;
    HandledMessage handled;
    absl::Time received_at;
  };

  void WaitForBytes();
  void OnReadable();
  bool ReadOnce();
  void Consume(std::string_view bytes);
  /// Bytes of `bytes` that are dealt with.
  std::size_t Serve(std::string_view bytes);
  void Answer(const parser::ParseResult& parsed);
  void CountAnswer(const HandledMessage& handled, absl::Time received_at);
  void ReleaseSettled();
  /// Blocks until no answer is held.
  void AwaitHeld();
  void Withdraw(HeldAnswer& held);
  /// Of answers_, up to the first that is held.
  std::size_t sendable() const { return held_.empty() ? answers_.size() : held_.front().begin; }
  void Flush();
  void WaitForRoom();
  void EndAfterFlush();
  void AwaitReset();
  void AnswerElsewhere();

  StreamLoop& loop_;
  Socket socket_;
  const core::Source source_;
  parser::StreamFramer framer_;
  Reading reading_ = Reading::kOn;
  std::string partial_;          // received, not yet dealt with
  std::string answers_;          // not yet written, but for the first written_ bytes
  std::deque<HeldAnswer> held_;  // in order
  std::size_t written_ = 0;
  std::uint16_t sent_by_port_ = 0;
  TimePoint last_bytes_;
  TimePoint message_begun_;  // when partial_ began to wait
};

}  // namespace muster::sip
