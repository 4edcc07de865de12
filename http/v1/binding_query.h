#pragma once

// What a request asks of /v1/bindings: which bindings, which page of them, in which order.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muster/core/binding_filter.h"
#include "muster/core/location_service.h"
#include "muster/http/message.h"

namespace muster::http::v1 {

struct BadParameter {
  std::string field;
  std::string message;
};

/// 400 that names the parameter.
Response BadParameterResponse(const BadParameter& bad);

struct BindingQuery {
  static constexpr std::size_t kDefaultLimit = 50;
  static constexpr std::size_t kMaxLimit = 1'000;
  static constexpr std::size_t kMaxOffset = std::numeric_limits<std::int64_t>::max();
  /// Of a sorted list: so many places, and as many again, are in memory.
  static constexpr std::size_t kMaxSortedOffset = 10'000;

  core::BindingFilter filter;
  std::size_t limit = kDefaultLimit;
  std::size_t offset = 0;
  core::RowPosition after;                    // where a page in row order begins
  std::optional<core::SortPlace> sort_after;  // and a sorted one
  std::optional<core::SortOrder> sort;
  bool has_total = true;  // count=exact
  std::optional<core::BindingField> group_by;
  bool explains = false;
};

/// A parameter of GET that is no filter: how it is read, and what the API's document says of it.
struct ListParameter {
  std::string_view name;
  std::string description;  // without quotation marks
  std::string schema;       // JSON Schema of its values
  /// Returns what is wrong with the value, or "".
  std::string (*read)(std::string_view value, BindingQuery& query);
};

/// All of them.
const std::vector<ListParameter>& ListParameters();

/// Reads filters and ListParameters(). Says which parameter is wrong, unknown ones among them.
std::optional<BadParameter> ReadBindingQuery(const Request& request,
                                             const core::ServerRegistry& servers,
                                             BindingQuery& query);

/// What a DELETE asks for.
struct BindingRemoval {
  core::BindingFilter filter;
  bool dry_run = false;
};

/// Reads filters, of which there must be one, and `dry_run`.
std::optional<BadParameter> ReadBindingRemoval(const Request& request,
                                               const core::ServerRegistry& servers,
                                               BindingRemoval& removal);

/// "0" or "1"; returns what is wrong, or "".
std::string ReadFlag(std::string_view text, bool& flag);

}  // namespace muster::http::v1
