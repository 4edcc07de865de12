#pragma once

#include <array>
#include <atomic>
#include <cstddef>

#include "muster/core/endpoint.h"
#include "muster/core/location_service.h"
#include "muster/core/mutex.h"

namespace muster::core {

/// The ServerId of this node for each of the local addresses at which REGISTERs come. Reading takes
/// no lock and allocates nothing, for the few addresses that a node has. Thread-safe.
class LocalServers {
 public:
  /// With an address in `node` every binding shows that one; else the local address itself.
  LocalServers(Server node, ServerRegistry& registry);
  ServerId For(const IpAddress& local_address);

 private:
  struct Entry {
    IpAddress address;
    ServerId id = 0;
  };

  ServerId AddSlowly(const IpAddress& local_address);

  const Server node_;
  ServerRegistry& registry_;
  Mutex mutex_;                    // guards writing; an entry is never changed once counted
  std::array<Entry, 64> entries_;  // further addresses go to the registry each time
  std::atomic<std::size_t> size_{0};
};

}  // namespace muster::core
