#pragma once

// Cuts a byte stream (TCP, TLS) into SIP messages (RFC 3261 18.3, RFC 5626 3.5.1).
//
// The caller keeps the bytes; the framer remembers how far they have been looked at, so that a
// message which comes byte by byte costs linear time. Thread-compatible.

#include <cstddef>
#include <string_view>

#include "muster/parser/message.h"

namespace muster::parser {

enum class FrameKind {
  kNeedMore,   // nothing whole yet
  kMessage,    // `size` bytes are one message, and `message` is filled
  kPing,       // CRLFCRLF between messages: answer CRLF; `size` bytes consumed
  kBlank,      // a CRLF between messages (a pong, or padding): `size` bytes consumed, no answer
  kMalformed,  // answer if it can be answered, then close; `message` as ParseMessage leaves it
};

struct Frame {
  FrameKind kind;
  std::size_t size = 0;
  ParseError error;
};

class StreamFramer {
 public:
  /// Looks at `bytes`: all that was received and not yet consumed, from its first byte. After
  /// kMessage, kPing or kBlank drop `size` bytes from the front before the next call.
  Frame Next(std::string_view bytes, Message& message);

 private:
  std::size_t scanned_ = 0;  // bytes in which no end of the header section was found
  std::size_t needed_ = 0;   // size of the message, once its header section is complete
};

}  // namespace muster::parser
