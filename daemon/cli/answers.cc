#include "answers.h"

#include <simdjson.h>

namespace muster::daemon::cli {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::parser;

/// False when it is missing or no text.
bool ReadText(const element& object, std::string_view name, std::string& text) {
  std::string_view found;
  if (object[name].get_string().get(found)) return false;
  text = found;
  return true;
}

bool ReadGroup(const element& object, Group& group) {
  element value;
  if (object["value"].get(value) || object["count"].get_uint64().get(group.count)) return false;
  group.has_value = !value.is_null();
  group.json = simdjson::minify(object);
  if (value.is_string()) return ReadText(object, "value", group.value);
  if (group.has_value) group.value = simdjson::minify(value);
  return true;
}

bool ReadStep(const element& object, Explanation::Step& step) {
  std::uint64_t rows = 0;
  if (!object["rows"].get_uint64().get(rows)) step.rows = rows;
  return ReadText(object, "field", step.field) && ReadText(object, "role", step.role);
}

}  // namespace

std::optional<Groups> ReadGroups(std::string_view document) {
  parser parser;
  element root;
  array groups;
  Groups result;
  if (parser.parse(document.data(), document.size()).get(root)) return std::nullopt;
  if (root["groups"].get_array().get(groups)) return std::nullopt;
  if (root["total"].get_uint64().get(result.total)) return std::nullopt;
  for (const element group : groups) {
    if (!ReadGroup(group, result.groups.emplace_back())) return std::nullopt;
  }
  return result;
}

std::optional<Explanation> ReadExplanation(std::string_view document) {
  parser parser;
  element root;
  element explain;
  array steps;
  Explanation result;
  if (parser.parse(document.data(), document.size()).get(root)) return std::nullopt;
  if (root["explain"].get(explain)) return std::nullopt;
  if (explain["conditions"].get_array().get(steps)) return std::nullopt;
  if (explain["rows_at_most"].get_uint64().get(result.rows_at_most)) return std::nullopt;
  if (explain["rows_looked_at"].get_uint64().get(result.rows_looked_at)) return std::nullopt;
  for (const element step : steps) {
    if (!ReadStep(step, result.steps.emplace_back())) return std::nullopt;
  }
  result.json = simdjson::minify(explain);
  return result;
}

std::optional<std::uint64_t> ReadNumber(std::string_view document, std::string_view name) {
  parser parser;
  std::uint64_t number = 0;
  if (parser.parse(document.data(), document.size())[name].get_uint64().get(number)) {
    return std::nullopt;
  }
  return number;
}

std::optional<ErrorAnswer> ReadError(std::string_view document) {
  parser parser;
  element error;
  ErrorAnswer result;
  if (parser.parse(document.data(), document.size())["error"].get(error)) return std::nullopt;
  if (!ReadText(error, "code", result.code) || !ReadText(error, "message", result.message)) {
    return std::nullopt;
  }
  return result;
}

}  // namespace muster::daemon::cli
