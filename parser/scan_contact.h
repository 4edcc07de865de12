#pragma once

// One Contact with its parameters, from where a scanner stands.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "basic_rules.h"
#include "muster/parser/header_values.h"
#include "scan_address.h"

namespace muster::parser {

/// RFC 3261 20.10 and 10.3: what is no delta-seconds is taken as an hour.
inline constexpr std::uint32_t kMalformedExpires = 3'600;

/// qvalue in thousandths: "0" or "1", and three decimals at most; not above 1.
MUSTER_ALWAYS_INLINE bool QValueFrom(std::string_view text, std::uint16_t& thousandths) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return false;
  if (text.size() > 1 && text[1] != '.') return false;
  constexpr int kWeights[] = {100, 10, 1};
  int number = text[0] == '1' ? 1'000 : 0;
  for (std::size_t i = 2; i < text.size(); ++i) {
    if (!Is(text[i], kDigit)) return false;
    number += (text[i] - '0') * kWeights[i - 2];
  }
  thousandths = static_cast<std::uint16_t>(number);
  return number <= 1'000;
}

namespace contact_internal {

// Of a parameter that stands twice the first good one counts. False where `in` gives up.
template <typename In>
MUSTER_ALWAYS_INLINE bool Decode(const In& in, const Parameter& parameter, Contact& contact) {
  constexpr std::uint32_t kMaxRegId = 0x7FFF'FFFF;  // RFC 5626 10
  const auto [name, value, has_value] = parameter;
  if (Is(name, "expires")) {
    if (contact.has_expires) return true;
    contact.has_expires = true;
    if (in.NumberIn(value, kMaxSeconds, contact.expires_seconds)) return true;
    contact.expires_seconds = kMalformedExpires;
    return !In::kGivesUp;
  }
  if (Is(name, "q")) {
    std::uint16_t thousandths = 0;
    if (!contact.q_text.empty() || !QValueFrom(value, thousandths)) return true;
    contact.q_text = value;
    contact.q_thousandths = thousandths;
  } else if (Is(name, "+sip.instance")) {
    if (!contact.instance.empty()) return true;
    std::string_view instance = value;
    Unwrap(instance, '"', '"');
    Unwrap(instance, '<', '>');
    contact.instance = instance;
  } else if (Is(name, "reg-id")) {
    if (contact.reg_id != 0 || in.NumberIn(value, kMaxRegId, contact.reg_id)) return true;
    contact.reg_id = 0;
    return !In::kGivesUp;
  }
  return true;
}

}  // namespace contact_internal

/// When it fails, `contact` may hold anything.
template <typename In>
MUSTER_ALWAYS_INLINE bool ScanContact(In& in, Contact& contact, ParseError& error) {
  contact.q_text = {};
  contact.q_thousandths = 1'000;
  contact.has_expires = false;
  contact.expires_seconds = 0;
  contact.instance = {};
  contact.reg_id = 0;
  const auto decode = [&](const Parameter& parameter) MUSTER_ALWAYS_INLINE_LAMBDA {
    return contact_internal::Decode(in, parameter, contact);
  };
  return ScanNameAddr(in, contact.address, error, decode);
}

}  // namespace muster::parser
