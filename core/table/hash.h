#pragma once

// The hashes of index keys: seeded anew in each process, so that nobody can prepare names that
// collide. Never store one outside of memory.

#include <cstdint>
#include <string_view>

#include "absl/hash/hash.h"
#include "muster/core/endpoint.h"

namespace muster::core {

inline std::uint64_t HashText(std::string_view text) {
  return absl::Hash<std::string_view>{}(text);
}

inline std::uint64_t HashAddress(const IpAddress& address) {
  return absl::Hash<IpAddress>{}(address);
}

}  // namespace muster::core
