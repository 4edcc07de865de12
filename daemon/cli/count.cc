#include "count.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "printable.h"
#include "report.h"
#include "wording.h"

namespace muster::daemon::cli {
namespace {

std::string PathWith(std::vector<QueryParameter> filters, QueryParameter more) {
  filters.push_back(std::move(more));
  return "/v1/bindings" + QueryText(filters);
}

std::string RoleText(const Explanation::Step& step) {
  if (!step.rows) return "has no index for this: looked at row by row";
  const std::string rows = Counted(*step.rows, "row", "rows") + " by its index";
  if (step.role == "looks") return "has " + rows + ", but is looked at row by row";
  return step.role == "leads" ? "leads with " + rows : "is joined with " + rows;
}

}  // namespace

int Count(const Options& options, DaemonClient& daemon) {
  const auto total =
      daemon.Get(PathWith(options.filters, {"limit", "1"}),
                 [](std::string_view document) { return ReadNumber(document, "total"); });
  if (!total) return Fail(daemon.exit_code(), daemon.problem());
  return Print(options.json ? absl::StrCat("{\"count\":", *total, "}\n")
                            : absl::StrCat(*total, "\n"));
}

int Explain(const Options& options, DaemonClient& daemon) {
  const auto plan = daemon.Get(PathWith(options.filters, {"explain", "1"}), ReadExplanation);
  if (!plan) return Fail(daemon.exit_code(), daemon.problem());
  return options.json ? PrintJson(plan->json + "\n") : Print(ExplanationText(*plan));
}

std::string ExplanationText(const Explanation& explanation) {
  std::size_t width = 0;
  for (const Explanation::Step& step : explanation.steps) {
    width = std::max(width, step.field.size());
  }
  std::string text;
  for (const Explanation::Step& step : explanation.steps) {
    absl::StrAppendFormat(&text, "%-*s  %s\n", static_cast<int>(width), Printable(step.field),
                          RoleText(step));
  }
  const std::string found = Counted(explanation.rows_at_most, "binding", "bindings");
  absl::StrAppend(&text, "At most ", found, " in the answer; ");
  if (explanation.rows_looked_at == 0) return text + "the indexes tell all.\n";
  return absl::StrCat(text, "at most ", Counted(explanation.rows_looked_at, "row", "rows"),
                      " looked at one by one.\n");
}

}  // namespace muster::daemon::cli
