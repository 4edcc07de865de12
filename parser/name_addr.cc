#include <algorithm>

#include "values.h"

namespace muster::parser {
namespace {

// The errors of a URI inside the text that `in` reads.
bool ParseUriAt(const Scanner& in, std::string_view text, Uri& uri, ParseError& error) {
  if (ParseUri(text, uri, error)) return true;
  const std::uint32_t inside = error.offset;
  const ErrorCode code = error.code;
  Scanner at = in;
  at.Advance(inside);
  return at.Fail(code, error);
}

bool ScanBracketed(Scanner& in, NameAddr& address, ParseError& error) {
  in.Advance(1);
  const std::string_view rest = in.Rest();
  const std::size_t size = rest.find('>');
  if (size == std::string_view::npos) return in.Fail(ErrorCode::kBadNameAddr, error);
  if (!ParseUriAt(in, rest.substr(0, size), address.uri, error)) return false;
  address.bracketed = true;
  in.Advance(size + 1);
  return true;
}

// A URI without brackets ends where a header parameter, the next value, or white space begins.
bool ScanAddrSpec(Scanner& in, NameAddr& address, ParseError& error) {
  const std::string_view rest = in.Rest();
  const std::size_t size = std::min(rest.find_first_of(";,? \t\r\n"), rest.size());
  if (!ParseUriAt(in, rest.substr(0, size), address.uri, error)) return false;
  in.Advance(size);
  return true;
}

}  // namespace

bool ScanAddress(Scanner& in, NameAddr& address, ParseError& error) {
  address = NameAddr{};
  if (in.At('"')) {
    if (!in.TakeQuoted(address.display_name)) {
      return in.Fail(ErrorCode::kUnterminatedQuote, error);
    }
    in.SkipLws();
    return in.At('<') ? ScanBracketed(in, address, error) : in.Fail(ErrorCode::kBadNameAddr, error);
  }
  // Words before a '<' are a display name; a ':' before it makes them a URI's scheme.
  Scanner words = in;
  const char* const start = in.position();
  while (!words.Take(kDisplayName).empty()) {
    address.display_name = words.Since(start);
    words.SkipLws();
  }
  if (words.At('<')) {
    in = words;
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
