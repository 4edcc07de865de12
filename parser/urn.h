#pragma once

// URNs (RFC 8141): the struct is in muster/parser/uri.h.

#include <string_view>

#include "muster/parser/uri.h"
#include "scan.h"

namespace muster::parser {

/// From behind "urn:" up to the first byte that is none of a URN's.
bool ScanUrn(Scanner& in, Urn& urn, ParseError& error);

/// Of two URNs that were accepted.
bool UrnEquivalent(std::string_view a, std::string_view b);

}  // namespace muster::parser
