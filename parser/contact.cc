#include "scan_contact.h"

namespace muster::parser {

std::uint32_t ExpiresFrom(std::string_view text) {
  return ParseNumber(Trim(text), kMaxSeconds).value_or(kMalformedExpires);
}

bool ParseContact(std::string_view text, Contact& contact, ParseError& error) {
  Scanner in(text);
  return ScanContact(in, contact, error) && (in.AtEnd() || in.Fail(ErrorCode::kBadNameAddr, error));
}

}  // namespace muster::parser
