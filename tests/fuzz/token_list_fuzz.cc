// Any bytes as a comma list (Supported, Require, Allow), each item also as a quoted string and as a
// number of seconds.

#include <cstdint>
#include <string>
#include <vector>

#include "value_checks.h"

namespace muster::parser {
namespace {

using fuzz::MessageAround;
using fuzz::ReadList;

// The digits by hand: what ExpiresFrom must make of them.
std::uint64_t Seconds(std::string_view digits) {
  std::uint64_t seconds = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return 3'600;
    seconds = seconds * 10 + static_cast<std::uint64_t>(c - '0');
    if (seconds > 0xFFFF'FFFF) return 3'600;
  }
  return digits.empty() ? 3'600 : seconds;
}

// What was unquoted, quoted and unquoted again is the same.
void CheckUnquote(std::string_view item) {
  std::string plain(item.size(), '\0');
  plain.resize(Unquote(item, plain.data()));
  std::string quoted = "\"";
  for (const char c : plain) {
    if (c == '\r' || c == '\n') return;
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  quoted += '"';
  std::string again(quoted.size(), '\0');
  again.resize(Unquote(quoted, again.data()));
  FUZZ_CHECK(again == plain);
}

void CheckItem(std::string_view item) {
  std::vector<std::string_view> alone;
  FUZZ_CHECK(ReadList(item, alone) && alone.size() == 1 && alone.front() == item);
  FUZZ_CHECK(ExpiresFrom(item) == Seconds(item));
  CheckUnquote(item);
}

// The items joined again are the same list.
void CheckJoined(const std::vector<std::string_view>& items) {
  std::string joined;
  for (const std::string_view item : items) {
    if (!joined.empty()) joined += ",";
    joined += item;
  }
  std::vector<std::string_view> again;
  FUZZ_CHECK(ReadList(joined, again) && again == items);
}

void Check(std::string_view bytes) {
  std::vector<std::string_view> items, received;
  const bool sound = ReadList(bytes, items);
  for (const std::string_view item : items) CheckItem(item);
  CheckJoined(items);
  const MessageAround around(HeaderId::kSupported, bytes);
  if (!around.written()) return;
  FUZZ_CHECK(around.complete());
  FUZZ_CHECK(ReadList(around.value(), received) == sound && received == items);
}

}  // namespace
}  // namespace muster::parser

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  muster::parser::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
