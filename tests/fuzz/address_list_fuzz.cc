// Any bytes as an address (To) and as a list of them (Path).

#include <algorithm>
#include <cstdint>
#include <vector>

#include "value_checks.h"

namespace muster::parser {
namespace {

using fuzz::CheckAddress;
using fuzz::CheckError;
using fuzz::CheckSame;
using fuzz::MessageAround;
using fuzz::ReadList;
using fuzz::ValueOf;

bool CheckOne(std::string_view value, NameAddr& address) {
  ParseError error;
  if (!ParseNameAddr(value, address, error)) {
    CheckError(error, value);
    return false;
  }
  CheckAddress(address, value);
  NameAddr again;
  FUZZ_CHECK(ParseNameAddr(address.text, again, error));
  CheckSame(address, again);
  Uri uri;
  FUZZ_CHECK(ParseUri(address.uri.text, uri, error) && uri.host == address.uri.host);
  return true;
}

void CheckTo(std::string_view bytes) {
  const MessageAround around(HeaderId::kTo, bytes);
  if (!around.written()) return;
  NameAddr address;
  const bool accepted = CheckOne(around.value(), address);
  const Message& message = around.message();
  if (!around.complete()) {
    FUZZ_CHECK(message.to.text.empty() && message.to_tag.empty());
    // A tag is a token: the only thing that To does not share with other addresses.
    FUZZ_CHECK(!accepted || FindParameter(address.params, "tag").has_value());
    return;
  }
  FUZZ_CHECK(accepted);
  CheckSame(message.to, address);
  FUZZ_CHECK(message.to_tag == ValueOf(address.params, "tag"));
}

void CheckPath(std::string_view bytes) {
  const MessageAround around(HeaderId::kPath, bytes);
  if (!around.written()) return;
  std::vector<std::string_view> items;
  const bool sound = ReadList(around.value(), items) && !items.empty() &&
                     items.size() <= kMaxListValues &&
                     std::all_of(items.begin(), items.end(), [](std::string_view item) {
                       NameAddr address;
                       return CheckOne(item, address) && address.bracketed;
                     });
  FUZZ_CHECK(around.complete() == sound);
}

void Check(std::string_view bytes) {
  NameAddr address;
  CheckOne(bytes, address);
  CheckTo(bytes);
  CheckPath(bytes);
}

}  // namespace
}  // namespace muster::parser

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  muster::parser::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
