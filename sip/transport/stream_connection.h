#pragma once

// A SIP connection over TCP: cuts the stream into messages and answers them in order, down the same
// connection (RFC 3261 18.2.2).
//
// Confined to its loop's thread. It holds no buffer while it is idle: bytes are read into the
// loop's and only a message not yet whole is kept.

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "muster/core/endpoint.h"
#include "muster/parser/stream_framer.h"

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

 private:
  enum class Reading { kOn, kPaused, kEnded };

  void WaitForBytes();
  void OnReadable();
  bool ReadOnce();
  void Consume(std::string_view bytes);
  /// Bytes of `bytes` that are dealt with.
  std::size_t Serve(std::string_view bytes);
  void Answer(const parser::ParseResult& parsed);
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
  std::string partial_;  // received, not yet dealt with
  std::string answers_;  // not yet written, but for the first written_ bytes
  std::size_t written_ = 0;
  std::uint16_t sent_by_port_ = 0;
  TimePoint last_bytes_;
  TimePoint message_begun_;  // when partial_ began to wait
};

}  // namespace muster::sip
