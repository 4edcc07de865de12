#include "bench/query/outbound_table.h"

#include <algorithm>

namespace muster::bench {
namespace {

constexpr std::size_t kShards = 16;

/// What RowIndexes asks of a row kind.
class OutboundRows {
 public:
  using Row = OutboundRow;
  static constexpr std::array<core::FieldIndex, 5> kIndexes = {
      core::FieldIndex::kValues, core::FieldIndex::kValues, core::FieldIndex::kValues,
      core::FieldIndex::kValues, core::FieldIndex::kValues};

  std::uint32_t Add(const OutboundRow& row) {
    rows_.push_back(row);
    return end() - 1;
  }
  const Row& operator[](std::uint32_t slot) const { return rows_[slot]; }
  std::uint32_t end() const { return static_cast<std::uint32_t>(rows_.size()); }

  void Prefetch(std::uint32_t) const {}

  bool Value(const Row& row, std::size_t field, std::uint32_t& value) const {
    switch (static_cast<OutboundTable::Field>(field)) {
      case OutboundTable::kStatusCode:
        value = row.status_code;
        break;
      case OutboundTable::kProxy:
        value = row.proxy;
        break;
      case OutboundTable::kSuccessful:
        value = row.successful;
        break;
      case OutboundTable::kDeactivated:
        value = row.deactivated;
        break;
      case OutboundTable::kIsPersistent:
        value = row.is_persistent;
        break;
    }
    return true;
  }
  bool ValueMeets(std::size_t, std::uint32_t value, const core::Condition& condition) const {
    return std::ranges::any_of(condition.ranges, [value](const core::NumberRange& range) {
      return range.Contains(value);
    });
  }
  template <typename Visit>
  bool VisitWholeValues(std::size_t, const core::Condition&, Visit) const {
    return false;
  }
  // No field is found by a text or an address.
  template <typename Visit>
  void VisitKeys(const Row&, std::size_t, Visit) const {}
  template <typename Visit>
  void VisitAddresses(const Row&, std::size_t, Visit) const {}
  bool HasAddressIn(const Row&, std::size_t, const core::AddressBlock&) const { return false; }

 private:
  std::vector<OutboundRow> rows_;
};

}  // namespace

class OutboundTable::Shard {
 public:
  explicit Shard(core::ChunkPool& pool) : blocks_(pool) {}

  void Add(const OutboundRow& row) {
    core::MutexLock lock(mutex_);
    indexes_.Insert(rows_.Add(row));
  }

  std::uint64_t Count(const core::PreparedQuery& query) {
    std::uint64_t count = 0;
    for (std::uint32_t from = 0;;) {
      core::MutexLock lock(mutex_);
      const core::Selection selection = indexes_.Select(query);
      if (const auto at_once = selection.CountAtOnce()) return *at_once;
      for (std::uint32_t i = 0; i != selection.blocks_at_once(); ++i) {
        if (from >= selection.end()) return count;
        count += selection.CountIn(from / core::kBlockSlots);
        from += core::kBlockSlots;
      }
    }
  }

  void Copy(const core::PreparedQuery& query, std::size_t most, std::vector<OutboundRow>& page) {
    std::vector<std::uint32_t> slots;
    for (std::uint32_t from = 0; page.size() < most;) {
      core::MutexLock lock(mutex_);
      const core::Selection selection = indexes_.Select(query);
      if (from >= selection.end()) return;
      from = selection.CopyFrom(from, most - page.size(), slots);
      for (const std::uint32_t slot : slots) page.push_back(rows_[slot]);
    }
  }

 private:
  core::Mutex mutex_;
  core::Blocks blocks_;
  OutboundRows rows_ ABSL_GUARDED_BY(mutex_);
  core::RowIndexes<OutboundRows> indexes_ ABSL_GUARDED_BY(mutex_){rows_, blocks_};
};

OutboundTable::OutboundTable() {
  for (std::size_t i = 0; i != kShards; ++i) shards_.push_back(std::make_unique<Shard>(pool_));
}
OutboundTable::~OutboundTable() = default;

void OutboundTable::Add(const OutboundRow& row) { shards_[row.id % kShards]->Add(row); }

std::uint64_t OutboundTable::Find(const core::PreparedQuery& query, std::size_t most,
                                  std::vector<OutboundRow>& page) {
  std::uint64_t total = 0;
  for (const auto& shard : shards_) {
    if (page.size() < most) shard->Copy(query, most, page);
    total += shard->Count(query);
  }
  return total;
}

}  // namespace muster::bench
