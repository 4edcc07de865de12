// Any bytes as a URI, and two URIs apart by a line feed against each other.

#include <cstdint>
#include <string>

#include "check.h"
#include "muster/parser/uri.h"

namespace {

using namespace muster::parser;
using muster::fuzz::IsInside;

bool Check(std::string_view text, Uri& uri) {
  ParseError error;
  std::string out(text.size(), '\0');
  FUZZ_CHECK(Unescape(text, out.data()) <= text.size());
  ParameterReader any(text);
  std::size_t count = 0;
  for (Parameter parameter; any.Next(parameter); ++count) {
    FUZZ_CHECK(IsInside(parameter.name, text) && IsInside(parameter.value, text));
    FUZZ_CHECK(count <= text.size());
  }
  if (!ParseUri(text, uri, error)) {
    FUZZ_CHECK(error.code != ErrorCode::kNone && error.offset <= text.size());
    return false;
  }
  for (const std::string_view part :
       {uri.scheme_text, uri.user, uri.password, uri.host, uri.params, uri.headers}) {
    FUZZ_CHECK(IsInside(part, text));
  }
  FUZZ_CHECK(uri.text == text);
  FUZZ_CHECK(Equivalent(uri, uri));
  // What was accepted reads as parameters to its end.
  ParameterReader reader(uri.params);
  std::size_t read = 0;
  for (Parameter parameter; reader.Next(parameter);) {
    read += parameter.name.size() + parameter.has_value + parameter.value.size() + 1;
  }
  FUZZ_CHECK(uri.params.empty() ? read == 0 : read == uri.params.size() + 1);
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t middle = std::min(bytes.find('\n'), size);
  Uri a, b;
  const bool first = Check(bytes.substr(0, middle), a);
  const bool second = Check(bytes.substr(std::min(middle + 1, size)), b);
  if (first && second) FUZZ_CHECK(Equivalent(a, b) == Equivalent(b, a));
  return 0;
}
