#include "muster/parser/header_values.h"

namespace muster::parser {

bool ParseBracketedAddress(std::string_view text, NameAddr& address, ParseError& error) {
  if (!ParseNameAddr(text, address, error)) return false;
  if (address.bracketed) return true;
  error = {ErrorCode::kBadNameAddr, static_cast<std::uint32_t>(address.text.data() - text.data())};
  return false;
}

}  // namespace muster::parser
