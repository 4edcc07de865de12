#pragma once

// The subcommands of `muster`.

#include "options.h"

namespace muster::daemon::cli {

/// Does what was asked, and returns the exit code.
int Run(const Options& options);

}  // namespace muster::daemon::cli
