#include "export.h"

#include <optional>
#include <string>

#include "bindings.h"
#include "options.h"
#include "report.h"
#include "url.h"

namespace muster::daemon::cli {

int Export(DaemonClient& daemon) {
  Progress progress("bindings");
  std::uint64_t count = 0;
  const std::string first = "/v1/bindings?limit=1000&count=none";
  for (std::string path = first;;) {
    std::string document;
    if (!daemon.Ask({.method = "GET", .path = path}, document)) {
      progress.Clear();
      return Fail(kExitFailed, daemon.problem());
    }
    const std::optional<BindingsPage> page = ReadBindingsPage(document);
    progress.Clear();
    if (!page) return Fail(kExitFailed, "the daemon's answer is not a list of bindings");
    if (const int code = Print(page->lines); code != kExitOk) return code;
    if (page->next.empty()) return kExitOk;
    progress.Show(count += page->count);
    path = first + "&after=" + PathSegment(page->next);
  }
}

}  // namespace muster::daemon::cli
