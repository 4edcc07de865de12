#include "table/exact_index.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace muster::core {
namespace {

/// Of a bucket, unless its hashes are all the same.
constexpr std::size_t kMostEntries = 64;
/// Buckets are told apart by so many bits at most, of the 24 in an entry.
constexpr std::uint32_t kMaxDepth = 20;
constexpr std::size_t kGroup = 8;  // entries that are compared at once
constexpr std::size_t kRoom = 1;   // for more entries at least, in a bucket that is made

/// An entry's reference: eight bits of the hash, whether it is a set, and the slot's or the set's
/// number.
constexpr std::uint32_t kIsSet = ExactIndex::kMaxSlots;
constexpr std::uint32_t kNumber = ExactIndex::kMaxSlots - 1;
constexpr std::uint32_t kNoSet = ~std::uint32_t{0};

std::uint16_t TagOf(std::uint64_t hash) { return static_cast<std::uint16_t>(hash >> 8); }
std::uint32_t ReferenceOf(std::uint64_t hash, std::uint32_t number) {
  return static_cast<std::uint32_t>(hash) << 24 | number;
}

/// A bit, or two, for each of the eight tags that equals `tag`; the lowest for the first.
#if defined(__x86_64__)
constexpr int kBitsOfMatch = 2;
std::uint32_t Matches(const std::uint16_t* tags, std::uint16_t tag) {
  const __m128i eight = _mm_loadu_si128(reinterpret_cast<const __m128i*>(tags));
  const __m128i equal = _mm_cmpeq_epi16(eight, _mm_set1_epi16(static_cast<short>(tag)));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(equal)) & 0x5555;
}
#else
constexpr int kBitsOfMatch = 1;
std::uint32_t Matches(const std::uint16_t* tags, std::uint16_t tag) {
  std::uint32_t matches = 0;
  for (std::size_t i = 0; i != kGroup; ++i) matches |= std::uint32_t{tags[i] == tag} << i;
  return matches;
}
#endif

}  // namespace

/// Entries in no order: tags, and behind them references.
class ExactIndex::Bucket {
 public:
  static BucketPtr Make(std::uint32_t depth, std::size_t capacity, Blocks& blocks) {
    capacity = (capacity + kGroup - 1) / kGroup * kGroup;
    void* const block = blocks.Take(Bytes(capacity));
    return BucketPtr(new (block) Bucket(depth, capacity));
  }
  /// The same entries, with more room.
  BucketPtr Grown(Blocks& blocks) const {
    BucketPtr grown = Make(depth_, count_ + kRoom, blocks);
    std::copy_n(tags(), count_, grown->tags());
    std::copy_n(references(), count_, grown->references());
    grown->count_ = count_;
    return grown;
  }

  std::size_t size() const { return count_; }
  bool full() const { return count_ == capacity_; }
  /// All entries agree in so many of the hash's lowest bits.
  std::uint32_t depth() const { return depth_; }
  std::size_t bytes() const { return Bytes(capacity_); }

  void Add(std::uint16_t tag, std::uint32_t reference) {
    tags()[count_] = tag;
    references()[count_++] = reference;
  }
  void Erase(std::size_t at) {
    --count_;
    tags()[at] = tags()[count_];
    references()[at] = references()[count_];
  }

  std::uint32_t reference(std::size_t at) const { return references()[at]; }
  /// The 24 bits of the hash.
  std::uint32_t hash(std::size_t at) const {
    return std::uint32_t{tags()[at]} << 8 | references()[at] >> 24;
  }

  /// Calls `visit(at, reference)` for each entry of that hash until it returns true; says whether
  /// one did.
  template <typename Visit>
  bool Any(std::uint64_t hash, Visit visit) const {
    for (std::size_t begin = 0; begin < count_; begin += kGroup) {
      for (std::uint32_t left = Matches(tags() + begin, TagOf(hash)); left != 0; left &= left - 1) {
        const std::size_t at =
            begin + static_cast<std::size_t>(std::countr_zero(left) / kBitsOfMatch);
        if (at >= count_) return false;  // what is behind the last entry
        const std::uint32_t reference = references()[at];
        if (reference >> 24 == (hash & 0xFF) && visit(at, reference)) return true;
      }
    }
    return false;
  }

 private:
  Bucket(std::uint32_t depth, std::size_t capacity)
      : count_(0),
        capacity_(static_cast<std::uint16_t>(capacity)),
        depth_(static_cast<std::uint16_t>(depth)) {
    std::memset(tags(), 0, capacity * sizeof(std::uint16_t));
  }

  static std::size_t Bytes(std::size_t capacity) {
    return sizeof(Bucket) + capacity * (sizeof(std::uint16_t) + sizeof(std::uint32_t));
  }
  std::uint16_t* tags() const {
    return reinterpret_cast<std::uint16_t*>(const_cast<Bucket*>(this) + 1);
  }
  std::uint32_t* references() const { return reinterpret_cast<std::uint32_t*>(tags() + capacity_); }

  std::uint16_t count_;
  std::uint16_t capacity_;
  std::uint16_t depth_;
  std::uint16_t unused_ = 0;  // references begin at a multiple of four
};

void ExactIndex::BucketDeleter::operator()(Bucket* bucket) const {
  const std::size_t bytes = bucket->bytes();
  bucket->~Bucket();
  Blocks::Free(bucket, bytes);
}

ExactIndex::ExactIndex(Blocks& blocks) : blocks_(blocks) {
  AddDirectory(1);
  directory()[0] = Bucket::Make(0, kGroup, blocks_).release();
}

ExactIndex::~ExactIndex() {
  // From behind: the place that a bucket belongs to is met last.
  for (std::size_t place = directory().size; place-- != 0;) {
    Bucket* const bucket = directory()[place];
    if (place < std::size_t{1} << bucket->depth()) BucketDeleter()(bucket);
  }
}

void ExactIndex::AddDirectory(std::size_t places) {
  directories_.push_back(std::make_unique<Directory>(places));
  const Directory& added = *directories_.back();
  if (directories_.size() > 1) {
    const Directory& before = directory();
    for (std::size_t place = 0; place != places; ++place) {
      Bucket* const bucket = before[place & (before.size - 1)].load(std::memory_order_relaxed);
      added[place].store(bucket, std::memory_order_relaxed);
    }
  }
  directory_.store(&added, std::memory_order_release);
}

void ExactIndex::Prefetch(std::uint64_t hash, Part part) const {
  const Directory& now = *directory_.load(std::memory_order_acquire);
  const std::atomic<Bucket*>& place = now[hash & (now.size - 1)];
  if (part == Part::kPlace) return __builtin_prefetch(&place);
  // The bucket may be gone: its address is a number, and nothing is read from it.
  constexpr std::uintptr_t kLine = 64;
  const auto bucket = reinterpret_cast<std::uintptr_t>(place.load(std::memory_order_relaxed));
  __builtin_prefetch(reinterpret_cast<const void*>(bucket));
  __builtin_prefetch(reinterpret_cast<const void*>(bucket + kLine));
}

std::uint32_t ExactIndex::FindSet(std::uint64_t hash) const {
  std::uint32_t found = kNoSet;
  BucketOf(hash).Any(hash, [&](std::size_t, std::uint32_t reference) {
    const bool is_its = (reference & kIsSet) != 0 && sets_[reference & kNumber].hash == hash;
    if (is_its) found = reference & kNumber;
    return is_its;
  });
  return found;
}

KeyRows ExactIndex::Find(std::uint64_t hash, HasKey has_key) const {
  KeyRows rows;
  BucketOf(hash).Any(hash, [&](std::size_t, std::uint32_t reference) {
    const std::uint32_t number = reference & kNumber;
    if ((reference & kIsSet) != 0) {
      if (sets_[number].hash != hash) return false;
      rows = KeyRows(&sets_[number].slots);
      return true;
    }
    // Beside a set these are of other keys. A row that has two keys of these 24 bits is met twice.
    const bool is_new = std::ranges::find(rows.loose(), number) == rows.loose().end();
    if (is_new && rows.size() < KeyRows::kMostLoose && has_key(number)) rows.Add(number);
    return false;
  });
  return rows;
}

void ExactIndex::Insert(std::uint64_t hash, std::uint32_t slot, HasKey has_key) {
  // Its own row may be there under another key.
  const KeyRows rows =
      Find(hash, [&](std::uint32_t other) { return other != slot && has_key(other); });
  if (rows.set() == nullptr && rows.size() < KeyRows::kMostLoose) return AddEntry(hash, slot);
  std::uint32_t number = FindSet(hash);
  if (number == kNoSet) {
    number = TakeSet(hash);
    for (const std::uint32_t loose : rows.loose()) {
      Change(sets_[number].slots, [&](SlotSet& set) { set.Insert(loose); });
      EraseOneEntry(hash, loose);
    }
    AddEntry(hash, kIsSet | number);
  }
  Change(sets_[number].slots, [&](SlotSet& set) { set.Insert(slot); });
}

void ExactIndex::Erase(std::uint64_t hash, std::uint32_t slot) {
  const std::uint32_t number = FindSet(hash);
  const bool is_in_set = number != kNoSet && sets_[number].slots.Contains(slot);
  is_in_set ? EraseFromSet(hash, number, slot) : EraseOneEntry(hash, slot);
}

void ExactIndex::EraseFromSet(std::uint64_t hash, std::uint32_t number, std::uint32_t slot) {
  SlotSet& set = sets_[number].slots;
  Change(set, [&](SlotSet& changed) { changed.Erase(slot); });
  if (set.size() > KeyRows::kMostLoose / 2) return;
  std::array<std::uint32_t, KeyRows::kMostLoose / 2> last;
  set.CopyFrom(0, last);
  Change(set, [](SlotSet& changed) { changed = SlotSet(); });
  free_sets_.push_back(number);
  EraseOneEntry(hash, kIsSet | number);
  for (const std::uint32_t left : last) AddEntry(hash, left);
}

void ExactIndex::EraseOneEntry(std::uint64_t hash, std::uint32_t reference) {
  constexpr std::uint32_t kWithoutHash = kIsSet | kNumber;
  BucketOf(hash).Any(hash, [&](std::size_t at, std::uint32_t other) {
    if ((other & kWithoutHash) != reference) return false;
    EraseEntry(hash, at);
    return true;
  });
}

void ExactIndex::AddEntry(std::uint64_t hash, std::uint32_t reference) {
  while (BucketOf(hash).full()) {
    const Bucket& bucket = BucketOf(hash);
    const bool is_large = bucket.size() >= kMostEntries && bucket.depth() < kMaxDepth;
    is_large ? Split(hash) : Replace(hash, bucket.Grown(blocks_));
  }
  BucketOf(hash).Add(TagOf(hash), ReferenceOf(hash, reference));
  ++size_;
}

void ExactIndex::EraseEntry(std::uint64_t hash, std::size_t at) {
  BucketOf(hash).Erase(at);
  --size_;
}

void ExactIndex::Replace(std::uint64_t hash, BucketPtr bucket) {
  const BucketPtr old(&BucketOf(hash));
  Place(hash, bucket.release());
}

/// In all places of its hashes.
void ExactIndex::Place(std::uint64_t hash, Bucket* bucket) {
  const std::size_t step = std::size_t{1} << bucket->depth();
  for (std::size_t place = hash & (step - 1); place < directory().size; place += step) {
    directory()[place].store(bucket, std::memory_order_release);
  }
}

void ExactIndex::Split(std::uint64_t hash) {
  Bucket& full = BucketOf(hash);
  const std::uint32_t bit = 1U << full.depth();
  if (directory().size == bit) AddDirectory(std::size_t{2} * bit);
  std::size_t ones = 0;
  for (std::size_t at = 0; at != full.size(); ++at) ones += (full.hash(at) & bit) != 0;
  BucketPtr halves[2] = {Bucket::Make(full.depth() + 1, full.size() - ones + kRoom, blocks_),
                         Bucket::Make(full.depth() + 1, ones + kRoom, blocks_)};
  for (std::size_t at = 0; at != full.size(); ++at) {
    const std::uint32_t of = full.hash(at);
    halves[(of & bit) != 0]->Add(TagOf(of), full.reference(at));
  }
  const BucketPtr gone(&full);
  Place(hash & ~std::uint64_t{bit}, halves[0].release());
  Place(hash | bit, halves[1].release());
}

std::uint32_t ExactIndex::TakeSet(std::uint64_t hash) {
  std::uint32_t number = static_cast<std::uint32_t>(sets_.size());
  if (free_sets_.empty()) {
    sets_.emplace_back();
  } else {
    number = free_sets_.back();
    free_sets_.pop_back();
  }
  sets_[number].hash = hash;
  return number;
}

void ExactIndex::Change(SlotSet& set, absl::FunctionRef<void(SlotSet&)> change) {
  set_bytes_ -= set.MemoryBytes();
  change(set);
  set_bytes_ += set.MemoryBytes();
}

std::size_t ExactIndex::MemoryBytes() const {
  return 2 * directory().size * sizeof(Bucket*) + sets_.size() * sizeof(KeySet) + set_bytes_ +
         free_sets_.capacity() * sizeof(std::uint32_t);
}

}  // namespace muster::core
