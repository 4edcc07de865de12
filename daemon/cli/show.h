#pragma once

#include "daemon_client.h"
#include "options.h"

namespace muster::daemon::cli {

/// Prints all that is known of the bindings of one AoR. Returns the exit code; kExitFailed when
/// there are none.
int Show(const Options& options, DaemonClient& daemon);

}  // namespace muster::daemon::cli
