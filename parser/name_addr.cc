#include "muster/parser/header_values.h"
#include "scan_address.h"

namespace muster::parser {
namespace {

// A URI without brackets ends where a header parameter, the next value, or white space begins.
bool ScanAddrSpec(Scanner& in, NameAddr& address, ParseError& error) {
  const std::string_view rest = in.Rest();
  const std::string_view text = rest.substr(0, rest.find_first_of(";,? \t\r\n"));
  const bool parsed = ParseUri(text, address.uri, error);
  in.Advance(parsed ? text.size() : error.offset);
  return parsed || in.Fail(error.code, error);
}

}  // namespace

bool ScanUnbracketed(Scanner& in, NameAddr& address, ParseError& error) {
  // Words before a '<' are a display name; a ':' before it makes them a URI's scheme.
  Scanner words = in;
  const char* const start = in.position();
  while (!words.Take(kDisplayName).empty()) {
    address.display_name = words.Since(start);
    words.SkipLws();
  }
  if (words.At('<')) {
    in.MoveTo(words);
    return ScanBracketed(in, address, error);
  }
  if (!words.At(':')) return words.Fail(ErrorCode::kBadNameAddr, error);
  address.display_name = {};
  return ScanAddrSpec(in, address, error);
}

bool ParseNameAddr(std::string_view text, NameAddr& address, ParseError& error) {
  Scanner in(text);
  if (!ScanNameAddr(in, address, error, [](const Parameter&) { return true; })) return false;
  return in.AtEnd() || in.Fail(ErrorCode::kBadNameAddr, error);
}

}  // namespace muster::parser
