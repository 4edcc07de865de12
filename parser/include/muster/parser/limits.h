#pragma once

// The limits of the parser, in one place. A message beyond one of them, or a value that a reader is
// given, is malformed, with the error named here; nothing is cut short silently.

#include <cstddef>

namespace muster::parser {

/// Bytes of a whole message, start line to end of body (RFC 3261 18.1.1: 65,535). kMessageTooLarge.
inline constexpr std::size_t kMaxMessageBytes = 65'535;
/// Bytes of the start line and header section on a stream. kMessageTooLarge.
inline constexpr std::size_t kMaxHeaderSectionBytes = 32'768;
/// Bytes of a body. kBodyTooLarge.
inline constexpr std::size_t kMaxBodyBytes = 16'384;
/// Header fields in one message. kTooManyHeaders.
inline constexpr std::size_t kMaxHeaders = 128;
/// Contacts in one message, over all its Contact header fields. kTooManyContacts.
inline constexpr std::size_t kMaxContacts = 32;
/// Bytes of one URI, wherever it stands. kUriTooLong.
inline constexpr std::size_t kMaxUriBytes = 2'048;
/// Parameters of one header field value. kTooManyParameters.
inline constexpr std::size_t kMaxParameters = 64;
/// Parameters of one URI, and headers of one URI. Fewer, since URI equality looks at each of them
/// for each of the other URI's. kTooManyParameters.
inline constexpr std::size_t kMaxUriParameters = 16;
/// Values of a comma list that ParseMessage or a ValueListReader reads. kTooManyListValues.
inline constexpr std::size_t kMaxListValues = 128;

}  // namespace muster::parser
