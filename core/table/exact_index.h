#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "absl/functional/function_ref.h"
#include "table/blocks.h"
#include "table/slot_set.h"

namespace muster::core {

/// The rows of one key of an index: some slots, or a set. A view: valid until the index changes.
class KeyRows {
 public:
  /// A key of more rows has a SlotSet.
  static constexpr std::size_t kMostLoose = 4;

  KeyRows() = default;
  explicit KeyRows(const SlotSet* set) : set_(set) {}

  /// nullptr when the rows are loose().
  const SlotSet* set() const { return set_; }
  std::span<const std::uint32_t> loose() const { return {loose_.data(), count_}; }

  std::size_t size() const { return set_ != nullptr ? set_->size() : count_; }
  /// One that is not among them. Not beyond kMostLoose.
  void Add(std::uint32_t slot) { loose_[count_++] = slot; }

 private:
  const SlotSet* set_ = nullptr;
  std::size_t count_ = 0;
  std::array<std::uint32_t, kMostLoose> loose_;
};

/// From a key to the rows that have it. It holds no keys: an entry is 24 bits of the key's hash and
/// a slot; whether the row there really has the key, the caller says. When more rows than
/// KeyRows::kMostLoose have the key, its entry names a SlotSet, which is known by all 64 bits of
/// the hash. A row may have several keys, of one hash too: then it has several entries.
///
/// Extendible hashing: a directory of small buckets, each an array of entries that is searched
/// eight at a time. A bucket that is full becomes two. So an entry takes some seven bytes at any
/// size, and growing costs a bucket's time, not the index's: it reads no rows, since what tells the
/// halves apart is in the entries. Only the directory is copied when it doubles; buckets are never
/// joined again. Thread-compatible, but for Prefetch.
class ExactIndex {
 public:
  /// Slots and sets are below this.
  static constexpr std::uint32_t kMaxSlots = 1U << 23;

  /// Says whether the row in this slot has the key that is looked for.
  using HasKey = absl::FunctionRef<bool(std::uint32_t slot)>;

  /// `blocks` outlives the index.
  explicit ExactIndex(Blocks& blocks);
  ~ExactIndex();
  ExactIndex(const ExactIndex&) = delete;
  ExactIndex& operator=(const ExactIndex&) = delete;

  /// Once for each row and key.
  void Insert(std::uint64_t hash, std::uint32_t slot, HasKey has_key);
  /// Slot must be there under a key of this hash.
  void Erase(std::uint64_t hash, std::uint32_t slot);
  KeyRows Find(std::uint64_t hash, HasKey has_key) const;

  /// Brings nearer what Find of that hash will look at: its place in the directory, or the bucket
  /// that stands there. Reads nothing that changes otherwise than at once, so that it needs no
  /// lock: a lookup in many shards waits for the memory of all of them together.
  enum class Part : std::uint8_t { kPlace, kBucket };
  void Prefetch(std::uint64_t hash, Part part) const;

  /// Entries.
  std::size_t size() const { return size_; }
  /// Without the buckets, which are in Blocks.
  std::size_t MemoryBytes() const;

 private:
  class Bucket;
  struct BucketDeleter {
    void operator()(Bucket* bucket) const;
  };
  using BucketPtr = std::unique_ptr<Bucket, BucketDeleter>;

  /// By the lowest bits of the hash. A bucket stands in all places that agree in its own bits; it
  /// belongs to the first of them.
  struct Directory {
    explicit Directory(std::size_t places)
        : size(places), buckets(std::make_unique<std::atomic<Bucket*>[]>(places)) {}
    std::atomic<Bucket*>& operator[](std::size_t place) const { return buckets[place]; }

    std::size_t size;  // a power of two
    std::unique_ptr<std::atomic<Bucket*>[]> buckets;
  };

  const Directory& directory() const { return *directory_.load(std::memory_order_relaxed); }
  Bucket& BucketOf(std::uint64_t hash) const {
    return *directory()[hash & (directory().size - 1)].load(std::memory_order_relaxed);
  }
  void AddEntry(std::uint64_t hash, std::uint32_t reference);
  void Split(std::uint64_t hash);
  void Replace(std::uint64_t hash, BucketPtr bucket);
  void Place(std::uint64_t hash, Bucket* bucket);
  void EraseEntry(std::uint64_t hash, std::size_t at);
  /// Of a slot, or a set, by its reference.
  void EraseOneEntry(std::uint64_t hash, std::uint32_t reference);
  /// The number of the key's set, or kNoSet.
  std::uint32_t FindSet(std::uint64_t hash) const;
  void EraseFromSet(std::uint64_t hash, std::uint32_t number, std::uint32_t slot);
  std::uint32_t TakeSet(std::uint64_t hash);
  /// Changes a member of `sets_`, and counts its bytes.
  void Change(SlotSet& set, absl::FunctionRef<void(SlotSet&)> change);

  void AddDirectory(std::size_t places);

  Blocks& blocks_;
  std::atomic<const Directory*> directory_;  // the last of them
  /// Those before it are kept: Prefetch may still be looking. All together they are as large as it.
  std::vector<std::unique_ptr<Directory>> directories_;
  struct KeySet {
    std::uint64_t hash = 0;
    SlotSet slots;
  };
  std::deque<KeySet> sets_;  // grows without moving, and without room in advance
  std::vector<std::uint32_t> free_sets_;
  std::size_t size_ = 0;
  std::size_t set_bytes_ = 0;  // beside `sets_` itself; counted along, since there may be millions
};

}  // namespace muster::core
