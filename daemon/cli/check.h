#pragma once

#include "options.h"

namespace muster::daemon::cli {

/// Verifies the database in a data folder that nobody uses, and changes nothing there. Returns the
/// exit code: kExitFailed when it is damaged, kExitUsage when there is none, kExitTaken when the
/// folder is in use or the database is of a newer version.
int Check(const Options& options);

}  // namespace muster::daemon::cli
