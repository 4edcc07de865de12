#pragma once

#include <string>
#include <string_view>

namespace muster::daemon::cli {

/// `utf8` with '?' for each control character (U+0000 to U+001F, U+007F to U+009F), which could
/// otherwise command the terminal.
std::string Printable(std::string_view utf8);

}  // namespace muster::daemon::cli
