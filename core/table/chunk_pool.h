#pragma once

#include <cstddef>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "muster/core/mutex.h"

namespace muster::core {

/// The memory of a table: chunks of 16 KiB, cut out of huge pages where the system gives them
/// (madvise). A table of a million rows is too large for the processor's list of small pages; with
/// huge ones, a look at a row anywhere takes half the time. Memory that was used once is kept until
/// the pool goes. Thread-safe.
class ChunkPool {
 public:
  static constexpr std::size_t kChunkBytes = 16'384;

  ChunkPool() = default;
  ~ChunkPool();
  ChunkPool(const ChunkPool&) = delete;
  ChunkPool& operator=(const ChunkPool&) = delete;

  /// At a multiple of its size. Throws std::bad_alloc when there is no address space.
  void* Take() ABSL_LOCKS_EXCLUDED(mutex_);
  /// Each chunk is to be given back before the pool goes.
  void Give(void* chunk) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct FreeChunk {
    FreeChunk* next;
  };

  void AddSpan() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  std::vector<void*> spans_ ABSL_GUARDED_BY(mutex_);
  FreeChunk* free_ ABSL_GUARDED_BY(mutex_) = nullptr;
  // What was never used of the last span.
  char* next_ ABSL_GUARDED_BY(mutex_) = nullptr;
  char* end_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace muster::core
