#pragma once

// /healthz, /readyz and /metrics.

#include <functional>
#include <string>

#include "muster/http/router.h"

namespace muster::http {

/// `is_ready` and `metrics` are called from the server's thread. `metrics` gives Prometheus text.
void AddHealthRoutes(Router& router, std::function<bool()> is_ready,
                     std::function<std::string()> metrics);

}  // namespace muster::http
