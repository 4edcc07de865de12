#include "binding_groups.h"

#include <algorithm>
#include <vector>

#include "muster/http/json_writer.h"

namespace muster::http::v1 {
namespace {

constexpr std::size_t kMostGroups = 1'000;

void WriteSize(std::string_view key, std::size_t size, JsonWriter& json) {
  json.Key(key);
  json.Number(static_cast<std::int64_t>(size));
}

void WriteGroup(const core::FieldValue* value, std::size_t count, JsonWriter& json) {
  json.BeginObject();
  json.Key("value");
  if (value == nullptr) {
    json.Null();
  } else if (const auto* const text = std::get_if<std::string>(value)) {
    json.String(*text);
  } else {
    json.Number(std::get<std::int64_t>(*value));
  }
  WriteSize("count", count, json);
  json.EndObject();
}

std::string_view RoleOf(const core::Explanation::Step& step) {
  if (step.leads) return "leads";
  return step.is_told ? "joins" : "looks";
}

}  // namespace

std::string GroupsText(const core::Groups& groups) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Key("groups");
  json.BeginArray();
  std::size_t left = kMostGroups;
  std::size_t without = groups.without;
  for (const core::Group& group : groups.groups) {
    if (without > group.count && left != 0) {
      WriteGroup(nullptr, without, json);
      without = 0;
      --left;
    }
    if (left == 0) break;
    WriteGroup(&group.value, group.count, json);
    --left;
  }
  if (without != 0 && left != 0) WriteGroup(nullptr, without, json);
  json.EndArray();
  WriteSize("total", groups.total, json);
  json.EndObject();
  return text;
}

std::string ExplanationText(const core::Explanation& explanation) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Key("explain");
  json.BeginObject();
  json.Key("conditions");
  json.BeginArray();
  for (const core::Explanation::Step& step : explanation.steps) {
    json.BeginObject();
    json.Key("field");
    json.String(core::InfoOf(static_cast<core::BindingField>(step.field)).name);
    json.Key("role");
    json.String(RoleOf(step));
    if (step.is_indexed) WriteSize("rows", step.rows, json);
    json.EndObject();
  }
  json.EndArray();
  WriteSize("rows_at_most", explanation.rows_at_most, json);
  WriteSize("rows_looked_at", explanation.rows_looked_at, json);
  json.EndObject();
  json.EndObject();
  return text;
}

}  // namespace muster::http::v1
