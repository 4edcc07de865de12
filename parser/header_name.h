#pragma once

#include <string_view>

namespace muster::parser {

/// "Subject" for "s": the long form of any registered compact form (RFC 3261 7.3.3 and the IANA
/// registry), also of headers without a HeaderId. Any other name comes back as it is.
std::string_view LongHeaderName(std::string_view name);

}  // namespace muster::parser
