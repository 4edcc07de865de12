#include <algorithm>

#include "scan_contact.h"

namespace muster::parser {

std::optional<std::uint16_t> QValueFrom(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int thousandths = text[0] == '1' ? 1'000 : 0;
  int weight = 100;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (!Is(c, kDigit)) return std::nullopt;
    thousandths += (c - '0') * weight;
    weight /= 10;
  }
  if (thousandths > 1'000) return std::nullopt;
  return static_cast<std::uint16_t>(thousandths);
}

std::uint32_t ExpiresFrom(std::string_view text) { return ExpiresIn(Scanner(text), Trim(text)); }

bool ParseContact(std::string_view text, Contact& contact, ParseError& error) {
  Scanner in(text);
  return ScanContact(in, contact, error) && (in.AtEnd() || in.Fail(ErrorCode::kBadNameAddr, error));
}

}  // namespace muster::parser
