#pragma once

#include <string_view>

#include "muster/parser/message.h"
#include "scan.h"

namespace muster::parser {

/// The request or status line without its CRLF, all of what `in` reads (RFC 3261 7.1, 7.2). Parts
/// stand one SP apart, and nothing follows the version. Of a bad line `message` still gets what was
/// read: the method, and that it is a request. `error.offset` counts from the line's start.
template <typename In>
bool ParseStartLine(In in, Message& message, ParseError& error);

}  // namespace muster::parser
