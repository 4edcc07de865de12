#pragma once

#include "daemon_client.h"

namespace muster::daemon::cli {

/// Writes all bindings to stdout, one a line. Returns the exit code.
int Export(DaemonClient& daemon);

}  // namespace muster::daemon::cli
