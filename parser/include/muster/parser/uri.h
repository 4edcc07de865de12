#pragma once

// SIP, SIPS, tel and URN URIs (RFC 3261 19.1, RFC 3966, RFC 8141) as views on the caller's bytes.
//
//   sip:alice:secret@example.com:5080;transport=tcp;lr?Subject=x
//   |   |     |      |           |    |                 |
//   |   user  |      host        |    params            headers
//   scheme    password           port
//
// Thread-compatible; every view lives as long as the bytes that were parsed.

#include <cstdint>
#include <optional>
#include <string_view>

#include "muster/parser/error.h"

namespace muster::parser {

enum class UriScheme : std::uint8_t { kNone, kSip, kSips, kTel, kUrn, kOther };
enum class HostKind : std::uint8_t { kNone, kName, kIpv4, kIpv6 };

struct Uri {
  std::string_view text;         // the whole URI as received
  std::string_view scheme_text;  // without the colon
  std::string_view user;         // as received, escapes kept; the number for tel
  std::string_view password;
  std::string_view host;     // IPv6 with its brackets
  std::string_view params;   // after the first ';', or empty
  std::string_view headers;  // after the '?', or empty
  UriScheme scheme = UriScheme::kNone;
  HostKind host_kind = HostKind::kNone;
  bool has_user = false;   // an '@' was there (or scheme is tel)
  std::uint16_t port = 0;  // 0 = absent
};

/// Parses the whole of `text` as one URI: checked to the last byte for sip, sips and tel (escapes,
/// host, port 1 to 65535, parameters) and for urn; a URI of another scheme is checked for its
/// scheme and for characters no URI has. A URN and a URI of another scheme are left in `text`.
/// `error.offset` counts from text's start.
bool ParseUri(std::string_view text, Uri& uri, ParseError& error);

/// Equality of RFC 3261 19.1.4 for sip and sips; RFC 3966 section 4 for tel; RFC 8141 section 3 for
/// urn, and RFC 4122 section 3 for urn:uuid, whose letters ignore case; bytes for the rest.
/// Not transitive (a parameter on one side only may be ignored): do not hash by it.
bool Equivalent(const Uri& a, const Uri& b);

/// The parts of a URN (RFC 8141 section 2): urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6. The last
/// three count in no comparison.
struct Urn {
  std::string_view nid;  // namespace identifier, "uuid": 2 to 32 letters, digits and hyphens
  std::string_view nss;  // namespace specific string, escapes kept
  std::string_view r_component;  // after "?+", or empty
  std::string_view q_component;  // after "?=", or empty
  std::string_view f_component;  // after '#', or empty
};
bool ParseUrn(std::string_view text, Urn& urn, ParseError& error);

/// A parameter of a URI or a header field: `;name`, `;name=token`, `;name="quoted"`.
struct Parameter {
  std::string_view name;
  std::string_view value;  // as received, quotes kept
  bool has_value = false;
};

/// Reads parameters one by one from `params` (the text after the first ';'). Text that was accepted
/// by one of the parsers of this library reads without error.
class ParameterReader {
 public:
  explicit ParameterReader(std::string_view params) : rest_(params) {}
  /// False at the end.
  bool Next(Parameter& parameter);

 private:
  std::string_view rest_;
};

/// First parameter of that name (names ignore case), or nullopt.
std::optional<Parameter> FindParameter(std::string_view params, std::string_view name);

/// Undoes %HH in `text` byte by byte into `out`, which must have room for text.size() bytes.
/// Returns the bytes written. An escape that is none is copied as it stands.
std::size_t Unescape(std::string_view text, char* out);

}  // namespace muster::parser
