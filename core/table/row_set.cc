#include "table/row_set.h"

#include <algorithm>

#include "roaring/roaring.h"

namespace muster::core {

void RowSet::BitmapDeleter::operator()(roaring_bitmap_s* bitmap) const {
  roaring_bitmap_free(bitmap);
}

bool RowSet::Insert(std::uint32_t slot) {
  if (!bitmap_ && size_ == kMostInVector) MoveToBitmap();
  if (bitmap_) {
    if (!roaring_bitmap_add_checked(bitmap_.get(), slot)) return false;
  } else {
    const auto at = std::ranges::lower_bound(sorted_, slot);
    if (at != sorted_.end() && *at == slot) return false;
    sorted_.insert(at, slot);
  }
  ++size_;
  return true;
}

bool RowSet::Erase(std::uint32_t slot) {
  if (bitmap_) {
    if (!roaring_bitmap_remove_checked(bitmap_.get(), slot)) return false;
    --size_;
    if (size_ < kFewestInBitmap) MoveToVector();
    return true;
  }
  const auto at = std::ranges::lower_bound(sorted_, slot);
  if (at == sorted_.end() || *at != slot) return false;
  sorted_.erase(at);
  --size_;
  return true;
}

bool RowSet::Contains(std::uint32_t slot) const {
  if (bitmap_) return roaring_bitmap_contains(bitmap_.get(), slot);
  return std::ranges::binary_search(sorted_, slot);
}

std::uint32_t RowSet::first() const {
  return bitmap_ ? roaring_bitmap_minimum(bitmap_.get()) : sorted_.front();
}

std::size_t RowSet::CopyFrom(std::uint32_t from, std::span<std::uint32_t> out) const {
  if (bitmap_) {
    roaring_uint32_iterator_t members;
    roaring_init_iterator(bitmap_.get(), &members);
    if (!roaring_move_uint32_iterator_equalorlarger(&members, from)) return 0;
    return roaring_read_uint32_iterator(&members, out.data(),
                                        static_cast<std::uint32_t>(out.size()));
  }
  const auto begin = std::ranges::lower_bound(sorted_, from);
  const std::size_t count = std::min(out.size(), static_cast<std::size_t>(sorted_.end() - begin));
  std::copy_n(begin, count, out.begin());
  return count;
}

std::size_t RowSet::MemoryBytes() const {
  if (bitmap_) return roaring_bitmap_size_in_bytes(bitmap_.get());
  const bool is_inline = sorted_.capacity() * sizeof(std::uint32_t) < sizeof(sorted_);
  return is_inline ? 0 : sorted_.capacity() * sizeof(std::uint32_t);
}

void RowSet::MoveToBitmap() {
  bitmap_.reset(roaring_bitmap_of_ptr(sorted_.size(), sorted_.data()));
  sorted_ = {};
}

void RowSet::MoveToVector() {
  sorted_.resize(size_);
  roaring_bitmap_to_uint32_array(bitmap_.get(), sorted_.data());
  bitmap_.reset();
}

std::size_t KeyRows::CopyFrom(std::uint32_t from, std::span<std::uint32_t> out) const {
  if (set_ != nullptr) return set_->CopyFrom(from, out);
  if (!has_slot_ || slot_ < from || out.empty()) return 0;
  out[0] = slot_;
  return 1;
}

}  // namespace muster::core
