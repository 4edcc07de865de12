#include "binding_query.h"

#include <algorithm>
#include <utility>

#include "binding_conditions.h"
#include "cursor.h"
#include "value_text.h"

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
  const auto number = ParseWhole<std::size_t>(text);
  if (number && *number >= least && *number <= most) {
    size = *number;
    return "";
  }
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

bool IsTime(BindingField field) {
  return field == BindingField::kExpiresIn || core::InfoOf(field).type == core::FieldType::kTime;
}

Problem ReadGroupBy(std::string_view text, BindingQuery& query) {
  const auto field = FindBindingField(text);
  if (!field || IsTime(*field)) {
    return Quoted(text) + "must be a field that is no time: " + BindingFieldNames();
  }
  query.group_by = field;
  return "";
}

Problem ReadCount(std::string_view text, BindingQuery& query) {
  query.has_total = text == "exact";
  return text == "exact" || text == "none" ? "" : Quoted(text) + "must be exact or none";
}

Problem ReadLimit(std::string_view text, BindingQuery& query) {
  return ReadSize(text, 1, BindingQuery::kMaxLimit, query.limit);
}

Problem ReadOffset(std::string_view text, BindingQuery& query) {
  return ReadSize(text, 0, BindingQuery::kMaxOffset, query.offset);
}

Problem ReadExplain(std::string_view text, BindingQuery& query) {
  return ReadFlag(text, query.explains);
}

/// `query` has its `sort`, on which the form of a cursor depends.
Problem ReadAfter(std::string_view text, BindingQuery& query) {
  Problem problem = Quoted(text) + "is not a cursor that \"next\" has given for this order";
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

std::string IntegerSchema(std::size_t least, std::size_t most, std::size_t otherwise) {
  return R"({"type":"integer","minimum":)" + std::to_string(least) + R"(,"maximum":)" +
         std::to_string(most) + R"(,"default":)" + std::to_string(otherwise) + "}";
}

/// Of the names of the fields that `is_one` says, each behind any of the `signs`.
std::string FieldSchema(std::initializer_list<std::string_view> signs,
                        bool (*is_one)(BindingField)) {
  std::string names;
  for (const core::BindingFieldInfo& info : core::kBindingFieldInfos) {
    const auto field = FindBindingField(info.name);
    if (!field || !is_one(*field)) continue;
    for (const std::string_view sign : signs) {
      names += names.empty() ? "\"" : ",\"";
      names.append(sign).append(info.name).append("\"");
    }
  }
  return R"({"type":"string","enum":[)" + names + "]}";
}

Problem ReadListParameter(const Request& request, const QueryParameter& parameter,
                          BindingQuery& query) {
  const std::vector<ListParameter>& all = ListParameters();
  const auto known = std::ranges::find(all, parameter.name, &ListParameter::name);
  if (known == all.end()) {
    std::string names;
    for (const ListParameter& one : all) names.append(names.empty() ? "" : " ").append(one.name);
    return Unknown(names);
  }
  Problem problem = known->read(parameter.value, query);
  const bool is_repeated = request.QueryValues(known->name).size() > 1;
  return problem.empty() && is_repeated ? "is given more than once" : problem;
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

const std::vector<ListParameter>& ListParameters() {
  static const std::vector<ListParameter> parameters = {
      {"limit", "Items of a page.",
       IntegerSchema(1, BindingQuery::kMaxLimit, BindingQuery::kDefaultLimit), ReadLimit},
      {"offset",
       "Items to leave out. Does not go with after, and in a sorted list not beyond " +
           std::to_string(BindingQuery::kMaxSortedOffset) + ".",
       IntegerSchema(0, BindingQuery::kMaxOffset, 0), ReadOffset},
      {"after", "The next of the page before, asked with the same filters and order.",
       R"({"type":"string"})",
       [](std::string_view, BindingQuery&) { return Problem(); }},  // read when all else is
      {"sort",
       "The order: a field, or - and a field for the reverse; by default the table's own. With a "
       "field that refreshes change, such as expires_in, a walk by cursors is best effort.",
       FieldSchema({"", "-"}, [](BindingField) { return true; }), ReadSort},
      {"count", "Whether to tell the total.",
       R"({"type":"string","enum":["exact","none"],"default":"exact"})", ReadCount},
      {"group_by", "Answer counts by the values of this field; not with a page's parameters.",
       FieldSchema({""}, [](BindingField field) { return !IsTime(field); }), ReadGroupBy},
      {"explain", "1: answer how the bindings would be found.",
       R"({"type":"integer","enum":[0,1],"default":0})", ReadExplain},
  };
  return parameters;
}

std::string ReadFlag(std::string_view text, bool& flag) {
  flag = text == "1";
  return text == "0" || text == "1" ? "" : Quoted(text) + "must be 0 or 1";
}

std::optional<BadParameter> ReadBindingQuery(const Request& request,
                                             const core::ServerRegistry& servers,
                                             BindingQuery& query) {
  for (const QueryParameter& parameter : request.query) {
    const auto field = FindBindingField(parameter.name);
    Problem problem = field ? AddCondition(*field, parameter.value, servers, query.filter)
                            : ReadListParameter(request, parameter, query);
    if (!problem.empty()) return BadParameter{parameter.name, std::move(problem)};
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
