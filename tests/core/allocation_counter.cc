#include "tests/core/allocation_counter.h"

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t allocations = 0;

}  // namespace

// new[] and nothrow new come here too, by default.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* const block = std::malloc(size != 0 ? size : 1)) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }

namespace muster::core {

AllocationCounter::AllocationCounter() : begin_(allocations) {}
std::size_t AllocationCounter::count() const { return allocations - begin_; }

}  // namespace muster::core
