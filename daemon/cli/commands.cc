#include "commands.h"

#include <utility>

#include "access.h"
#include "check.h"
#include "count.h"
#include "daemon_client.h"
#include "export.h"
#include "import.h"
#include "list.h"
#include "remove.h"
#include "report.h"
#include "show.h"
#include "stats.h"

namespace muster::daemon::cli {
namespace {

/// What a running daemon is asked for.
int RunWithDaemon(const Options& options) {
  Access access = FindAccess(options);
  if (!access.problem.empty()) return Fail(access.exit_code, access.problem);
  DaemonClient daemon(std::move(access));
  switch (options.command) {
    case Options::Command::kList:
      return List(options, daemon);
    case Options::Command::kRemove:
      return Remove(options, daemon);
    case Options::Command::kShow:
      return Show(options, daemon);
    case Options::Command::kCount:
      return Count(options, daemon);
    case Options::Command::kExplain:
      return Explain(options, daemon);
    case Options::Command::kStats:
      return Stats(options, daemon);
    case Options::Command::kExport:
      return Export(daemon);
    case Options::Command::kImport:
      return Import(options, daemon);
    case Options::Command::kCheck:
      break;  // needs no daemon
  }
  return kExitUsage;
}

}  // namespace

int Run(const Options& options) {
  return options.command == Options::Command::kCheck ? Check(options) : RunWithDaemon(options);
}

}  // namespace muster::daemon::cli
