#pragma once

// The Accept field (RFC 9110 12.5.1).

#include <string_view>

namespace muster::http {

/// How welcome the media type `type`/`subtype` (lower case) is, in thousandths, by the most
/// specific range that covers it: 0 = not at all. An empty field welcomes everything. Forgiving,
/// for old clients: "*" is read as "*/*", ".2" as 0.2, and a range that is none is passed over.
int AcceptQuality(std::string_view accept, std::string_view type, std::string_view subtype);

}  // namespace muster::http
