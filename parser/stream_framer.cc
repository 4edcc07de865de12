#include "muster/parser/stream_framer.h"

#include <cstring>

namespace muster::parser {
namespace {

// Whether a parse can tell more than "go on": the header section ends behind `from`, or a line ends
// without CR, or the section has grown too large.
bool HeaderSectionIsOver(std::string_view bytes, std::size_t from) {
  while (from < bytes.size()) {
    const void* const found = std::memchr(bytes.data() + from, '\n', bytes.size() - from);
    if (found == nullptr) break;
    const auto line_end = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
    if (line_end == 0 || bytes[line_end - 1] != '\r') return true;
    if (line_end >= 2 && bytes[line_end - 2] == '\n') return true;
    from = line_end + 1;
  }
  return bytes.size() >= kMaxHeaderSectionBytes;
}

}  // namespace

Frame StreamFramer::Next(std::string_view bytes, Message& message) {
  if (bytes.size() < needed_) return {FrameKind::kNeedMore, 0, {}};
  if (needed_ == 0) {
    if (bytes.starts_with("\r\n")) {
      if (bytes.starts_with("\r\n\r\n")) return {FrameKind::kPing, 4, {}};
      // A CRLF alone, or with a CR behind it, may still become a ping.
      const bool may_be_ping = bytes.size() == 2 || (bytes.size() == 3 && bytes[2] == '\r');
      if (!may_be_ping) return {FrameKind::kBlank, 2, {}};
      return {FrameKind::kNeedMore, 0, {}};
    }
    if (!HeaderSectionIsOver(bytes, scanned_)) {
      scanned_ = bytes.size();
      return {FrameKind::kNeedMore, 0, {}};
    }
  }
  const ParseResult result = ParseMessage(bytes, Framing::kStream, message);
  scanned_ = 0;
  needed_ = 0;
  switch (result.outcome) {
    case ParseOutcome::kComplete:
      return {FrameKind::kMessage, result.size, {}};
    case ParseOutcome::kNeedMore:
      needed_ = result.size;
      return {FrameKind::kNeedMore, 0, {}};
    case ParseOutcome::kMalformed:
      break;
  }
  return {FrameKind::kMalformed, 0, result.error};
}

}  // namespace muster::parser
