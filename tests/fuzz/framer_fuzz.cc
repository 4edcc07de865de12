// A stream cut anywhere gives the frames that it gives whole. The first byte chooses the cuts.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "check.h"
#include "muster/parser/stream_framer.h"

namespace {

using namespace muster::parser;

struct Seen {
  FrameKind kind;
  std::size_t size;
  ErrorCode code;
  std::string call_id;
  std::string body;
  bool operator==(const Seen&) const = default;
};

// Feeds pieces whose lengths come from `cuts`, a linear congruence; 0 feeds all at once.
std::vector<Seen> Frames(std::string_view bytes, std::uint32_t cuts) {
  static Message message;
  StreamFramer framer;
  std::vector<Seen> seen;
  std::size_t consumed = 0, received = cuts == 0 ? bytes.size() : 0;
  for (;;) {
    const Frame frame = framer.Next(bytes.substr(consumed, received - consumed), message);
    if (frame.kind == FrameKind::kNeedMore) {
      if (received == bytes.size()) break;
      cuts = cuts * 1'664'525 + 1'013'904'223;
      received = std::min(bytes.size(), received + 1 + (cuts >> 24) % 40);
      continue;
    }
    const bool whole = frame.kind == FrameKind::kMessage;
    seen.push_back({frame.kind, frame.size, frame.error.code,
                    std::string(whole ? message.call_id : ""),
                    std::string(whole ? message.body : "")});
    if (frame.kind == FrameKind::kMalformed) break;
    FUZZ_CHECK(frame.size > 0 && frame.size <= received - consumed);
    consumed += frame.size;
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = Frames(bytes, 0);
  FUZZ_CHECK(Frames(bytes, data[0] + 1u) == whole);
  FUZZ_CHECK(Frames(bytes, data[size / 2] + 257u) == whole);
  return 0;
}
