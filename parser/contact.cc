#include <algorithm>

#include "values.h"

namespace muster::parser {
namespace {

// RFC 3261 20.10 and 10.3: what is no delta-seconds is taken as an hour.
constexpr std::uint32_t kMalformedExpiresSeconds = 3'600;
constexpr std::uint32_t kMaxExpiresSeconds = 0xFFFF'FFFF;
// RFC 5626 11.1.
constexpr std::uint32_t kMaxRegId = 0x7FFF'FFFF;

// qvalue in thousandths: "0" or "1", and three decimals at most; not above 1.
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

std::string_view WithoutEnds(std::string_view text, char first, char last) {
  const bool both = text.size() >= 2 && text.front() == first && text.back() == last;
  return both ? text.substr(1, text.size() - 2) : text;
}

// Of a parameter that stands twice the first counts, as for FindParameter.
void DecodeParameter(const Scanner& in, const Parameter& parameter, Contact& contact) {
  const auto [name, value, has_value] = parameter;
  if (Is(name, "expires")) {
    if (contact.has_expires) return;
    contact.has_expires = true;
    contact.expires_seconds = ExpiresFrom(in, value);
  } else if (Is(name, "q")) {
    const auto q = QValueFrom(value);
    if (!contact.q_text.empty() || !q) return;
    contact.q_text = value;
    contact.q_thousandths = *q;
  } else if (Is(name, "+sip.instance")) {
    if (contact.instance.empty()) {
      contact.instance = WithoutEnds(WithoutEnds(value, '"', '"'), '<', '>');
    }
  } else if (Is(name, "reg-id")) {
    if (contact.reg_id == 0) contact.reg_id = in.NumberIn(value, kMaxRegId).value_or(0);
  }
}

}  // namespace

std::uint32_t ExpiresFrom(const Scanner& in, std::string_view text) {
  return in.NumberIn(text, kMaxExpiresSeconds).value_or(kMalformedExpiresSeconds);
}

std::uint32_t ExpiresFrom(std::string_view text) {
  return ParseNumber(Trim(text), kMaxExpiresSeconds).value_or(kMalformedExpiresSeconds);
}

bool ScanContact(Scanner& in, Contact& contact, ParseError& error) {
  contact = Contact{};
  return ScanNameAddr(in, contact.address, error, [&](const Parameter& parameter) {
    DecodeParameter(in, parameter, contact);
    return true;
  });
}

bool ParseContact(std::string_view text, Contact& contact, ParseError& error) {
  Scanner in(text);
  return ScanContact(in, contact, error) && (in.AtEnd() || in.Fail(ErrorCode::kBadNameAddr, error));
}

}  // namespace muster::parser
