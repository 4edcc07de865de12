#pragma once

#include "daemon_client.h"
#include "options.h"

namespace muster::daemon::cli {

/// Sends the lines of options.file to the daemon, names the bad ones on stderr, and returns the
/// exit code.
int Import(const Options& options, DaemonClient& daemon);

}  // namespace muster::daemon::cli
