#pragma once

// What one side tells the other: Date, Retry-After, Warning, Server and User-Agent. The contract of
// all readers is in header_values.h.

#include <cstdint>
#include <optional>
#include <string_view>

#include "muster/parser/header_values.h"

namespace muster::parser {

/// "Sat, 13 Nov 2010 23:29:00 GMT" (RFC 3261 20.17, 25.1), as seconds since 1970. Each part has its
/// fixed width and its case. Refused: other zones, days that no month has, a weekday that is not
/// the date's, leap seconds.
bool ParseDate(std::string_view value, std::int64_t& unix_seconds, ParseError& error);

/// RFC 3261 20.33.
struct RetryAfter {
  std::uint32_t seconds = 0;
  std::string_view comment;  // with its parentheses; empty = absent
  std::optional<std::uint32_t> duration_seconds;
  std::string_view params;  // all of them, after the first ';', or empty
};
/// Refused: a duration that is doubled or no number up to 2^32-1.
bool ParseRetryAfter(std::string_view value, RetryAfter& retry_after, ParseError& error);

/// A value of Warning (RFC 3261 20.43).
struct Warning {
  std::uint16_t code = 0;  // three digits
  std::string_view agent;  // host and port, or a pseudonym
  std::string_view text;   // as received, with its quotes
};
/// More white space than the single spaces of the grammar is tolerated between the parts.
bool ParseWarning(std::string_view value, Warning& warning, ParseError& error);
using WarningReader = ValueListReader<Warning, ParseWarning, EmptyList::kRefused>;

/// One part of Server or User-Agent (RFC 3261 20.35, 20.41): a product or a comment, the other one
/// being empty.
struct Product {
  std::string_view name;
  std::string_view version;  // empty = absent
  std::string_view comment;  // with its parentheses, which may nest
};
/// Reads Server and User-Agent part by part. A comment right behind or before a product, without
/// white space, is tolerated. Many phones write what is neither (an '@', a second '/'): the reader
/// fails there, and the field's raw value is what there is.
class ProductReader {
 public:
  explicit ProductReader(std::string_view value) : value_(value) {}
  /// False at the end, or at an error (then failed()): a value without any part is one.
  bool Next(Product& product);
  bool failed() const { return error_.code != ErrorCode::kNone; }
  const ParseError& error() const { return error_; }

 private:
  std::string_view value_;
  std::size_t position_ = 0;
  ParseError error_;
};

}  // namespace muster::parser
