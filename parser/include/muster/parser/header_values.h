#pragma once

// Readers of header field values. ParseMessage decodes what a REGISTER needs; all else is read
// here, on demand, out of the raw value of a HeaderField (folds and all).
//
//   Route, Record-Route, Path, Service-Route, P-Associated-URI     AddressListReader
//   Contact, Via                                                   ParseContact, ParseVia, each
//                                                                  over a ListReader
//   From, To                                                       ParseNameAddr
//   Supported, Require, Proxy-Require, Unsupported, Allow          TokenListReader, HasOptionTag,
//                                                                  AllowsMethod
//   Expires, Min-Expires                                           ParseDeltaSeconds
//   Max-Forwards                                                   ParseMaxForwards
//   Accept, Content-Type                                           media_type.h
//   Date, Retry-After, Warning, Server, User-Agent                 information.h
//   Event, Subscription-State                                      event.h
//   Authorization, WWW-Authenticate, Authentication-Info,
//   Proxy-Authorization, Proxy-Authenticate                        digest.h; ParseCredentials for
//                                                                  schemes other than Digest
//   parameters of SIP URIs; a Contact's instance and GRUUs         uri_parameters.h
//
// All allocate nothing, do not throw, and check the value to its last byte, unless they say what
// they tolerate. A refusal has a code and an offset, which counts from the start of the text that
// was given. White space around a value is no part of it. After a refusal the result is
// unspecified.

#include <cstdint>
#include <optional>
#include <string_view>

#include "muster/parser/error.h"
#include "muster/parser/limits.h"
#include "muster/parser/message.h"

namespace muster::parser {

/// Reads a comma list value by value, over one field's value. Commas inside quotes and angle
/// brackets do not part; empty values are an error, but for a list that is empty as a whole.
class ListReader {
 public:
  explicit ListReader(std::string_view value) : value_(value) {}
  /// False at the end, or at an error (then failed()). `item` is trimmed of white space.
  bool Next(std::string_view& item);
  bool failed() const { return error_.code != ErrorCode::kNone; }
  /// What failed, and where in the list.
  const ParseError& error() const { return error_; }

 private:
  std::string_view value_;
  std::size_t position_ = 0;
  ParseError error_;
};

enum class EmptyList : bool { kRefused, kAllowed };

/// Reads a comma list of values that are each read by `Parse`, kMaxListValues at most.
template <typename Value, bool (*Parse)(std::string_view, Value&, ParseError&), EmptyList kEmpty>
class ValueListReader {
 public:
  explicit ValueListReader(std::string_view list) : list_(list), items_(list) {}
  /// False at the end, or at an error (then failed()).
  bool Next(Value& value);
  bool failed() const { return error_.code != ErrorCode::kNone; }
  /// What failed, and where in the list.
  const ParseError& error() const { return error_; }

 private:
  std::string_view list_;
  ListReader items_;
  std::size_t count_ = 0;
  ParseError error_;
};

/// One name-addr or addr-spec with its parameters (From, To, Route, Path, Contact but "*"). A URI
/// without brackets ends at the first ';', ',' or '?': what follows are header parameters
/// (RFC 3261 20, 20.10; RFC 8217).
bool ParseNameAddr(std::string_view text, NameAddr& address, ParseError& error);

/// The same, but in brackets: a value of Route and Record-Route (RFC 3261 25.1), Path (RFC 3327 4),
/// Service-Route (RFC 3608 5), P-Associated-URI (RFC 7315 5.1).
bool ParseBracketedAddress(std::string_view text, NameAddr& address, ParseError& error);
using AddressListReader = ValueListReader<NameAddr, ParseBracketedAddress, EmptyList::kRefused>;

/// One Contact with its parameters decoded.
bool ParseContact(std::string_view text, Contact& contact, ParseError& error);

/// One Via value (RFC 3261 20.42, RFC 3581).
bool ParseVia(std::string_view text, Via& via, ParseError& error);

/// A token alone (RFC 3261 25.1): an option tag or a method. Lists of them may be empty, which
/// RFC 3261 25.1 allows for Supported and Allow, and is tolerated for the others.
bool ParseToken(std::string_view text, std::string_view& token, ParseError& error);
using TokenListReader = ValueListReader<std::string_view, ParseToken, EmptyList::kAllowed>;

/// Whether `tag` is in any field of that id (Supported, Require, Proxy-Require, Unsupported).
/// Option tags ignore case (RFC 3261 7.3.1). Of a list that is malformed, the tags before the fault
/// count.
bool HasOptionTag(const Message& message, HeaderId id, std::string_view tag);

/// Whether `method` is in an Allow field. Methods do not ignore case (RFC 3261 7.1).
bool AllowsMethod(const Message& message, std::string_view method);

/// delta-seconds up to 2^32-1: Expires, Min-Expires (RFC 3261 20.19, 20.23).
bool ParseDeltaSeconds(std::string_view value, std::uint32_t& seconds, ParseError& error);

/// delta-seconds as RFC 3261 10.3 wants it: no number or beyond 2^32-1 counts as 3600.
std::uint32_t ExpiresFrom(std::string_view text);

/// 0 to 255 (RFC 3261 20.22).
bool ParseMaxForwards(std::string_view value, std::uint8_t& hops, ParseError& error);

/// Authorization, Proxy-Authorization, and the challenges (RFC 3261 25.1, RFC 7616): a scheme and
/// comma-separated parameters, kMaxParameters at most, or a token68 (Bearer); unknown schemes
/// included. Of a doubled parameter the first counts; digest.h refuses it.
struct Credentials {
  std::string_view scheme;
  std::string_view params;  // raw, for FindAuthParameter
};
bool ParseCredentials(std::string_view value, Credentials& credentials, ParseError& error);
/// Value of a credential's parameter, quotes kept; nullopt when absent.
std::optional<std::string_view> FindAuthParameter(const Credentials& credentials,
                                                  std::string_view name);

/// `text` ("quoted \"x\"" or a token) without quotes and backslashes, into `out`, which must have
/// room for text.size() bytes. Returns the bytes written.
std::size_t Unquote(std::string_view text, char* out);

template <typename Value, bool (*Parse)(std::string_view, Value&, ParseError&), EmptyList kEmpty>
bool ValueListReader<Value, Parse, kEmpty>::Next(Value& value) {
  if (failed()) return false;
  std::string_view item;
  if (!items_.Next(item)) {
    error_ = items_.error();
    if (kEmpty == EmptyList::kRefused && count_ == 0 && !failed()) {
      error_ = {ErrorCode::kBadValue, static_cast<std::uint32_t>(list_.size())};
    }
    return false;
  }
  const auto offset = static_cast<std::uint32_t>(item.data() - list_.data());
  if (++count_ > kMaxListValues) {
    error_ = {ErrorCode::kTooManyListValues, offset};
  } else if (!Parse(item, value, error_)) {
    error_.offset += offset;
  }
  return !failed();
}

}  // namespace muster::parser
