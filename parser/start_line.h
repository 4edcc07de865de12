#pragma once

#include <string_view>

#include "muster/parser/message.h"

namespace muster::parser {

/// The request or status line without its CRLF (RFC 3261 7.1, 7.2). Parts stand one SP apart, and
/// nothing follows the version. Of a bad line `message` still gets what was read: the method, and
/// that it is a request. `error.offset` counts from the line's start.
bool ParseStartLine(std::string_view line, Message& message, ParseError& error);

}  // namespace muster::parser
