#pragma once

// What the parameters of a SIP URI and of a Contact say beyond what Uri and Contact hold. Both are
// read out of something that has been parsed; the contract of all readers is in header_values.h.

#include <optional>
#include <string_view>

#include "muster/parser/message.h"

namespace muster::parser {

/// How a sleeping phone is woken: RFC 8599. Escapes are kept; Unescape undoes them.
struct PushParameters {
  std::optional<std::string_view> provider;  // pn-provider; empty when it has no value, which asks
                                             // what the network supports
  std::string_view prid;                     // pn-prid; empty = absent
  std::string_view param;                    // pn-param; empty = absent
  std::string_view purr;                     // pn-purr; empty = absent
};

/// Escapes in values are kept.
struct SipUriParameters {
  std::string_view transport;          // RFC 3261 19.1.1; as received; empty = absent
  bool lr = false;                     // RFC 3261 19.1.1
  bool ob = false;                     // RFC 5626
  std::optional<std::string_view> gr;  // RFC 5627: the URI is a GRUU; empty when it has no value
  PushParameters push;
};
/// Names ignore case and may have escapes. Refused: one of these parameters doubled (RFC 3261
/// 19.1.1: none may be); transport, pn-prid, pn-param or pn-purr without a value. Tolerated:
/// "lr=on" and "ob=on", with any value. `error.offset` counts from the start of uri.text.
bool ParseSipUriParameters(const Uri& uri, SipUriParameters& parameters, ParseError& error);

/// The URIs in a Contact's parameters. An absent one has UriScheme::kNone.
struct ContactUris {
  Uri instance;   // +sip.instance (RFC 5626): mostly a URN, for ParseUrn and Equivalent
  Uri pub_gruu;   // pub-gruu (RFC 5627): stays
  Uri temp_gruu;  // temp-gruu (RFC 5627): another one with each REGISTER
};
/// Stricter than ParseContact about +sip.instance. Refused: one of these parameters doubled, or not
/// in quotes; an instance that is not in angle brackets inside them, or no URI; a GRUU that is not
/// a SIP or SIPS URI with a gr parameter. `error.offset` counts from the start of contact.text.
bool ParseContactUris(const NameAddr& contact, ContactUris& uris, ParseError& error);

}  // namespace muster::parser
