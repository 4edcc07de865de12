#pragma once

// SIP messages as the tests write and read them: plain text, taken apart with plain string search
// and nothing of the parser under test.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster::testing {

/// A request, a REGISTER of alice unless told otherwise. Set what matters and leave the rest.
struct Request {
  std::string method = "REGISTER";
  std::string uri = "sip:example.com";
  std::string via;  // empty: whoever sends it puts in its own, with rport and a new branch
  std::string from = "<sip:alice@example.com>;tag=from-1";
  std::string to = "<sip:alice@example.com>";
  std::string call_id = "call-1";
  std::uint32_t cseq = 1;
  std::vector<std::string> lines;  // further header lines, without their CRLF
  std::string body;
  bool with_content_length = true;

  /// Adds a header line.
  Request &Line(std::string line) &;
  Request Line(std::string line) &&;
  /// Adds a Contact header line.
  Request &Contact(std::string_view value) &;
  Request Contact(std::string_view value) &&;

  std::string Text() const;
};

/// A REGISTER by and for `aor` ("alice@example.com").
Request RegisterOf(std::string_view aor, std::string call_id, std::uint32_t cseq);
/// An OPTIONS to the server, with a Call-ID of its own.
Request Options(std::string call_id);
/// "z9hG4bK..." never given before in this process.
std::string NewBranch();

using Parameters = std::vector<std::pair<std::string, std::string>>;  // names as they stand

/// One value of a Contact header field.
struct ContactValue {
  std::string display_name;  // as it stands, quotes and all
  std::string uri;
  Parameters params;

  /// The value of a parameter, "" when it has none or is absent.
  std::string Param(std::string_view name) const;
  bool Has(std::string_view name) const;
  /// Its expires parameter; -1 without one.
  int Expires() const;
};

/// An answer. `code` 0 = none came, or what came is none.
struct Reply {
  std::string bytes;
  int code = 0;
  std::string reason;
  std::vector<std::pair<std::string, std::string>> headers;  // names as they stand, long form
  std::string body;

  static Reply From(std::string bytes);

  std::vector<std::string> Headers(std::string_view name) const;
  /// The first of that name; "" without one.
  std::string Header(std::string_view name) const;
  bool Has(std::string_view name) const { return !Headers(name).empty(); }
  /// Of all Contact header fields.
  std::vector<ContactValue> Contacts() const;
  /// URIs of its Contacts, sorted.
  std::vector<std::string> ContactUris() const;
  /// A parameter of the top Via: "" when absent or without value.
  std::string ViaParam(std::string_view name) const;
  std::string ToTag() const;
};

/// Parts at `separator` outside quotes and angle brackets, without the blanks around them.
std::vector<std::string> SplitOutsideQuotes(std::string_view text, char separator);
bool SameIgnoringCase(std::string_view a, std::string_view b);

}  // namespace muster::testing
