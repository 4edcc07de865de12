#pragma once

#include <cstddef>
#include <string_view>

#include "muster/parser/message.h"

namespace muster::parser {

/// No known name is longer; a multiple of eight.
inline constexpr std::size_t kLongestHeaderName = 24;

/// HeaderIdFrom for the name that ends in front of `end`, a token. kLongestHeaderName bytes in
/// front of `end` can be read, whatever its size is.
HeaderId HeaderIdOfToken(const char* end, std::size_t size);

/// "Subject" for "s": the long form of any registered compact form (RFC 3261 7.3.3 and the IANA
/// registry), also of headers without a HeaderId. Any other name comes back as it is.
std::string_view LongHeaderName(std::string_view name);

}  // namespace muster::parser
