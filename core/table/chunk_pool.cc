#include "table/chunk_pool.h"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace muster::core {
namespace {

constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;
/// Address space that is asked for at once; the system gives pages for it as they are touched.
constexpr std::size_t kSpanBytes = 16 * kHugePageBytes;

/// At a multiple of kHugePageBytes.
char* MapSpan() {
  constexpr std::size_t kWithMargin = kSpanBytes + kHugePageBytes;
  void* const mapped = mmap(nullptr, kWithMargin, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  char* const begin = static_cast<char*>(mapped);
  const std::size_t past = reinterpret_cast<std::uintptr_t>(begin) % kHugePageBytes;
  const std::size_t before = past == 0 ? 0 : kHugePageBytes - past;
  if (before != 0) munmap(begin, before);
  munmap(begin + before + kSpanBytes, kHugePageBytes - before);
  madvise(begin + before, kSpanBytes, MADV_HUGEPAGE);  // small pages do as well
  return begin + before;
}

}  // namespace

ChunkPool::~ChunkPool() {
  for (void* const span : spans_) {
    if (span != nullptr) munmap(span, kSpanBytes);
  }
}

void* ChunkPool::Take() {
  MutexLock lock(mutex_);
  if (free_ != nullptr) {
    FreeChunk* const chunk = free_;
    free_ = chunk->next;
    return chunk;
  }
  if (next_ == end_) AddSpan();
  void* const chunk = next_;
  next_ += kChunkBytes;
  return chunk;
}

void ChunkPool::Give(void* chunk) {
  MutexLock lock(mutex_);
  free_ = new (chunk) FreeChunk{free_};
}

void ChunkPool::AddSpan() {
  spans_.push_back(nullptr);
  spans_.back() = next_ = MapSpan();
  end_ = next_ + kSpanBytes;
}

}  // namespace muster::core
