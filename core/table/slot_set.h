#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace muster::core {

/// A bit for each slot of a block.
using BlockWords = std::array<std::uint64_t, 1'024>;
/// Slots of one block: what is looked at under one hold of a shard's lock.
inline constexpr std::uint32_t kBlockSlots = 65'536;
static_assert(std::tuple_size_v<BlockWords> * 64 == kBlockSlots);

/// Bits set.
std::size_t CountBits(const BlockWords& words);

/// A set of row slots, small or huge: a sorted vector up to kMostInVector members, beyond it blocks
/// of 65,536 slots, each of which is a sorted array or, from kMostInArray members on, a bit for
/// each slot. So one of a million is added or removed at once, and sets are joined word by word.
/// Thread-compatible.
class SlotSet {
 public:
  static constexpr std::size_t kMostInVector = 256;
  /// Going back to the vector waits until here, so that a set at the border does not swing.
  static constexpr std::size_t kFewestInBlocks = 128;
  /// Of one block. A bitmap takes twice the bytes of so many in an array, and is joined ten times
  /// as fast.
  static constexpr std::size_t kMostInArray = 2'048;
  static constexpr std::size_t kFewestInBitmap = 1'024;

  SlotSet() = default;
  SlotSet(SlotSet&&) = default;
  SlotSet& operator=(SlotSet&&) = default;

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

  std::span<const std::uint32_t> SortedIn(std::uint32_t block) const;
  void MoveToBlocks();
  void MoveToVector();

  std::vector<std::uint32_t> sorted_;  // while there are no blocks
  std::vector<Block> blocks_;          // by number
  std::uint32_t size_ = 0;
};

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
