#pragma once

// Digest authentication (RFC 3261 22.4, 25.1; RFC 7616; RFC 8760): the fields of credentials, of a
// challenge, and of Authentication-Info, each read in one pass. What is computed from them is not
// for the parser. The contract of all readers is in header_values.h.
//
// Quoted strings come without their quotes, but with their backslashes: so they count in a digest
// (unq() of RFC 7616 3.3). Names ignore case. Refused: one of these parameters doubled; a quoted
// one that is not quoted; a digest that is not hexadecimal; an nc that is not eight hexadecimal
// digits; a parameter without a value; more than kMaxParameters; one that is missing, at the end.
// Tolerated: tokens in quotes, upper-case hexadecimal digits. Other parameters are skipped:
// FindAuthParameter has those of credentials and challenges.

#include <cstdint>
#include <optional>
#include <string_view>

#include "muster/parser/error.h"

namespace muster::parser {

/// Authorization, Proxy-Authorization. The first five must be there, and cnonce and nc when qop is;
/// they may be empty.
struct DigestCredentials {
  std::string_view username;
  std::string_view realm;
  std::string_view nonce;
  std::string_view uri;
  std::string_view response;
  std::string_view algorithm;  // empty = absent: MD5
  std::string_view qop;        // a single one; empty = absent
  std::string_view nc;         // as received; empty = absent
  std::uint32_t nonce_count = 0;
  std::optional<std::string_view> cnonce;
  std::optional<std::string_view> opaque;
};
/// kBadCredentials at the start for a scheme that is not Digest.
bool ParseDigestCredentials(std::string_view value, DigestCredentials& credentials,
                            ParseError& error);

/// WWW-Authenticate, Proxy-Authenticate. realm and nonce must be there.
struct DigestChallenge {
  std::string_view realm;
  std::string_view nonce;
  std::string_view algorithm;  // empty = absent: MD5
  std::string_view qop;        // a list for TokenListReader, checked; empty = absent
  bool offers_auth = false;
  bool offers_auth_int = false;
  bool stale = false;  // anything but "true" is false (RFC 7616 3.3)
  std::optional<std::string_view> opaque;
};
/// kBadCredentials at the start for a scheme that is not Digest.
bool ParseDigestChallenge(std::string_view value, DigestChallenge& challenge, ParseError& error);

/// Authentication-Info (RFC 3261 20.6).
struct AuthenticationInfo {
  std::string_view qop;  // empty = absent
  std::string_view nc;   // as received; empty = absent
  std::uint32_t nonce_count = 0;
  std::optional<std::string_view> nextnonce;
  std::optional<std::string_view> rspauth;
  std::optional<std::string_view> cnonce;
};
bool ParseAuthenticationInfo(std::string_view value, AuthenticationInfo& info, ParseError& error);

}  // namespace muster::parser
