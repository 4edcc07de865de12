#include "binding_walk.h"

#include <algorithm>
#include <string>

#include "report.h"

namespace muster::daemon::cli {
namespace {

constexpr std::uint64_t kMostAtOnce = 1'000;  // that the API gives

/// `done` bindings are behind the page, and `after` is its cursor.
std::string PathOfPage(const BindingWalk& walk, std::uint64_t done, const std::string& after) {
  const std::uint64_t left = walk.limit ? *walk.limit - done : kMostAtOnce;
  std::vector<QueryParameter> parameters = walk.parameters;
  parameters.push_back({"limit", std::to_string(std::min(left, kMostAtOnce))});
  if (!after.empty()) {
    parameters.push_back({"after", after});
  } else if (walk.offset != 0) {
    parameters.push_back({"offset", std::to_string(walk.offset)});
  }
  if (!walk.has_total || !after.empty()) parameters.push_back({"count", "none"});
  return "/v1/bindings" + QueryText(parameters);
}

}  // namespace

int WalkBindings(DaemonClient& daemon, const BindingWalk& walk,
                 const std::function<int(const BindingsPage& page)>& visit) {
  Progress progress("bindings");
  std::uint64_t done = 0;
  std::string after;
  do {
    const auto page = daemon.Get(PathOfPage(walk, done, after), ReadBindingsPage);
    progress.Clear();
    if (!page) return Fail(daemon.exit_code(), daemon.problem());
    if (const int code = visit(*page); code != kExitOk) return code;
    done += page->items.size();
    after = page->next;
    if (!after.empty()) progress.Show(done);
  } while (!after.empty() && (!walk.limit || done < *walk.limit));
  return kExitOk;
}

}  // namespace muster::daemon::cli
