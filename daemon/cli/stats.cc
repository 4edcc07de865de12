#include "stats.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "groups.h"
#include "metrics.h"
#include "report.h"
#include "wording.h"

namespace muster::daemon::cli {
namespace {

constexpr std::size_t kMostGroups = 10;
constexpr const char* kFields[] = {"server", "transport", "user_agent"};

struct FieldGroups {
  std::string field;
  std::optional<Groups> groups;  // nullopt: too many different values
};

/// "423: 7, 500: 1"; the codes of refusals.
std::string RefusalsText(const Metrics& metrics) {
  std::vector<std::string> counts;
  for (const auto& [code, count] : metrics.registers) {
    if (code / 100 != 2) counts.push_back(absl::StrCat(code, ": ", Grouped(count)));
  }
  return counts.empty() ? "" : " (" + absl::StrJoin(counts, ", ") + ")";
}

std::string StatsText(std::uint64_t bindings, const Metrics& metrics,
                      const std::vector<FieldGroups>& fields) {
  const auto line = [](const char* name, const std::string& value) {
    return absl::StrFormat("%-12s  %s\n", name, value);
  };
  std::string text = line("Bindings", Grouped(bindings));
  text += line("REGISTERs", Grouped(metrics.accepted()) + " accepted, " +
                                Grouped(metrics.refused()) + " refused" + RefusalsText(metrics));
  text += line("SIP messages", Grouped(metrics.sip_messages) + ", of which " +
                                   Grouped(metrics.malformed) + " malformed");
  text += line("Memory", Size(metrics.resident_bytes));
  if (metrics.journal_fails) text += line("Disk", "FAILS: changes are refused");
  for (const auto& [field, groups] : fields) {
    text += "\n" + (groups ? GroupTable(field, *groups, OutputWidth())
                           : TitleOf(field) + ": too many different ones\n");
  }
  return text;
}

std::string StatsJson(std::uint64_t bindings, const Metrics& metrics,
                      const std::vector<FieldGroups>& fields) {
  std::vector<std::string> codes;
  codes.reserve(metrics.registers.size());
  for (const auto& [code, count] : metrics.registers) {
    codes.push_back(absl::StrCat("\"", code, "\":", count));
  }
  std::string text = absl::StrCat(
      "{\"bindings\":", bindings, ",\"registers\":{\"accepted\":", metrics.accepted(),
      ",\"refused\":", metrics.refused(), ",\"by_code\":{", absl::StrJoin(codes, ","),
      "}},\"sip_messages\":", metrics.sip_messages, ",\"malformed\":", metrics.malformed,
      ",\"resident_bytes\":", metrics.resident_bytes,
      ",\"journal_failing\":", metrics.journal_fails ? "true" : "false");
  for (const auto& [field, groups] : fields) {
    absl::StrAppend(&text, ",\"", field, "\":", groups ? GroupsJson(*groups) : "null");
  }
  return text + "}\n";
}

}  // namespace

int Stats(const Options& options, DaemonClient& daemon) {
  const auto metrics = daemon.Get("/metrics", ReadMetrics);
  if (!metrics) return Fail(daemon.exit_code(), daemon.problem());
  std::vector<FieldGroups> fields;
  std::uint64_t bindings = 0;
  for (const char* field : kFields) {
    auto groups = AskForGroups({}, field, daemon);
    if (!groups && daemon.exit_code() != kExitUsage) {
      return Fail(daemon.exit_code(), daemon.problem());
    }
    if (groups) {
      bindings = groups->total;
      groups->groups.resize(std::min(groups->groups.size(), kMostGroups));
    }
    fields.push_back({field, std::move(groups)});
  }
  return options.json ? PrintJson(StatsJson(bindings, *metrics, fields))
                      : Print(StatsText(bindings, *metrics, fields));
}

}  // namespace muster::daemon::cli
