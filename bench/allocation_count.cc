#include "bench/allocation_count.h"

#include <cstddef>

namespace {
std::uint64_t allocation_count = 0;
}

extern "C" {
// glibc's own, by the names under which it exports them for this purpose.
void* GlibcMalloc(std::size_t size) __asm__("__libc_malloc");
void* GlibcCalloc(std::size_t count, std::size_t size) __asm__("__libc_calloc");
void* GlibcRealloc(void* block, std::size_t size) __asm__("__libc_realloc");

void* malloc(std::size_t size) {
  ++allocation_count;
  return GlibcMalloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  ++allocation_count;
  return GlibcCalloc(count, size);
}

void* realloc(void* block, std::size_t size) {
  ++allocation_count;
  return GlibcRealloc(block, size);
}
}

namespace muster::bench {

std::uint64_t AllocationCount() { return allocation_count; }

}  // namespace muster::bench
