// Any bytes as one Via, and as the Vias of a message: it takes those that the list has, and the
// first is its top one.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "value_checks.h"

namespace muster::parser {
namespace {

using fuzz::CheckError;
using fuzz::CheckParameters;
using fuzz::IsInside;
using fuzz::MessageAround;
using fuzz::ReadList;
using fuzz::ValueOf;

void CheckSameVia(const Via& a, const Via& b) {
  FUZZ_CHECK(a.text == b.text && a.transport == b.transport && a.host == b.host);
  FUZZ_CHECK(a.port == b.port && a.params == b.params && a.branch == b.branch);
  FUZZ_CHECK(a.received == b.received && a.has_rport == b.has_rport && a.rport == b.rport);
}

void CheckOne(std::string_view value) {
  Via via, again;
  ParseError error;
  if (!ParseVia(value, via, error)) return CheckError(error, value);
  FUZZ_CHECK(IsInside(via.text, value) && !via.host.empty() && !via.transport.empty());
  for (const std::string_view part : {via.transport, via.host, via.params}) {
    FUZZ_CHECK(IsInside(part, via.text));
  }
  FUZZ_CHECK(IsInside(via.branch, via.params) && IsInside(via.received, via.params));
  CheckParameters(via.params);
  FUZZ_CHECK(via.branch == ValueOf(via.params, "branch"));
  FUZZ_CHECK(via.received == ValueOf(via.params, "received"));
  FUZZ_CHECK(via.has_rport == FindParameter(via.params, "rport").has_value());
  FUZZ_CHECK(via.has_rport || via.rport == 0);
  FUZZ_CHECK(ParseVia(via.text, again, error));
  CheckSameVia(via, again);
}

void CheckInMessage(std::string_view bytes) {
  const MessageAround around(HeaderId::kVia, bytes);
  if (!around.written()) return;
  std::vector<std::string_view> items;
  Via via;
  const auto parse = [&via](std::string_view item) {
    ParseError error;
    return ParseVia(item, via, error);
  };
  const bool sound = ReadList(around.value(), items) && !items.empty() &&
                     items.size() <= kMaxListValues &&
                     std::all_of(items.begin(), items.end(), parse);
  FUZZ_CHECK(around.complete() == sound);
  if (!sound) return;
  FUZZ_CHECK(parse(items.front()));
  CheckSameVia(via, around.message().top_via);
}

void Check(std::string_view bytes) {
  CheckOne(bytes);
  CheckInMessage(bytes);
}

}  // namespace
}  // namespace muster::parser

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  muster::parser::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
