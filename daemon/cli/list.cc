#include "list.h"

#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "binding_walk.h"
#include "groups.h"
#include "report.h"
#include "table.h"
#include "wording.h"

namespace muster::daemon::cli {
namespace {

BindingWalk WalkOf(const Options& options) {
  BindingWalk walk{.parameters = options.filters, .offset = options.offset, .limit = options.limit};
  if (!options.sort.empty()) walk.parameters.push_back({"sort", options.sort});
  // Of a whole list the rows are counted as they come.
  walk.has_total = !options.json && (options.limit || options.offset != 0);
  return walk;
}

/// Of a name-addr the URI.
std::string_view UriOf(std::string_view contact) {
  const std::size_t end = contact.rfind('>');
  const std::size_t begin = contact.rfind('<', end);
  if (end == std::string_view::npos || begin == std::string_view::npos) return contact;
  return contact.substr(begin + 1, end - begin - 1);
}

Table::Row RowOf(const BindingItem& item) {
  return {std::string(item.Get("aor")), std::string(UriOf(item.Get("contact"))),
          Duration(item.GetNumber("expires_in")), std::string(item.Get("server")),
          std::string(item.Get("user_agent"))};
}

int ListAsJson(const Options& options, DaemonClient& daemon) {
  std::string_view before = "[";
  const int code = WalkBindings(daemon, WalkOf(options), [&](const BindingsPage& page) {
    std::string text;
    for (const std::string& item : page.items) {
      text.append(before).append(item);
      before = ",\n";
    }
    return PrintJson(text);
  });
  if (code != kExitOk) return code;
  return Print(before == "[" ? "[]\n" : "]\n");
}

int ListAsTable(const Options& options, DaemonClient& daemon) {
  Table table({{"AOR"}, {"CONTACT"}, {"EXPIRES IN"}, {"SERVER"}, {"USER-AGENT"}}, OutputWidth());
  std::uint64_t shown = 0;
  std::optional<std::uint64_t> total;
  const int code = WalkBindings(daemon, WalkOf(options), [&](const BindingsPage& page) {
    const auto items = ReadBindingItems(page.items);
    if (!items) return Fail(kExitFailed, "the daemon's answer is not a list of bindings");
    std::vector<Table::Row> rows;
    rows.reserve(items->size());
    for (const BindingItem& item : *items) rows.push_back(RowOf(item));
    shown += rows.size();
    if (page.total) total = page.total;
    return Print(table.Lines(rows));
  });
  if (code != kExitOk) return code;
  const bool is_whole = !total || *total == shown;
  std::cerr << (is_whole ? "" : Grouped(shown) + " of ") << CountedBindings(total.value_or(shown))
            << "\n";
  return kExitOk;
}

int ListGroups(const Options& options, DaemonClient& daemon) {
  const auto groups = AskForGroups(options.filters, options.group_by, daemon);
  if (!groups) return Fail(daemon.exit_code(), daemon.problem());
  if (options.json) return PrintJson(GroupsJson(*groups) + "\n");
  const int code = Print(GroupTable(options.group_by, *groups, OutputWidth()));
  if (code == kExitOk) std::cerr << CountedBindings(groups->total) << "\n";
  return code;
}

}  // namespace

int List(const Options& options, DaemonClient& daemon) {
  if (!options.group_by.empty()) return ListGroups(options, daemon);
  return options.json ? ListAsJson(options, daemon) : ListAsTable(options, daemon);
}

}  // namespace muster::daemon::cli
