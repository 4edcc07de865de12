#include "groups.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "table.h"
#include "wording.h"

namespace muster::daemon::cli {
std::string TitleOf(std::string field) {
  for (char& c : field) {
    c = c == '_' ? '-' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return field;
}

std::optional<Groups> AskForGroups(std::vector<QueryParameter> filters, const std::string& field,
                                   DaemonClient& daemon) {
  filters.push_back({"group_by", field});
  return daemon.Get("/v1/bindings" + QueryText(filters), ReadGroups);
}

std::string GroupTable(const std::string& field, const Groups& groups, std::size_t width) {
  const std::string title = TitleOf(field);
  std::vector<Table::Row> rows;
  rows.reserve(groups.groups.size());
  for (const Group& group : groups.groups) {
    rows.push_back({group.has_value ? group.value : "(none)", Grouped(group.count),
                    Share(group.count, groups.total)});
  }
  return Table({{title}, {"COUNT", true}, {"SHARE", true}}, width).Lines(rows);
}

std::string GroupsJson(const Groups& groups) {
  std::string text = "[";
  for (const Group& group : groups.groups) text += (text.size() == 1 ? "" : ",") + group.json;
  return text + "]";
}

}  // namespace muster::daemon::cli
