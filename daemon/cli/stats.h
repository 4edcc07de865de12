#pragma once

#include "daemon_client.h"
#include "options.h"

namespace muster::daemon::cli {

/// Prints how many bindings there are, of which servers, transports and User-Agents, and what the
/// daemon has done. Returns the exit code.
int Stats(const Options& options, DaemonClient& daemon);

}  // namespace muster::daemon::cli
