#pragma once

#include "daemon_client.h"
#include "options.h"

namespace muster::daemon::cli {

/// Prints the bindings that were asked for, or groups of them: as a table, with their number on
/// stderr, or as JSON. Takes the memory of a page. Returns the exit code.
int List(const Options& options, DaemonClient& daemon);

}  // namespace muster::daemon::cli
