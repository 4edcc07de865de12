#pragma once

// Event and Subscription-State (RFC 6665). The contract of all readers is in header_values.h.

#include <cstdint>
#include <optional>
#include <string_view>

#include "muster/parser/error.h"

namespace muster::parser {

/// RFC 6665 8.2.1, 8.4. Type and id are compared byte by byte.
struct Event {
  std::string_view type;     // "presence.winfo"
  std::string_view package;  // "presence", without its templates
  std::string_view id;       // empty = absent
  std::string_view params;   // all of them, after the first ';', or empty
};
/// Refused: an empty part of the type ("a..b"), an id that is doubled or no token.
bool ParseEvent(std::string_view value, Event& event, ParseError& error);

/// RFC 6665 8.2.3, 8.4.
struct SubscriptionState {
  enum class State : std::uint8_t { kOther, kActive, kPending, kTerminated };
  State state = State::kOther;
  std::string_view state_text;  // as received
  std::string_view reason;      // empty = absent
  std::optional<std::uint32_t> expires_seconds;
  std::optional<std::uint32_t> retry_after_seconds;
  std::string_view params;  // all of them, after the first ';', or empty
};
/// States ignore case. Refused: a doubled reason, expires or retry-after; a reason that is no
/// token; seconds that are no number up to 2^32-1.
bool ParseSubscriptionState(std::string_view value, SubscriptionState& state, ParseError& error);

}  // namespace muster::parser
