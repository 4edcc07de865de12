#include "binding_query.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "binding_conditions.h"
#include "cursor.h"

namespace muster::http::v1 {
namespace {

using core::BindingField;

/// What is wrong with a parameter, or "".
using Problem = std::string;

std::string Unknown(std::string_view others) {
  return "is unknown; there are " + BindingFieldNames() + " " + std::string(others);
}

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\" "; }

Problem ReadSize(std::string_view text, std::size_t least, std::size_t most, std::size_t& size) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, size);
  if (error == std::errc() && stop == end && size >= least && size <= most) return "";
  return Quoted(text) + "must be a number from " + std::to_string(least) + " to " +
         std::to_string(most);
}

Problem ReadSort(std::string_view text, BindingQuery& query) {
  const bool is_descending = text.starts_with('-');
  const auto field = FindBindingField(text.substr(is_descending));
  if (!field) return Quoted(text) + "must be a field, or - and a field: " + BindingFieldNames();
  query.sort = core::SortOrder{*field, is_descending};
  return "";
}

Problem ReadGroupBy(std::string_view text, BindingQuery& query) {
  const auto field = FindBindingField(text);
  const bool is_time = field && (*field == BindingField::kExpiresIn ||
                                 core::InfoOf(*field).type == core::FieldType::kTime);
  if (!field || is_time) {
    return Quoted(text) + "must be a field that is no time: " + BindingFieldNames();
  }
  query.group_by = field;
  return "";
}

Problem ReadCount(std::string_view text, BindingQuery& query) {
  query.has_total = text == "exact";
  return text == "exact" || text == "none" ? "" : Quoted(text) + "must be exact or none";
}

/// All but filters and `after`, whose form depends on `sort`.
std::optional<Problem> ReadPageParameter(const QueryParameter& parameter, BindingQuery& query) {
  const std::string_view name = parameter.name;
  const std::string_view value = parameter.value;
  if (name == "limit") return ReadSize(value, 1, BindingQuery::kMaxLimit, query.limit);
  if (name == "offset") return ReadSize(value, 0, SIZE_MAX / 2, query.offset);
  if (name == "sort") return ReadSort(value, query);
  if (name == "count") return ReadCount(value, query);
  if (name == "group_by") return ReadGroupBy(value, query);
  if (name == "explain") return ReadFlag(value, query.explains);
  if (name == "after") return Problem();
  return std::nullopt;
}

Problem ReadAfter(std::string_view text, BindingQuery& query) {
  const Problem problem = Quoted(text) + "is not a cursor that \"next\" has given for this order";
  if (!query.sort) {
    const auto position = ParseCursor(text);
    if (!position) return problem;
    query.after = *position;
    return "";
  }
  query.sort_after = ParseSortCursor(text);
  const bool fits =
      query.sort_after && std::holds_alternative<std::int64_t>(query.sort_after->key) ==
                              core::SortsByNumber(query.sort->field);
  return fits ? "" : problem;
}

bool Has(const Request& request, std::string_view name) {
  return !request.QueryValues(name).empty();
}

/// Parameters that do not go together.
std::optional<BadParameter> CheckTogether(const Request& request, const BindingQuery& query) {
  if (Has(request, "offset") && Has(request, "after")) {
    return BadParameter{"offset", "and after must not be given both"};
  }
  if (query.sort && query.offset > BindingQuery::kMaxSortedOffset) {
    return BadParameter{"offset", "of a sorted list must be at most " +
                                      std::to_string(BindingQuery::kMaxSortedOffset) +
                                      "; after goes further"};
  }
  for (const char* name : {"limit", "offset", "after", "sort", "count"}) {
    if (query.group_by && Has(request, name))
      return BadParameter{name, "does not go with group_by"};
  }
  return std::nullopt;
}

}  // namespace

std::string ReadFlag(std::string_view text, bool& flag) {
  flag = text == "1";
  return text == "0" || text == "1" ? "" : Quoted(text) + "must be 0 or 1";
}

std::optional<BadParameter> ReadBindingQuery(const Request& request,
                                             const core::ServerRegistry& servers,
                                             BindingQuery& query) {
  for (const QueryParameter& parameter : request.query) {
    const auto field = FindBindingField(parameter.name);
    std::optional<Problem> problem;
    if (field) {
      problem = AddCondition(*field, parameter.value, servers, query.filter);
    } else {
      problem = ReadPageParameter(parameter, query);
      const bool is_repeated = request.QueryValues(parameter.name).size() > 1;
      if (problem && problem->empty() && is_repeated) problem = "is given more than once";
    }
    if (!problem) problem = Unknown("limit offset after sort count group_by explain");
    if (!problem->empty()) return BadParameter{parameter.name, *std::move(problem)};
  }
  for (const std::string_view after : request.QueryValues("after")) {
    Problem problem = ReadAfter(after, query);
    if (!problem.empty()) return BadParameter{"after", std::move(problem)};
  }
  return CheckTogether(request, query);
}

std::optional<BadParameter> ReadBindingRemoval(const Request& request,
                                               const core::ServerRegistry& servers,
                                               BindingRemoval& removal) {
  for (const QueryParameter& parameter : request.query) {
    const auto field = FindBindingField(parameter.name);
    Problem problem;
    if (field) {
      problem = AddCondition(*field, parameter.value, servers, removal.filter);
    } else if (parameter.name != "dry_run") {
      problem = Unknown("dry_run");
    } else if (request.QueryValues("dry_run").size() > 1) {
      problem = "is given more than once";
    } else {
      problem = ReadFlag(parameter.value, removal.dry_run);
    }
    if (!problem.empty()) return BadParameter{parameter.name, std::move(problem)};
  }
  if (removal.filter.conditions().empty()) {
    return BadParameter{"filter", "is missing: a removal needs one of " + BindingFieldNames()};
  }
  return std::nullopt;
}

Response BadParameterResponse(const BadParameter& bad) {
  return Response::JsonError(400, "bad_filter", bad.field + " " + bad.message, bad.field);
}

}  // namespace muster::http::v1
