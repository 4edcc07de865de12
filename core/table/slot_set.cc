#include "table/slot_set.h"

#include <algorithm>
#include <bit>

namespace muster::core {
namespace {

constexpr std::uint32_t kWordBits = 64;

std::uint32_t BlockOf(std::uint32_t slot) { return slot / kBlockSlots; }
std::uint16_t MemberOf(std::uint32_t slot) { return static_cast<std::uint16_t>(slot); }

std::uint64_t BitOf(std::uint16_t member) { return std::uint64_t{1} << (member % kWordBits); }

/// Room for `count` members and a few more: up to what the allocator rounds to anyway.
std::uint32_t CapacityFor(std::uint32_t count) { return (count + count / 8 + 1) / 4 * 4 + 2; }

bool IsSet(const BlockWords& words, std::uint16_t member) {
  return (words[member / kWordBits] >> (member % kWordBits) & 1) != 0;
}

void SetBit(std::uint16_t member, BlockWords& words) { words[member / kWordBits] |= BitOf(member); }

/// Neighbours are often in one word, and a word that is written has to be waited for: so by turns
/// from four places.
void SetBits(std::span<const std::uint16_t> members, BlockWords& words) {
  const std::size_t quarter = members.size() / 4;
  for (std::size_t i = 0; i != quarter; ++i) {
    SetBit(members[i], words);
    SetBit(members[i + quarter], words);
    SetBit(members[i + 2 * quarter], words);
    SetBit(members[i + 3 * quarter], words);
  }
  for (const std::uint16_t member : members.subspan(4 * quarter)) SetBit(member, words);
}

std::size_t CountBitsAnywhere(const BlockWords& words) {
  std::size_t count = 0;
  for (const std::uint64_t word : words) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

#if defined(__x86_64__)
/// With the processor's own instruction: a tenth of the time.
__attribute__((target("popcnt"))) std::size_t CountBitsAtOnce(const BlockWords& words) {
  std::size_t count = 0;
  for (const std::uint64_t word : words) {
    count += static_cast<std::size_t>(__builtin_popcountll(word));
  }
  return count;
}

using Count = std::size_t (*)(const BlockWords&);
const Count kCountBits = __builtin_cpu_supports("popcnt") ? CountBitsAtOnce : CountBitsAnywhere;
#else
constexpr auto kCountBits = CountBitsAnywhere;
#endif

}  // namespace

std::size_t CountBits(const BlockWords& words) { return kCountBits(words); }

SlotSet::~SlotSet() {
  if (in_blocks()) {
    delete &blocks();
  } else {
    delete[] array();
  }
}

void SlotSet::swap(SlotSet& other) noexcept {
  std::swap(members_, other.members_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
}

bool SlotSet::Insert(std::uint32_t slot) {
  if (!in_blocks() && size_ == kMostSorted) MoveToBlocks();
  if (in_blocks()) {
    if (BlockOf(slot) >= blocks().size()) blocks().resize(BlockOf(slot) + std::size_t{1});
    if (!blocks()[BlockOf(slot)].Insert(MemberOf(slot))) return false;
  } else {
    const auto at = std::ranges::lower_bound(sorted(), slot);
    if (at != sorted().end() && *at == slot) return false;
    InsertSorted(static_cast<std::size_t>(at - sorted().begin()), slot);
  }
  ++size_;
  return true;
}

void SlotSet::InsertSorted(std::size_t at, std::uint32_t slot) {
  std::uint32_t* const old = array();
  if (size_ < capacity_) {
    std::move_backward(old + at, old + size_, old + size_ + 1);
    old[at] = slot;
    return;
  }
  capacity_ = CapacityFor(size_ + 1);
  auto grown = std::make_unique_for_overwrite<std::uint32_t[]>(capacity_);
  std::copy(old, old + at, grown.get());
  grown[at] = slot;
  std::copy(old + at, old + size_, grown.get() + at + 1);
  delete[] old;
  members_ = grown.release();
}

bool SlotSet::Erase(std::uint32_t slot) {
  if (in_blocks()) {
    if (BlockOf(slot) >= blocks().size() || !blocks()[BlockOf(slot)].Erase(MemberOf(slot))) {
      return false;
    }
    if (--size_ < kFewestInBlocks) MoveToArray();
    return true;
  }
  std::uint32_t* const end = array() + size_;
  std::uint32_t* const at = std::lower_bound(array(), end, slot);
  if (at == end || *at != slot) return false;
  std::move(at + 1, end, at);
  --size_;
  return true;
}

bool SlotSet::Contains(std::uint32_t slot) const {
  if (!in_blocks()) return std::ranges::binary_search(sorted(), slot);
  return BlockOf(slot) < blocks().size() && blocks()[BlockOf(slot)].Contains(MemberOf(slot));
}

std::uint32_t SlotSet::first() const {
  std::uint32_t first = 0;
  CopyFrom(0, {&first, 1});
  return first;
}

std::size_t SlotSet::CopyFrom(std::uint32_t from, std::span<std::uint32_t> out) const {
  if (!in_blocks()) {
    const auto begin = std::ranges::lower_bound(sorted(), from);
    const std::size_t count =
        std::min(out.size(), static_cast<std::size_t>(sorted().end() - begin));
    std::copy_n(begin, count, out.begin());
    return count;
  }
  std::size_t count = 0;
  for (std::uint32_t block = BlockOf(from); block < blocks().size() && count < out.size();
       ++block) {
    const std::uint32_t base = block * kBlockSlots;
    count += blocks()[block].CopyFrom(from > base ? from - base : 0, base, out.subspan(count));
  }
  return count;
}

std::span<const std::uint32_t> SlotSet::SortedIn(std::uint32_t block) const {
  const std::span<const std::uint32_t> all = sorted();
  const auto begin = std::ranges::lower_bound(all, block * kBlockSlots);
  const auto end = std::lower_bound(begin, all.end(), (block + 1) * kBlockSlots);
  return {begin, end};
}

std::size_t SlotSet::CountIn(std::uint32_t block) const {
  if (!in_blocks()) return SortedIn(block).size();
  return block < blocks().size() ? blocks()[block].size() : 0;
}

std::size_t SlotSet::CountIn(std::uint32_t block, const BlockWords& words) const {
  if (in_blocks()) return block < blocks().size() ? blocks()[block].CountIn(words) : 0;
  return static_cast<std::size_t>(std::ranges::count_if(
      SortedIn(block), [&](std::uint32_t slot) { return IsSet(words, MemberOf(slot)); }));
}

void SlotSet::AddTo(std::uint32_t block, BlockWords& words) const {
  if (in_blocks()) {
    if (block < blocks().size()) blocks()[block].AddTo(words);
    return;
  }
  for (const std::uint32_t slot : SortedIn(block)) SetBit(MemberOf(slot), words);
}

std::size_t SlotSet::MemoryBytes() const {
  if (!in_blocks()) return capacity_ * sizeof(std::uint32_t);
  std::size_t bytes = sizeof(Blocks) + blocks().capacity() * sizeof(Block);
  for (const Block& block : blocks()) bytes += block.MemoryBytes();
  return bytes;
}

void SlotSet::MoveToBlocks() {
  auto blocks = std::make_unique<Blocks>(BlockOf(sorted().back()) + std::size_t{1});
  for (const std::uint32_t slot : sorted()) (*blocks)[BlockOf(slot)].Insert(MemberOf(slot));
  delete[] array();
  members_ = blocks.release();
  capacity_ = kInBlocks;
}

void SlotSet::MoveToArray() {
  const std::uint32_t capacity = CapacityFor(size_);
  auto sorted = std::make_unique_for_overwrite<std::uint32_t[]>(capacity);
  CopyFrom(0, {sorted.get(), size_});
  delete &blocks();
  members_ = sorted.release();
  capacity_ = capacity;
}

bool SlotSet::Block::Insert(std::uint16_t member) {
  if (!bitmap_ && size_ == kMostInArray) MoveToBitmap();
  if (bitmap_) {
    std::uint64_t& word = (*bitmap_)[member / kWordBits];
    if ((word & BitOf(member)) != 0) return false;
    word |= BitOf(member);
  } else if (!InsertSorted(member)) {
    return false;
  }
  ++size_;
  return true;
}

bool SlotSet::Block::InsertSorted(std::uint16_t member) {
  std::uint16_t* const end = array_.get() + size_;
  std::uint16_t* const at = std::lower_bound(array_.get(), end, member);
  if (at != end && *at == member) return false;
  if (size_ < capacity_) {
    std::move_backward(at, end, end + 1);
    *at = member;
    return true;
  }
  capacity_ += capacity_ / 4 + 8;  // what is held too much is a tenth on average
  auto grown = std::make_unique_for_overwrite<std::uint16_t[]>(capacity_);
  std::uint16_t* const gap = std::copy(array_.get(), at, grown.get());
  *gap = member;
  std::copy(at, end, gap + 1);
  array_ = std::move(grown);
  return true;
}

bool SlotSet::Block::Erase(std::uint16_t member) {
  if (!Contains(member)) return false;
  --size_;
  if (bitmap_) {
    (*bitmap_)[member / kWordBits] &= ~BitOf(member);
    if (size_ < kFewestInBitmap) MoveToArray();
    return true;
  }
  std::uint16_t* const end = array_.get() + size_ + 1;
  std::uint16_t* const at = std::lower_bound(array_.get(), end, member);
  std::move(at + 1, end, at);
  return true;
}

bool SlotSet::Block::Contains(std::uint16_t member) const {
  if (bitmap_) return ((*bitmap_)[member / kWordBits] & BitOf(member)) != 0;
  return std::binary_search(array_.get(), array_.get() + size_, member);
}

std::size_t SlotSet::Block::CopyFrom(std::uint32_t from, std::uint32_t base,
                                     std::span<std::uint32_t> out) const {
  std::size_t count = 0;
  if (!bitmap_) {
    const std::uint16_t* const end = array_.get() + size_;
    const std::uint16_t* at = std::lower_bound<const std::uint16_t*>(array_.get(), end, from);
    for (; at != end && count < out.size(); ++at) out[count++] = base + *at;
    return count;
  }
  std::uint32_t word = from / kWordBits;
  std::uint64_t bits = (*bitmap_)[word] & ~std::uint64_t{0} << (from % kWordBits);
  for (;;) {
    for (; bits != 0 && count < out.size(); bits &= bits - 1) {
      out[count++] = base + word * kWordBits + static_cast<std::uint32_t>(std::countr_zero(bits));
    }
    if (count == out.size() || ++word == bitmap_->size()) return count;
    bits = (*bitmap_)[word];
  }
}

std::size_t SlotSet::Block::CountIn(const BlockWords& words) const {
  if (bitmap_) {
    BlockWords both;
    for (std::size_t i = 0; i != words.size(); ++i) both[i] = words[i] & (*bitmap_)[i];
    return CountBits(both);
  }
  std::size_t count = 0;
  for (std::size_t i = 0; i != size_; ++i) count += IsSet(words, array_[i]);
  return count;
}

void SlotSet::Block::AddTo(BlockWords& words) const {
  if (bitmap_) {
    for (std::size_t i = 0; i != words.size(); ++i) words[i] |= (*bitmap_)[i];
  } else {
    SetBits({array_.get(), size_}, words);
  }
}

std::size_t SlotSet::Block::MemoryBytes() const {
  return bitmap_ ? sizeof(BlockWords) : capacity_ * sizeof(std::uint16_t);
}

void SlotSet::Block::MoveToBitmap() {
  auto bitmap = std::make_unique<BlockWords>();
  AddTo(*bitmap);
  bitmap_ = std::move(bitmap);
  array_.reset();
  capacity_ = 0;
}

void SlotSet::Block::MoveToArray() {
  std::vector<std::uint32_t> members(size_);
  CopyFrom(0, 0, members);
  array_ = std::make_unique_for_overwrite<std::uint16_t[]>(members.size());
  std::ranges::transform(members, array_.get(), MemberOf);
  capacity_ = size_;
  bitmap_.reset();
}

}  // namespace muster::core
