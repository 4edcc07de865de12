#include "server_transactions.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "absl/base/thread_annotations.h"
#include "absl/hash/hash.h"
#include "muster/core/hash.h"
#include "muster/core/mutex.h"

namespace muster::sip {
namespace {

constexpr std::size_t kShards = 16;
constexpr std::size_t kAlignment = 8;

std::size_t RoundUp(std::size_t bytes) { return (bytes + kAlignment - 1) & ~(kAlignment - 1); }

/// Stands before each entry in the ring; behind it, in this order: Call-ID, From tag, Via, answer.
struct EntryHeader {
  std::uint64_t hash;
  std::int64_t answered_ms;
  core::BatchNumber batch;
  std::uint32_t size;  // of the whole entry, header and padding included
  std::uint32_t answer_size;
  std::uint32_t head_size;
  std::uint32_t cseq;
  std::uint16_t call_id_size;
  std::uint16_t from_tag_size;
  std::uint16_t via_size;
  parser::Method method;
  bool is_filler;  // room at the end of the ring that the next entry did not fit
};
static_assert(sizeof(EntryHeader) % kAlignment == 0);

}  // namespace

TransactionKey::TransactionKey(const parser::Message& request)
    : hash(absl::HashOf(core::HashText(request.call_id), core::HashText(request.from_tag),
                        request.cseq.number)),
      call_id(request.call_id),
      from_tag(request.from_tag),
      via(request.top_via.text),
      cseq(request.cseq.number),
      method(request.method),
      has_to_tag(!request.to_tag.empty()) {}

/// A ring of entries, oldest at tail_, newest before head_, and an index of them. head_ and tail_
/// count bytes ever written and ever dropped; the place in the ring is their remainder.
class ServerTransactions::Shard {
 public:
  Shard(std::size_t capacity, absl::Duration lifetime)
      : capacity_(std::max(capacity & ~(kAlignment - 1), sizeof(EntryHeader))),
        lifetime_ms_(absl::ToInt64Milliseconds(lifetime)),
        ring_(new char[capacity_]) {}

  Found Find(const TransactionKey& key, absl::Time now, std::span<char> answer) const {
    core::MutexLock lock(mutex_);
    const auto found = index_.find(key.hash);
    if (found == index_.end()) return {};
    const char* const place = ring_.get() + found->second % capacity_;
    EntryHeader entry;
    std::memcpy(&entry, place, sizeof(entry));
    const char* text = place + sizeof(entry);
    const auto take = [&text](std::size_t size) {
      const std::string_view taken(text, size);
      text += size;
      return taken;
    };
    if (absl::ToUnixMillis(now) - entry.answered_ms >= lifetime_ms_) return {};
    if (entry.cseq != key.cseq || take(entry.call_id_size) != key.call_id ||
        take(entry.from_tag_size) != key.from_tag) {
      return {};
    }
    const bool same_via = take(entry.via_size) == key.via;
    if (same_via && key.method == parser::Method::kCancel) {
      return {0, core::TransactionMatch::kCancelsAnswered};
    }
    if (entry.method != key.method) return {};
    if (same_via) {
      std::memcpy(answer.data(), text, entry.answer_size);
      return {entry.answer_size, core::TransactionMatch::kNew, entry.batch, entry.head_size};
    }
    return {0, key.has_to_tag ? core::TransactionMatch::kNew : core::TransactionMatch::kMerged};
  }

  void Remember(const TransactionKey& key, absl::Time now, const Remembered& remembered) {
    const std::string_view answer = remembered.answer;
    const std::size_t size = RoundUp(sizeof(EntryHeader) + key.call_id.size() +
                                     key.from_tag.size() + key.via.size() + answer.size());
    if (size > capacity_ / 2) return;
    core::MutexLock lock(mutex_);
    char* place = MakeRoom(size);
    const EntryHeader entry{.hash = key.hash,
                            .answered_ms = absl::ToUnixMillis(now),
                            .batch = remembered.batch,
                            .size = static_cast<std::uint32_t>(size),
                            .answer_size = static_cast<std::uint32_t>(answer.size()),
                            .head_size = static_cast<std::uint32_t>(remembered.head_size),
                            .cseq = key.cseq,
                            .call_id_size = static_cast<std::uint16_t>(key.call_id.size()),
                            .from_tag_size = static_cast<std::uint16_t>(key.from_tag.size()),
                            .via_size = static_cast<std::uint16_t>(key.via.size()),
                            .method = key.method,
                            .is_filler = false};
    index_[key.hash] = head_;
    head_ += size;
    std::memcpy(place, &entry, sizeof(entry));
    place += sizeof(entry);
    for (const std::string_view part : {key.call_id, key.from_tag, key.via, answer}) {
      if (part.empty()) continue;  // its data() may be null, which memcpy does not take
      std::memcpy(place, part.data(), part.size());
      place += part.size();
    }
  }

 private:
  /// The place at head_ with `size` bytes in one piece, after the oldest entries have given way.
  char* MakeRoom(std::size_t size) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const std::size_t to_end = capacity_ - head_ % capacity_;
    if (to_end < size) {
      DropUntilFree(to_end);
      WriteFiller(to_end);
    }
    DropUntilFree(size);
    return ring_.get() + head_ % capacity_;
  }

  /// A piece of the end too small for a header needs none: DropOldest skips it.
  void WriteFiller(std::size_t size) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (size >= sizeof(EntryHeader)) {
      EntryHeader filler{};
      filler.size = static_cast<std::uint32_t>(size);
      filler.is_filler = true;
      std::memcpy(ring_.get() + head_ % capacity_, &filler, sizeof(filler));
    }
    head_ += size;
  }

  void DropUntilFree(std::size_t size) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    while (capacity_ - (head_ - tail_) < size) DropOldest();
  }

  void DropOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const std::size_t to_end = capacity_ - tail_ % capacity_;
    if (to_end < sizeof(EntryHeader)) {
      tail_ += to_end;
      return;
    }
    EntryHeader entry;
    std::memcpy(&entry, ring_.get() + tail_ % capacity_, sizeof(entry));
    if (!entry.is_filler) {
      const auto found = index_.find(entry.hash);
      if (found != index_.end() && found->second == tail_) index_.erase(found);
    }
    tail_ += entry.size;
  }

  const std::size_t capacity_;
  const std::int64_t lifetime_ms_;
  mutable core::Mutex mutex_;
  const std::unique_ptr<char[]> ring_;  // its bytes are guarded by mutex_
  std::uint64_t head_ ABSL_GUARDED_BY(mutex_) = 0;
  std::uint64_t tail_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<std::uint64_t, std::uint64_t> index_ ABSL_GUARDED_BY(mutex_);
};

ServerTransactions::ServerTransactions(const core::Limits& limits) {
  for (std::size_t i = 0; i < kShards; ++i) {
    shards_.push_back(std::make_unique<Shard>(limits.retransmission_memory_bytes / kShards,
                                              limits.retransmission_lifetime));
  }
}

ServerTransactions::~ServerTransactions() = default;

ServerTransactions::Shard& ServerTransactions::ShardOf(const TransactionKey& key) const {
  return *shards_[key.hash >> 60];
}

ServerTransactions::Found ServerTransactions::Find(const TransactionKey& key, absl::Time now,
                                                   std::span<char> answer) const {
  return ShardOf(key).Find(key, now, answer);
}

void ServerTransactions::Remember(const TransactionKey& key, absl::Time now,
                                  const Remembered& remembered) {
  ShardOf(key).Remember(key, now, remembered);
}

}  // namespace muster::sip
