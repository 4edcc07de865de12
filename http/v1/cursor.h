#pragma once

// Cursors of /v1: the place of a row in its list as a text that nobody else need read. In row order
// "3-17", shard and row; in another order with the row's key behind it, "3-17-n42" or "3-17-t616c".

#include <optional>
#include <string>
#include <string_view>

#include "muster/core/location_service.h"

namespace muster::http::v1 {

std::string CursorText(core::RowPosition position);
std::string CursorText(const core::SortPlace& place);

/// nullopt for what CursorText has not written.
std::optional<core::RowPosition> ParseCursor(std::string_view text);
std::optional<core::SortPlace> ParseSortCursor(std::string_view text);

}  // namespace muster::http::v1
