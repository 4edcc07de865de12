#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace muster::core {

/// Memory for the rows of a shard: chunks of 16 KiB, each cut into blocks of one size. A block
/// costs its size, rounded up to eight bytes, and no header; a chunk that becomes empty is cut
/// anew, so that rows that change their sizes leave nothing behind. Thread-compatible.
class RowBlocks {
 public:
  /// Larger blocks are not cut out of chunks.
  static constexpr std::size_t kMostBytes = 512;

  RowBlocks() = default;
  RowBlocks(const RowBlocks&) = delete;
  RowBlocks& operator=(const RowBlocks&) = delete;

  /// Of that many bytes, at a multiple of eight. All are to be freed before `this` goes.
  void* Take(std::size_t bytes);
  /// Frees a block that some RowBlocks gave for `bytes`.
  static void Free(void* block, std::size_t bytes);

  /// Of the chunks that have blocks in use, and of the blocks outside of chunks.
  std::size_t MemoryBytes() const { return bytes_; }

 private:
  static constexpr std::size_t kUnit = 8;
  static constexpr std::size_t kClasses = kMostBytes / kUnit + 1;
  /// Chunks begin at multiples of their size: so a block's chunk is found by its address.
  static constexpr std::size_t kChunkBytes = 16'384;
  /// They come from the allocator several at once: aligned so, each one alone would leave holes.
  struct alignas(kChunkBytes) Region {
    static constexpr std::size_t kChunks = 16;
    std::array<std::array<char, kChunkBytes>, kChunks> chunks;
  };
  class Chunk;

  void* TakeChunk();

  std::vector<std::unique_ptr<Region>> regions_;
  std::vector<void*> free_chunks_;
  std::array<Chunk*, kClasses> with_room_{};  // the first chunk of each size that is not full
  std::size_t bytes_ = 0;
};

}  // namespace muster::core
