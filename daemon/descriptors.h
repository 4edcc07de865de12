#pragma once

#include "muster/core/limits.h"

namespace muster::daemon {

/// Raises the process's limit of open files as far as it may go, and returns Limits whose
/// connections fit into it.
core::Limits LimitsWithinDescriptors();

}  // namespace muster::daemon
