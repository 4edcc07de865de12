#include <algorithm>

#include "values.h"

namespace muster::parser {
namespace {

// At '<'.
bool ScanBracketed(Scanner& in, NameAddr& address, ParseError& error) {
  const Scanner bracket = in;
  in.Advance(1);
  const bool scanned = ScanUri(in, address.uri, error);
  if (scanned && in.Skip('>')) {
    address.bracketed = true;
    return true;
  }
  if (bracket.Rest().find('>') == std::string_view::npos) {
    return bracket.Fail(ErrorCode::kBadNameAddr, error);
  }
  return scanned ? in.Fail(ErrorCode::kBadUri, error) : false;
}

// A URI without brackets ends where a header parameter, the next value, or white space begins.
bool ScanAddrSpec(Scanner& in, NameAddr& address, ParseError& error) {
  const std::string_view rest = in.Rest();
  const std::size_t size = std::min(rest.find_first_of(";,? \t\r\n"), rest.size());
  Scanner bounded = in.Part(size);
  const bool whole = ScanUri(bounded, address.uri, error) &&
                     (bounded.AtEnd() || bounded.Fail(ErrorCode::kBadUri, error));
  in.MoveTo(bounded);
  return whole;
}

}  // namespace

bool ScanAddress(Scanner& in, NameAddr& address, ParseError& error) {
  address = NameAddr{};
  if (in.At('<')) return ScanBracketed(in, address, error);
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
