#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "absl/container/inlined_vector.h"

struct roaring_bitmap_s;

namespace muster::core {

/// A set of row slots, small or huge: a sorted vector up to kMostInVector members, beyond it a
/// Roaring bitmap, so that one of a million is still added or removed at once. Thread-compatible.
class RowSet {
 public:
  static constexpr std::size_t kMostInVector = 32;
  /// Going back to the vector waits until here, so that a set at the border does not swing.
  static constexpr std::size_t kFewestInBitmap = 16;

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

  /// Bytes beside the object's own, roughly.
  std::size_t MemoryBytes() const;

 private:
  struct BitmapDeleter {
    void operator()(roaring_bitmap_s* bitmap) const;
  };

  void MoveToBitmap();
  void MoveToVector();

  /// While there is no bitmap. Most sets are the two or three bindings of a user.
  absl::InlinedVector<std::uint32_t, 4> sorted_;
  std::unique_ptr<roaring_bitmap_s, BitmapDeleter> bitmap_;
  std::uint32_t size_ = 0;
};

/// The rows of one key of an index: none, one, or a set. A view: valid until the index changes.
class KeyRows {
 public:
  KeyRows() = default;
  explicit KeyRows(std::uint32_t slot) : slot_(slot), has_slot_(true) {}
  explicit KeyRows(const RowSet* set) : set_(set) {}

  std::size_t size() const { return set_ != nullptr ? set_->size() : has_slot_ ? 1 : 0; }
  /// Like RowSet's.
  std::size_t CopyFrom(std::uint32_t from, std::span<std::uint32_t> out) const;

 private:
  const RowSet* set_ = nullptr;
  std::uint32_t slot_ = 0;
  bool has_slot_ = false;
};

}  // namespace muster::core
