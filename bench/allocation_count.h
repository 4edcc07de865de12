#pragma once

// Counts what a program takes from the heap: a program that links allocation_count.cc has a malloc,
// calloc and realloc of its own, which its shared libraries use too, in front of glibc's.

#include <cstdint>

namespace muster::bench {

/// Calls of malloc, calloc and realloc so far. Not thread-safe: for programs of one thread.
std::uint64_t AllocationCount();

}  // namespace muster::bench
