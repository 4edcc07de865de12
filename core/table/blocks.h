#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "table/chunk_pool.h"

namespace muster::core {

/// Memory for the rows and indexes of a shard: chunks, each cut into blocks of one size. A block
/// costs its size, rounded up to eight bytes, and no header; a chunk that becomes empty goes back
/// to the pool, so that rows that change their sizes leave nothing behind. Thread-compatible.
class Blocks {
 public:
  /// Larger blocks are not cut out of chunks.
  static constexpr std::size_t kMostBytes = 512;

  /// `pool` outlives the blocks.
  explicit Blocks(ChunkPool& pool) : pool_(pool) {}
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;

  /// Of that many bytes, at a multiple of eight. All are to be freed before `this` goes.
  void* Take(std::size_t bytes);
  /// Frees a block that some Blocks gave for `bytes`.
  static void Free(void* block, std::size_t bytes);

  /// Of the chunks that have blocks in use, and of the blocks outside of chunks.
  std::size_t MemoryBytes() const { return bytes_; }

 private:
  static constexpr std::size_t kUnit = 8;
  static constexpr std::size_t kClasses = kMostBytes / kUnit + 1;
  /// Begins at a multiple of its size: so a block's chunk is found by its address.
  class Chunk;

  ChunkPool& pool_;
  std::array<Chunk*, kClasses> with_room_{};  // the first chunk of each size that is not full
  std::size_t bytes_ = 0;
};

}  // namespace muster::core
