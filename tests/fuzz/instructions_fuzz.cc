// Any bytes with and without the index of SIMD instructions: the same result, error and place of
// it, and the same message, whatever the message was used for before.

#include <cstdint>

#include "check.h"
#include "parser/message_parser.h"
#include "same_message.h"

namespace {

using namespace muster::parser;

void CheckFraming(std::string_view bytes, Framing framing) {
  static Message by_bytes, by_index;
  const Instructions best = BestInstructions();
  const ParseResult slow = ParseMessageWith(Instructions::kPortable, bytes, framing, by_bytes);
  for (const Instructions each : {Instructions::kAvx2, Instructions::kAvx512}) {
    if (each > best) break;
    const ParseResult fast = ParseMessageWith(each, bytes, framing, by_index);
    FUZZ_CHECK(muster::fuzz::SameResult(slow, fast));
    if (slow.outcome == ParseOutcome::kNeedMore) continue;
    FUZZ_CHECK(muster::fuzz::SameMessage(by_bytes, by_index));
  }
  if (slow.outcome == ParseOutcome::kNeedMore) return;
  // A message that was never used before.
  static const Message kFresh{};
  Message fresh = kFresh;
  ParseMessageWith(best, bytes, framing, fresh);
  FUZZ_CHECK(muster::fuzz::SameMessage(by_bytes, fresh));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CheckFraming(bytes, Framing::kDatagram);
  CheckFraming(bytes, Framing::kStream);
  return 0;
}
