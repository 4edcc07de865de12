#pragma once

// A list of bindings from its first page to its last.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "bindings.h"
#include "daemon_client.h"
#include "url.h"

namespace muster::daemon::cli {

struct BindingWalk {
  std::vector<QueryParameter> parameters;  // filters and order
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> limit = std::nullopt;  // of bindings in all
  bool has_total = false;                             // the first page says how many there are
};

/// Calls `visit` for page after page, one at least, as long as it returns kExitOk. Tells of what
/// fails, and shows how far it is. Returns the exit code.
int WalkBindings(DaemonClient& daemon, const BindingWalk& walk,
                 const std::function<int(const BindingsPage& page)>& visit);

}  // namespace muster::daemon::cli
