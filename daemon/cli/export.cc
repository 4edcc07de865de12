#include "export.h"

#include <string>

#include "binding_walk.h"
#include "report.h"

namespace muster::daemon::cli {

int Export(DaemonClient& daemon) {
  return WalkBindings(daemon, {}, [](const BindingsPage& page) {
    std::string lines;
    for (const std::string& item : page.items) lines.append(item).append("\n");
    return PrintJson(lines);
  });
}

}  // namespace muster::daemon::cli
