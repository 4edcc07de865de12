#pragma once

#include "daemon_client.h"
#include "options.h"

namespace muster::daemon::cli {

/// Removes the bindings that were asked for, once the question is answered, or only says how many.
/// Returns the exit code.
int Remove(const Options& options, DaemonClient& daemon);

}  // namespace muster::daemon::cli
