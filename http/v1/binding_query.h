#pragma once

// Which page of a list of /v1 a request asks for.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "muster/core/location_service.h"
#include "muster/http/message.h"

namespace muster::http::v1 {

struct PageQuery {
  static constexpr std::size_t kDefaultLimit = 50;
  static constexpr std::size_t kMaxLimit = 1'000;

  std::size_t limit = kDefaultLimit;
  core::RowPosition after;  // where the page begins
  bool has_total = true;    // count=exact
};

struct BadParameter {
  std::string field;
  std::string message;
};

/// Reads `limit`, `after` and `count`. Says which parameter is wrong, unknown ones among them.
std::optional<BadParameter> ReadPageQuery(const Request& request, PageQuery& query);

/// 400 that names the parameter.
Response BadParameterResponse(const BadParameter& bad);

/// A cursor: the place of a row as an opaque text.
std::string CursorText(core::RowPosition position);
std::optional<core::RowPosition> ParseCursor(std::string_view text);

}  // namespace muster::http::v1
