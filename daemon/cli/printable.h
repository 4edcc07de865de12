#pragma once

// Stored texts on a terminal, which some characters could command, or make show in another order
// than they stand: controls (U+0000 to U+001F, U+007F to U+009F), line and paragraph separators,
// and marks of direction (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069).

#include <string>
#include <string_view>

namespace muster::daemon::cli {

/// `utf8` with '?' for each of these, and for each byte that is no UTF-8.
std::string Printable(std::string_view utf8);

/// A JSON document that means the same, with \u escapes for each of these but line feeds and the
/// like, which stand between values only.
std::string PrintableJson(std::string_view json);

}  // namespace muster::daemon::cli
