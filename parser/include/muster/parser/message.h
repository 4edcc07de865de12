#pragma once

// A SIP message (RFC 3261) as views on the caller's bytes.
//
// What a REGISTER needs is decoded while parsing; every header field stays addressable, raw, by id
// and by name. Parsing allocates nothing and does not throw; a Message may be reused for any number
// of messages, and is some kilobytes large: keep one per worker, not one per call.
//
// Thread-compatible. Every view points into the bytes that were parsed and lives as long as they.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "muster/parser/error.h"
#include "muster/parser/limits.h"
#include "muster/parser/uri.h"

namespace muster::parser {

enum class Method : std::uint8_t {
  kOther,  // well-formed, but unknown: Message::method_text has it
  kRegister,
  kInvite,
  kAck,
  kBye,
  kCancel,
  kOptions,
  kInfo,
  kMessage,
  kNotify,
  kPrack,
  kPublish,
  kRefer,
  kSubscribe,
  kUpdate,
};

/// Methods are case-sensitive (RFC 3261 7.1).
Method MethodFrom(std::string_view text);
/// "REGISTER"; empty for kOther.
std::string_view MethodName(Method method);

enum class HeaderId : std::uint8_t {
  kOther,
  kAccept,
  kAllow,
  kAuthenticationInfo,
  kAuthorization,
  kCallId,
  kContact,
  kContentLength,
  kContentType,
  kCSeq,
  kDate,
  kEvent,
  kExpires,
  kFrom,
  kMaxForwards,
  kMinExpires,
  kPAssociatedUri,
  kPath,
  kProxyAuthenticate,
  kProxyAuthorization,
  kProxyRequire,
  kRecordRoute,
  kRequire,
  kRetryAfter,
  kRoute,
  kServer,
  kServiceRoute,
  kSubscriptionState,
  kSupported,
  kTo,
  kUnsupported,
  kUserAgent,
  kVia,
  kWarning,
  kWwwAuthenticate,
};

/// Names in any case, and the compact forms (RFC 3261 7.3.3): "v" is kVia.
HeaderId HeaderIdFrom(std::string_view name);
/// "Call-ID"; empty for kOther.
std::string_view HeaderName(HeaderId id);

/// One header line: folded lines are one field, and their fold (CRLF and white space) stays in
/// `value`, which every reader of this library takes as white space.
struct HeaderField {
  HeaderId id;
  std::string_view name;   // as received
  std::string_view value;  // without the white space around it
};

/// Display name, URI and parameters: From, To, Contact, Route, Path (RFC 3261 20.10).
struct NameAddr {
  std::string_view text;          // all of it, display name to last parameter
  std::string_view display_name;  // as received, quotes kept
  Uri uri;
  std::string_view params;  // after the first ';' behind the URI, or empty
  bool bracketed = false;   // the URI stood in angle brackets
};

struct Contact {
  NameAddr address;
  std::string_view q_text;             // as received; only valid ones (RFC 3261 25.1 qvalue)
  std::uint16_t q_thousandths = 1000;  // 1000 when absent
  bool has_expires = false;
  /// Seconds. A value that is no number or beyond 2^32-1 counts as 3600 (RFC 3261 20.10, 10.3).
  std::uint32_t expires_seconds = 0;
  std::string_view instance;  // +sip.instance without quotes and angle brackets
  std::uint32_t reg_id = 0;   // RFC 5626; 0 = absent
};

struct Via {
  std::string_view text;       // this value alone, without its neighbours in a comma list
  std::string_view transport;  // "UDP", as received
  std::string_view host;       // sent-by, IPv6 with brackets
  std::uint16_t port = 0;      // 0 = absent
  std::string_view params;     // after the first ';', or empty
  std::string_view branch;
  std::string_view received;
  bool has_rport = false;
  std::uint16_t rport = 0;  // 0 = absent or without value (RFC 3581)
};

struct CSeq {
  std::uint32_t number = 0;
  Method method = Method::kOther;
  std::string_view method_text;
};

/// How the end of a message is found.
enum class Framing : std::uint8_t {
  kDatagram,  // the bytes are one datagram: octets past Content-Length are dropped, and without
              // Content-Length the body reaches to the end (RFC 3261 18.3)
  kStream,    // Content-Length is required, and more bytes may come
};

enum class ParseOutcome : std::uint8_t { kComplete, kNeedMore, kMalformed };

struct Message;

struct ParseResult {
  ParseOutcome outcome;
  /// kComplete: bytes of this message, leading CRLFs included; on a stream the next one starts
  /// there. kNeedMore: bytes that the message will have, once its header section is complete, else
  /// 0. kMalformed on a stream: nothing behind it can be trusted, close the connection.
  std::size_t size = 0;
  ParseError error;  // for kMalformed
};

/// Parses the first message of `bytes`. kNeedMore comes on streams only.
///
/// Of a malformed message, `message` holds all that could be told in spite of the fault, so that an
/// answer can still name the request: is_request and method from the start line; in headers() every
/// header field that could be split; of top_via, from, to, call_id, cseq and contacts those that
/// are fine by themselves (the others stay empty). The error is the first one, looked for in this
/// order: size, start line, structure of the header section, values in the order of the header
/// fields, early end, missing header fields, CSeq's method, body. kNeedMore leaves `message`
/// unspecified.
ParseResult ParseMessage(std::string_view bytes, Framing framing, Message& message);

struct Message {
  bool is_request = false;
  Method method = Method::kOther;
  std::string_view method_text;
  Uri request_uri;          // valid when is_request and the outcome was kComplete
  int status_code = 0;      // of a response, 100 to 699
  std::string_view reason;  // of a response

  Via top_via;
  NameAddr from;
  std::string_view from_tag;
  NameAddr to;
  std::string_view to_tag;
  std::string_view call_id;
  CSeq cseq;
  bool has_expires = false;
  std::uint32_t expires_seconds = 0;  // as Contact::expires_seconds
  bool contact_star = false;          // "Contact: *", alone
  std::string_view body;

  std::span<const HeaderField> headers() const { return {headers_.data(), header_count_}; }
  std::span<const Contact> contacts() const { return {contacts_.data(), contact_count_}; }

  /// First field of that id, or nullptr. Repeated fields: walk headers().
  const HeaderField* Find(HeaderId id) const;
  /// First field of that name, in any case and either form.
  const HeaderField* Find(std::string_view name) const;

 private:
  friend class MessageParser;
  std::array<HeaderField, kMaxHeaders> headers_;
  std::size_t header_count_ = 0;
  std::array<Contact, kMaxContacts> contacts_;
  std::size_t contact_count_ = 0;
};

}  // namespace muster::parser
