// Any bytes as credentials or a challenge: what is accepted has a scheme, and each of its
// parameters is found by its name.

#include <cstdint>
#include <string>
#include <vector>

#include "value_checks.h"

namespace muster::parser {
namespace {

using fuzz::CheckError;
using fuzz::IsInside;
using fuzz::MessageAround;
using fuzz::ReadList;

// The name in front of an item's '=', as ListReader cuts them.
std::string_view NameOf(std::string_view item) {
  return item.substr(0, item.find_first_of("= \t\r\n"));
}

void CheckFind(const Credentials& credentials) {
  FUZZ_CHECK(!FindAuthParameter(credentials, "").has_value());
  std::vector<std::string_view> items;
  if (!ReadList(credentials.params, items)) return;
  for (const std::string_view item : items) {
    const auto value = FindAuthParameter(credentials, NameOf(item));
    // A token68 has no parameters.
    FUZZ_CHECK(value.has_value() || items.size() == 1);
    if (!value) continue;
    FUZZ_CHECK(!value->empty() && IsInside(*value, credentials.params));
    std::string out(value->size(), '\0');
    FUZZ_CHECK(Unquote(*value, out.data()) <= value->size());
  }
}

void CheckAlone(std::string_view value) {
  Credentials credentials, again;
  ParseError error;
  if (!ParseCredentials(value, credentials, error)) return CheckError(error, value);
  FUZZ_CHECK(!credentials.scheme.empty() && IsInside(credentials.scheme, value));
  FUZZ_CHECK(IsInside(credentials.params, value));
  CheckFind(credentials);
  std::string text(credentials.scheme);
  if (!credentials.params.empty()) text.append(" ").append(credentials.params);
  FUZZ_CHECK(ParseCredentials(text, again, error));
  FUZZ_CHECK(again.scheme == credentials.scheme && again.params == credentials.params);
  for (const std::string_view name : {"realm", "nonce", "username"}) {
    FUZZ_CHECK(FindAuthParameter(again, name) == FindAuthParameter(credentials, name));
  }
}

void Check(std::string_view bytes) {
  CheckAlone(bytes);
  const MessageAround around(HeaderId::kAuthorization, bytes);
  if (!around.written()) return;
  FUZZ_CHECK(around.complete());  // it stays raw, whatever it is
  Credentials direct, received;
  ParseError error;
  const bool accepted = ParseCredentials(bytes, direct, error);
  FUZZ_CHECK(ParseCredentials(around.value(), received, error) == accepted);
  FUZZ_CHECK(direct.scheme == received.scheme && direct.params == received.params);
}

}  // namespace
}  // namespace muster::parser

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  muster::parser::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
