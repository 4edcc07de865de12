#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "table/chunk_pool.h"
#include "table/row.h"

namespace muster::core {

/// Owns the rows of a shard, each in a slot that it keeps as long as it lives. Freed slots are used
/// again. Grows by chunks: nothing is ever moved. Thread-compatible.
class Slots {
 public:
  /// `pool` outlives the slots.
  explicit Slots(ChunkPool& pool) : pool_(pool) {}
  ~Slots();
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;

  std::uint32_t Add(RowPtr row);

  RowPtr Exchange(std::uint32_t slot, RowPtr row) {
    return std::exchange(At(slot), std::move(row));
  }

  RowPtr Release(std::uint32_t slot) {
    free_.push_back(slot);
    return std::move(At(slot));
  }

  Row& operator[](std::uint32_t slot) const { return *At(slot); }
  /// nullptr for a slot without a row.
  const Row* Find(std::uint32_t slot) const { return slot < end_ ? At(slot).get() : nullptr; }

  std::size_t size() const { return end_ - free_.size(); }
  /// All slots are below this.
  std::uint32_t end() const { return end_; }
  std::size_t MemoryBytes() const {
    return chunks_.size() * ChunkPool::kChunkBytes + free_.capacity() * sizeof(std::uint32_t);
  }

 private:
  static constexpr std::uint32_t kRowsOfChunk = ChunkPool::kChunkBytes / sizeof(RowPtr);

  RowPtr& At(std::uint32_t slot) const { return chunks_[slot / kRowsOfChunk][slot % kRowsOfChunk]; }

  ChunkPool& pool_;
  std::vector<RowPtr*> chunks_;
  std::vector<std::uint32_t> free_;
  std::uint32_t end_ = 0;
};

}  // namespace muster::core
