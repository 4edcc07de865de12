#pragma once

// What was wrong with a message, and where.

#include <cstdint>
#include <string_view>

namespace muster::parser {

enum class ErrorCode : std::uint8_t {
  kNone,
  // The message as a whole.
  kBadStartLine,       // neither a request line nor a status line (RFC 3261 25.1)
  kBadVersion,         // a request or status line of a SIP version other than 2.0
  kBadLineEnd,         // CR without LF, or LF without CR
  kNulByte,            // NUL outside a quoted string or body
  kBadHeader,          // a header line without a name, a colon, or with a bad name
  kTruncated,          // datagram ends inside the header section or before Content-Length bytes
  kMessageTooLarge,    // kMaxMessageBytes, kMaxHeaderSectionBytes
  kBodyTooLarge,       // kMaxBodyBytes
  kTooManyHeaders,     // kMaxHeaders
  kTooManyContacts,    // kMaxContacts
  kUriTooLong,         // kMaxUriBytes
  kTooManyParameters,  // kMaxParameters
  kTooManyListValues,  // kMaxListValues
  // Header fields.
  kMissingHeader,     // one of Via, From, To, Call-ID, CSeq; Content-Length on a stream
  kDuplicateHeader,   // a header field that may stand once, doubled
  kBadContentLength,  // not a number, negative, or several that differ
  kBadNumber,         // a number that is no number or out of its range
  kBadUri,
  kBadNameAddr,
  kBadVia,
  kBadCSeq,
  kMethodMismatch,  // CSeq's method is not the request's
  kBadParameter,
  kBadContactStar,  // "*" beside another Contact
  kBadToken,
  kUnterminatedQuote,
  kDuplicateParameter,  // a parameter that may stand once, doubled
  kBadValue,            // a header field value that breaks its grammar in another way
  kBadCredentials,
};

/// A short phrase for a person and for a reason line: "CSeq method differs from the request's".
std::string_view Describe(ErrorCode code);

struct ParseError {
  ErrorCode code = ErrorCode::kNone;
  /// Byte of the input at which it was noticed, counted from 0.
  std::uint32_t offset = 0;
};

}  // namespace muster::parser
