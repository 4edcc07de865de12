#pragma once

// Readers of header field values: lists of tokens, of addresses, of Vias; credentials.
// All take the raw value of a HeaderField (folds and all), allocate nothing, and do not throw.

#include <string_view>

#include "muster/parser/error.h"
#include "muster/parser/message.h"

namespace muster::parser {

/// Reads a comma list value by value, over one field's value. Commas inside quotes and angle
/// brackets do not part; empty values are an error, but for a list that is empty as a whole.
class ListReader {
 public:
  explicit ListReader(std::string_view value) : value_(value) {}
  /// False at the end, or at an error (then failed()). `item` is trimmed of white space.
  bool Next(std::string_view& item);
  bool failed() const { return failed_; }

 private:
  std::string_view value_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

/// One name-addr or addr-spec with its parameters (From, To, Route, Path, Contact but "*"). A URI
/// without brackets ends at the first ';', ',' or '?': what follows are header parameters
/// (RFC 3261 20, 20.10; RFC 8217).
bool ParseNameAddr(std::string_view text, NameAddr& address, ParseError& error);

/// One Contact with its parameters decoded.
bool ParseContact(std::string_view text, Contact& contact, ParseError& error);

/// One Via value (RFC 3261 20.42, RFC 3581).
bool ParseVia(std::string_view text, Via& via, ParseError& error);

/// Authorization, Proxy-Authorization, and the challenges (RFC 3261 25.1, RFC 7616): a scheme and
/// comma-separated parameters, unknown schemes included.
struct Credentials {
  std::string_view scheme;
  std::string_view params;  // raw, for FindAuthParameter
};
bool ParseCredentials(std::string_view value, Credentials& credentials, ParseError& error);
/// Value of a credential's parameter, quotes kept; nullopt when absent.
std::optional<std::string_view> FindAuthParameter(const Credentials& credentials,
                                                  std::string_view name);

/// delta-seconds as RFC 3261 10.3 wants it: no number or beyond 2^32-1 counts as 3600.
std::uint32_t ExpiresFrom(std::string_view text);

/// `text` ("quoted \"x\"" or a token) without quotes and backslashes, into `out`, which must have
/// room for text.size() bytes. Returns the bytes written.
std::size_t Unquote(std::string_view text, char* out);

}  // namespace muster::parser
