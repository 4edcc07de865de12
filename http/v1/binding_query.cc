#include "page_query.h"

#include <charconv>
#include <utility>

namespace muster::http::v1 {
namespace {

/// The whole of `text` as a number.
template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

/// Takes one parameter. Returns what is wrong with it, or "".
std::string ReadParameter(const QueryParameter& parameter, PageQuery& query) {
  if (parameter.name == "limit") {
    const auto limit = ParseNumber<std::size_t>(parameter.value);
    if (!limit || *limit < 1 || *limit > PageQuery::kMaxLimit) {
      return "must be a number from 1 to " + std::to_string(PageQuery::kMaxLimit);
    }
    query.limit = *limit;
  } else if (parameter.name == "after") {
    const auto position = ParseCursor(parameter.value);
    if (!position) return "is not a cursor that \"next\" has given";
    query.after = *position;
  } else if (parameter.name == "count") {
    if (parameter.value != "exact" && parameter.value != "none") return "must be exact or none";
    query.has_total = parameter.value == "exact";
  } else {
    return "is unknown, or not served; there are limit, after and count";
  }
  return "";
}

}  // namespace

std::optional<BadParameter> ReadPageQuery(const Request& request, PageQuery& query) {
  for (const QueryParameter& parameter : request.query) {
    const bool is_repeated = request.QueryValues(parameter.name).size() > 1;
    std::string problem = ReadParameter(parameter, query);
    if (problem.empty() && is_repeated) problem = "is given more than once";
    if (!problem.empty()) return BadParameter{parameter.name, std::move(problem)};
  }
  return std::nullopt;
}

Response BadParameterResponse(const BadParameter& bad) {
  return Response::JsonError(400, "bad_filter", bad.field + " " + bad.message, bad.field);
}

std::string CursorText(core::RowPosition position) {
  return std::to_string(position.shard) + "-" + std::to_string(position.row);
}

std::optional<core::RowPosition> ParseCursor(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto shard = ParseNumber<std::uint32_t>(text.substr(0, dash));
  const auto row = ParseNumber<std::uint32_t>(text.substr(dash + 1));
  if (!shard || !row) return std::nullopt;
  return core::RowPosition{*shard, *row};
}

}  // namespace muster::http::v1
