#pragma once

// One Contact with its parameters, from where a scanner stands.

#include <cstdint>
#include <optional>
#include <string_view>

#include "basic_rules.h"
#include "muster/parser/header_values.h"
#include "scan_address.h"

namespace muster::parser {

/// qvalue in thousandths: "0" or "1", and three decimals at most; not above 1.
std::optional<std::uint16_t> QValueFrom(std::string_view text);

/// ExpiresFrom for a part of what `in` reads, without white space around it.
template <typename In>
MUSTER_ALWAYS_INLINE std::uint32_t ExpiresIn(const In& in, std::string_view text) {
  // RFC 3261 20.10 and 10.3: what is no delta-seconds is taken as an hour.
  constexpr std::uint32_t kMalformed = 3'600;
  std::uint32_t seconds = 0;
  return in.NumberIn(text, kMaxSeconds, seconds) ? seconds : kMalformed;
}

namespace contact_internal {

// Of a parameter that stands twice the first good one counts.
template <typename In>
MUSTER_ALWAYS_INLINE void Decode(const In& in, const Parameter& parameter, Contact& contact) {
  constexpr std::uint32_t kMaxRegId = 0x7FFF'FFFF;  // RFC 5626 10
  const auto [name, value, has_value] = parameter;
  if (Is(name, "expires")) {
    if (contact.has_expires) return;
    contact.has_expires = true;
    contact.expires_seconds = ExpiresIn(in, value);
  } else if (Is(name, "q")) {
    const auto q = QValueFrom(value);
    if (!contact.q_text.empty() || !q) return;
    contact.q_text = value;
    contact.q_thousandths = *q;
  } else if (Is(name, "+sip.instance")) {
    if (!contact.instance.empty()) return;
    contact.instance = value;
    Unwrap(contact.instance, '"', '"');
    Unwrap(contact.instance, '<', '>');
  } else if (Is(name, "reg-id")) {
    std::uint32_t reg_id = 0;
    if (contact.reg_id == 0 && in.NumberIn(value, kMaxRegId, reg_id)) contact.reg_id = reg_id;
  }
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
    contact_internal::Decode(in, parameter, contact);
    return true;
  };
  return ScanNameAddr(in, contact.address, error, decode);
}

}  // namespace muster::parser
