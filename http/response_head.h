#pragma once

// The status line and header fields of an answer, and the framing of its body (RFC 9112 6 and 7).

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "muster/http/message.h"

namespace muster::http {

enum class Framing {
  kContentLength,
  kChunked,
  kUntilClose,  // to HTTP/1.0, which knows no chunks
};

struct Delivery {
  Framing framing = Framing::kContentLength;
  bool keep_alive = true;
  absl::Time date;
};

/// Appends everything up to the empty line. A Content-Length is that of `response.body`.
void AppendHead(const Response& response, const Delivery& delivery, std::string& out);

/// Appends `piece` of a body as the framing wants it; for kChunked it must not be empty.
void AppendPiece(Framing framing, std::string_view piece, std::string& out);
/// Appends what tells the peer that the body is over.
void AppendEnd(Framing framing, std::string& out);

}  // namespace muster::http
