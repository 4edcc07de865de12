#include "table/blocks.h"

#include <new>

namespace muster::core {

/// The head of a chunk; its blocks are behind it. In the list of its size while it has room.
class Blocks::Chunk {
 public:
  Chunk(Blocks& owner, std::size_t units)
      : owner_(owner), units_(static_cast<std::uint16_t>(units)) {}

  static Chunk& Of(void* block) {
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    return *reinterpret_cast<Chunk*>(address / ChunkPool::kChunkBytes * ChunkPool::kChunkBytes);
  }

  Blocks& owner() const { return owner_; }
  bool is_full() const {
    return free_ == nullptr && fresh_ + block_bytes() > ChunkPool::kChunkBytes;
  }
  bool is_empty() const { return used_ == 0; }

  void* Take() {
    ++used_;
    if (free_ != nullptr) {
      FreeBlock* const block = free_;
      free_ = block->next;
      return block;
    }
    void* const block = reinterpret_cast<char*>(this) + fresh_;
    fresh_ = static_cast<std::uint16_t>(fresh_ + block_bytes());
    return block;
  }
  void Free(void* block) {
    --used_;
    free_ = new (block) FreeBlock{free_};
  }

  void Link() {
    Chunk*& first = owner_.with_room_[units_];
    previous_ = nullptr;
    next_ = first;
    if (next_ != nullptr) next_->previous_ = this;
    first = this;
  }
  void Unlink() {
    (previous_ != nullptr ? previous_->next_ : owner_.with_room_[units_]) = next_;
    if (next_ != nullptr) next_->previous_ = previous_;
  }

 private:
  struct FreeBlock {
    FreeBlock* next;
  };

  std::size_t block_bytes() const { return units_ * kUnit; }

  Blocks& owner_;
  Chunk* previous_ = nullptr;
  Chunk* next_ = nullptr;
  FreeBlock* free_ = nullptr;
  const std::uint16_t units_;            // of a block
  std::uint16_t used_ = 0;               // blocks
  std::uint16_t fresh_ = sizeof(Chunk);  // where what was never used begins
};

void* Blocks::Take(std::size_t bytes) {
  if (bytes > kMostBytes) {
    bytes_ += bytes;
    // In front of it stands whose it is.
    auto* const block = static_cast<Blocks**>(::operator new(bytes + sizeof(Blocks*)));
    *block = this;
    return block + 1;
  }
  const std::size_t units = (bytes + kUnit - 1) / kUnit;
  if (with_room_[units] == nullptr) {
    bytes_ += ChunkPool::kChunkBytes;
    (new (pool_.Take()) Chunk(*this, units))->Link();
  }
  Chunk& chunk = *with_room_[units];
  void* const block = chunk.Take();
  if (chunk.is_full()) chunk.Unlink();
  return block;
}

void Blocks::Free(void* block, std::size_t bytes) {
  if (bytes > kMostBytes) {
    auto* const whole = static_cast<Blocks**>(block) - 1;
    (*whole)->bytes_ -= bytes;
    return ::operator delete(whole);
  }
  Chunk& chunk = Chunk::Of(block);
  if (chunk.is_full()) chunk.Link();
  chunk.Free(block);
  if (!chunk.is_empty()) return;
  chunk.Unlink();
  Blocks& owner = chunk.owner();
  owner.bytes_ -= ChunkPool::kChunkBytes;
  chunk.~Chunk();
  owner.pool_.Give(&chunk);
}

}  // namespace muster::core
