// Any bytes as each kind of header field value.

#include <cstdint>
#include <string>

#include "check.h"
#include "muster/parser/header_values.h"

namespace {

using namespace muster::parser;
using muster::fuzz::IsInside;

void CheckParameters(std::string_view params) {
  ParameterReader reader(params);
  std::size_t end = 0;
  for (Parameter parameter; reader.Next(parameter);) {
    FUZZ_CHECK(!parameter.name.empty() && IsInside(parameter.name, params));
    FUZZ_CHECK(IsInside(parameter.value, params));
    const std::string_view last = parameter.has_value ? parameter.value : parameter.name;
    end = static_cast<std::size_t>(last.data() + last.size() - params.data());
    FUZZ_CHECK(FindParameter(params, parameter.name).has_value());
  }
  FUZZ_CHECK(end == params.size());  // read to the end: nothing that was accepted is lost
}

void CheckAddresses(std::string_view value) {
  NameAddr address;
  Contact contact;
  ParseError error;
  const bool accepted = ParseNameAddr(value, address, error);
  FUZZ_CHECK(accepted || (error.code != ErrorCode::kNone && error.offset <= value.size()));
  FUZZ_CHECK(ParseContact(value, contact, error) == accepted);
  if (!accepted) return;
  FUZZ_CHECK(IsInside(address.text, value) && IsInside(address.display_name, address.text));
  FUZZ_CHECK(contact.address.text == address.text && contact.q_thousandths <= 1'000);
  CheckParameters(address.params);
  NameAddr again;
  FUZZ_CHECK(ParseNameAddr(address.text, again, error));
  FUZZ_CHECK(again.text == address.text && again.uri.text == address.uri.text);
}

void CheckVia(std::string_view value) {
  Via via, again;
  ParseError error;
  if (!ParseVia(value, via, error)) {
    FUZZ_CHECK(error.code != ErrorCode::kNone && error.offset <= value.size());
    return;
  }
  CheckParameters(via.params);
  FUZZ_CHECK(!via.host.empty() && !via.transport.empty());
  FUZZ_CHECK(ParseVia(via.text, again, error));
  FUZZ_CHECK(again.text == via.text && again.branch == via.branch && again.port == via.port);
}

void CheckList(std::string_view value) {
  ListReader reader(value);
  const char* last = value.data();
  for (std::string_view item; reader.Next(item);) {
    FUZZ_CHECK(!item.empty() && IsInside(item, value) && item.data() >= last);
    last = item.data() + item.size();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  CheckAddresses(value);
  CheckVia(value);
  CheckList(value);
  Credentials credentials;
  ParseError error;
  if (ParseCredentials(value, credentials, error)) {
    FUZZ_CHECK(!credentials.scheme.empty() && IsInside(credentials.params, value));
    const auto realm = FindAuthParameter(credentials, "realm");
    FUZZ_CHECK(!realm || IsInside(*realm, value));
  }
  std::string out(size, '\0');
  FUZZ_CHECK(Unquote(value, out.data()) <= size);
  ExpiresFrom(value);
  return 0;
}
