#pragma once

// The hashes of keys: seeded anew in each process, so that nobody can prepare names that collide.
// Never store one outside of memory.
//
// absl::Hash of a std::string_view is no such hash here: where absl::string_view is a type of its
// own, it falls back to std::hash, whose seed is known to everybody. Do not key a map by
// std::string_view without TextHash.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace muster::core {

inline std::uint64_t HashText(std::string_view text) {
  return absl::HashOf(absl::string_view(text.data(), text.size()));
}

/// For Abseil's containers.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return HashText(text); }
};

}  // namespace muster::core
