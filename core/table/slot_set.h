#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace muster::core {

/// A bit for each slot of a block.
using BlockWords = std::array<std::uint64_t, 1'024>;
/// Slots of one block: what is looked at under one hold of a shard's lock.
inline constexpr std::uint32_t kBlockSlots = 65'536;
static_assert(std::tuple_size_v<BlockWords> * 64 == kBlockSlots);

/// Bits set.
std::size_t CountBits(const BlockWords& words);

/// A set of row slots, small or huge: a sorted array up to kMostSorted members, beyond it blocks
/// of 65,536 slots, each of which is a sorted array or, beyond kMostInArray members, a bit for
/// each slot. So one of a million is added or removed at once, and sets are joined word by word.
/// Thread-compatible.
class SlotSet {
 public:
  static constexpr std::size_t kMostSorted = 256;
  /// Going back to one array waits until here, so that a set at the border does not swing.
  static constexpr std::size_t kFewestInBlocks = 128;
  /// Of one block. A bitmap takes twice the bytes of so many in an array, and is joined ten times
  /// as fast.
  static constexpr std::size_t kMostInArray = 2'048;
  static constexpr std::size_t kFewestInBitmap = 1'024;

  SlotSet() = default;
  SlotSet(SlotSet&& other) noexcept { swap(other); }
  SlotSet& operator=(SlotSet&& other) noexcept {
    SlotSet(std::move(other)).swap(*this);
    return *this;
  }
  ~SlotSet();

  /// False when it was, or was not, there already.
  bool Insert(std::uint32_t slot);
  bool Erase(std::uint32_t slot);

  bool Contains(std::uint32_t slot) const;
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  /// The lowest member of a set that is not empty.
  std::uint32_t first() const;
  /// Writes members from `from` on, ascending, into `out`; returns how many.
  std::size_t CopyFrom(std::uint32_t from, std::span<std::uint32_t> out) const;

  /// Members among the slots of that block.
  std::size_t CountIn(std::uint32_t block) const;
  /// Members of that block whose bits are set.
  std::size_t CountIn(std::uint32_t block, const BlockWords& words) const;
  /// Sets the bits of that block's members.
  void AddTo(std::uint32_t block, BlockWords& words) const;

  /// Bytes beside the object's own, roughly.
  std::size_t MemoryBytes() const;

 private:
  class Block;
  using Blocks = std::vector<Block>;  // by number

  /// Capacity of a set in blocks.
  static constexpr std::uint32_t kInBlocks = std::numeric_limits<std::uint32_t>::max();

  void swap(SlotSet& other) noexcept;
  bool in_blocks() const { return capacity_ == kInBlocks; }
  std::uint32_t* array() const { return static_cast<std::uint32_t*>(members_); }
  std::span<const std::uint32_t> sorted() const { return {array(), size_}; }
  Blocks& blocks() const { return *static_cast<Blocks*>(members_); }
  std::span<const std::uint32_t> SortedIn(std::uint32_t block) const;
  void InsertSorted(std::size_t at, std::uint32_t slot);
  void MoveToBlocks();
  void MoveToArray();

  // There may be millions of sets: nothing here is without need.
  void* members_ = nullptr;  // owned: an array, or Blocks; capacity_ says which
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
};
static_assert(sizeof(SlotSet) == 16);

/// The members of a SlotSet in one block.
class SlotSet::Block {
 public:
  bool Insert(std::uint16_t member);
  bool Erase(std::uint16_t member);
  bool Contains(std::uint16_t member) const;
  std::size_t size() const { return size_; }
  /// Writes members from `from` on, each with `base` added, into `out`; returns how many.
  std::size_t CopyFrom(std::uint32_t from, std::uint32_t base, std::span<std::uint32_t> out) const;
  std::size_t CountIn(const BlockWords& words) const;
  void AddTo(BlockWords& words) const;
  std::size_t MemoryBytes() const;

 private:
  bool InsertSorted(std::uint16_t member);
  void MoveToBitmap();
  void MoveToArray();

  std::unique_ptr<BlockWords> bitmap_;
  std::unique_ptr<std::uint16_t[]> array_;  // ascending; while there is no bitmap
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;  // of the array
};

}  // namespace muster::core
