#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

/// An invariant of a fuzz target, in every build.
#define FUZZ_CHECK(condition)                                              \
  do {                                                                     \
    if (!(condition)) {                                                    \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                        \
    }                                                                      \
  } while (false)

namespace muster::fuzz {

/// Whether a view lies inside the input; an empty one may point anywhere.
inline bool IsInside(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace muster::fuzz
