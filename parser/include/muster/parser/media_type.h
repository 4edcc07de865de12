#pragma once

// Content-Type and Accept. The contract of all readers is in header_values.h.

#include <string_view>

#include "muster/parser/header_values.h"

namespace muster::parser {

struct MediaType {
  std::string_view type;     // "application"; "*" in Accept alone
  std::string_view subtype;  // "sdp"; "*" in Accept alone
  std::string_view params;   // after the first ';', or empty; of a doubled one the first counts
};

/// Content-Type: one media type, whose parameters all have a value (RFC 3261 20.15, 25.1). White
/// space around the '/' is allowed.
bool ParseMediaType(std::string_view value, MediaType& media_type, ParseError& error);

/// A value of Accept: the same, or "type/*", or "*/*"; parameters may do without a value, and "q"
/// is among them, unchecked (RFC 3261 20.1, 25.1).
bool ParseMediaRange(std::string_view value, MediaType& range, ParseError& error);
/// Accept may be empty: no body is acceptable then.
using MediaRangeReader = ValueListReader<MediaType, ParseMediaRange, EmptyList::kAllowed>;

}  // namespace muster::parser
