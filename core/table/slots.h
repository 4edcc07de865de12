#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "table/row.h"

namespace muster::core {

/// Owns the rows of a shard, each in a slot that it keeps as long as it lives. Freed slots are used
/// again. Grows by chunks: nothing is ever moved. Thread-compatible.
class Slots {
 public:
  std::uint32_t Add(RowPtr row) {
    std::uint32_t slot = end_;
    if (free_.empty()) {
      if (slot % kChunk == 0) chunks_.push_back(std::make_unique<Chunk>());
      ++end_;
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    At(slot) = std::move(row);
    return slot;
  }

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
    return chunks_.size() * sizeof(Chunk) + free_.capacity() * sizeof(std::uint32_t);
  }

 private:
  static constexpr std::uint32_t kChunk = 1'024;
  using Chunk = std::array<RowPtr, kChunk>;

  RowPtr& At(std::uint32_t slot) const { return (*chunks_[slot / kChunk])[slot % kChunk]; }

  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<std::uint32_t> free_;
  std::uint32_t end_ = 0;
};

}  // namespace muster::core
