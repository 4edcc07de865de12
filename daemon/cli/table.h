#pragma once

// Registrations as a table for people.

#include <cstddef>
#include <string>
#include <vector>

#include "registrations.h"

namespace muster::daemon::cli {

/// Lines of at most `width` characters where that is possible, the widest columns cut first and
/// marked by an ellipsis; 0 = nothing is cut. What a phone sent is shown without its control
/// characters, which could otherwise command the terminal. Every character is taken to be one
/// column wide.
std::string FormatTable(const std::vector<Registration>& registrations, std::size_t width);

}  // namespace muster::daemon::cli
