#include "muster/core/location_service.h"

#include <algorithm>
#include <bit>

#include "table/binding_budget.h"
#include "table/filter_probe.h"
#include "table/shard.h"

namespace muster::core {
namespace {

/// A matching row, for the order by expiry.
struct Ranked {
  std::int64_t expires_ns;
  RowPosition position;

  /// Latest expiry first, ties in row order.
  friend bool operator<(const Ranked& a, const Ranked& b) {
    if (a.expires_ns != b.expires_ns) return a.expires_ns > b.expires_ns;
    if (a.position.shard != b.position.shard) return a.position.shard < b.position.shard;
    return a.position.row < b.position.row;
  }
};

/// The first `most` of what is added, in memory for twice as many.
class Ranking {
 public:
  explicit Ranking(std::size_t most) : most_(most) {}

  void Add(const Ranked& ranked) {
    ranked_.push_back(ranked);
    if (ranked_.size() / 2 >= std::max(most_, kFewest)) Cut();
  }

  /// In order.
  const std::vector<Ranked>& Sorted() {
    Cut();
    std::ranges::sort(ranked_, std::less<>());
    return ranked_;
  }

 private:
  static constexpr std::size_t kFewest = 512;  // below, cutting costs more than it saves

  void Cut() {
    if (ranked_.size() <= most_) return;
    const auto end = ranked_.begin() + static_cast<std::ptrdiff_t>(most_);
    std::nth_element(ranked_.begin(), end, ranked_.end());
    ranked_.erase(end, ranked_.end());
  }

  const std::size_t most_;
  std::vector<Ranked> ranked_;
};

}  // namespace

class LocationService::Impl {
 public:
  Impl(const Limits& limits, std::size_t shards)
      : budget_(limits.max_bindings), shift_(64 - std::countr_zero(std::bit_ceil(shards))) {
    const std::size_t count = std::bit_ceil(shards);
    const std::size_t rows_per_slice = std::max<std::size_t>(limits.rows_per_slice, 1);
    // The sum stays within the limit.
    const std::size_t max_tombstones = limits.max_tombstones / count;
    for (std::size_t i = 0; i < count; ++i) {
      shards_.push_back(std::make_unique<Shard>(rows_per_slice, max_tombstones, budget_));
    }
  }

  Shard& ShardOf(std::uint64_t hash) { return *shards_[IndexOf(hash)]; }

  Shard& at(std::size_t index) { return *shards_[index]; }

  /// The shards that can hold what the filter means: [first, second).
  std::pair<std::uint32_t, std::uint32_t> Range(const FilterProbe& probe) const {
    if (probe.filter().field() != BindingFilter::Field::kAor) {
      return {0, static_cast<std::uint32_t>(shards_.size())};
    }
    const auto index = static_cast<std::uint32_t>(IndexOf(probe.hash()));
    return {index, index + 1};
  }

  std::vector<std::unique_ptr<Shard>>& shards() { return shards_; }
  ServerRegistry& servers() { return servers_; }

 private:
  std::size_t IndexOf(std::uint64_t hash) const { return shift_ == 64 ? 0 : hash >> shift_; }

  BindingBudget budget_;
  const int shift_;
  std::vector<std::unique_ptr<Shard>> shards_;
  ServerRegistry servers_;
};

LocationService::LocationService(const Limits& limits, std::size_t shards)
    : impl_(std::make_unique<Impl>(limits, shards)) {}

LocationService::~LocationService() = default;

void LocationService::Edit(const Aor& aor, absl::Time now, absl::FunctionRef<void(Record&)> edit) {
  impl_->ShardOf(aor.hash()).Edit(aor, now, edit);
}

void LocationService::Lookup(const Aor& aor, absl::Time now, BindingPage& page) const {
  page.Clear();
  impl_->ShardOf(aor.hash()).Lookup(aor, now, page);
}

std::size_t LocationService::Count(const BindingFilter& filter, absl::Time now) const {
  const FilterProbe probe(filter);
  const auto [begin, end] = impl_->Range(probe);
  std::size_t count = 0;
  for (std::uint32_t shard = begin; shard < end; ++shard)
    count += impl_->at(shard).Count(probe, now);
  return count;
}

bool LocationService::Read(const BindingFilter& filter, absl::Time now, std::size_t max_rows,
                           RowPosition& position, BindingPage& page) const {
  page.Clear();
  const FilterProbe probe(filter);
  const auto [begin, end] = impl_->Range(probe);
  if (position.shard < begin) position = {begin, 0};
  while (position.shard < end) {
    if (page.size() >= max_rows) return true;
    const bool more = impl_->at(position.shard)
                          .VisitSlice(probe, now, position.row, [&](const Shard::Visit& visit) {
                            page.Append(visit.ToBinding());
                            return page.size() < max_rows;
                          });
    if (!more) position = {position.shard + 1, 0};
  }
  return false;
}

std::vector<RowPosition> LocationService::LatestExpiryFirst(const BindingFilter& filter,
                                                            absl::Time now, std::size_t max_rows,
                                                            std::optional<ExpiryRank>& rank) const {
  const FilterProbe probe(filter);
  const Ranked last = rank ? Ranked{absl::ToUnixNanos(rank->expires_at), rank->position} : Ranked{};
  Ranking ranking(max_rows);
  const auto [begin, end] = impl_->Range(probe);
  for (std::uint32_t shard = begin; shard < end; ++shard) {
    std::uint32_t from = 0;
    const auto visitor = [&, shard = shard](const Shard::Visit& visit) {
      const Ranked ranked{visit.row.expires_ns, {shard, visit.slot}};
      if (!rank || last < ranked) ranking.Add(ranked);
      return true;
    };
    while (impl_->at(shard).VisitSlice(probe, now, from, visitor)) {
    }
  }
  std::vector<RowPosition> positions;
  for (const Ranked& ranked : ranking.Sorted()) positions.push_back(ranked.position);
  if (!positions.empty()) {
    rank = {absl::FromUnixNanos(ranking.Sorted().back().expires_ns), positions.back()};
  }
  return positions;
}

void LocationService::ReadAt(std::span<const RowPosition> positions, const BindingFilter& filter,
                             absl::Time now, BindingPage& page) const {
  page.Clear();
  const FilterProbe probe(filter);
  for (const RowPosition& position : positions) {
    if (position.shard >= impl_->shards().size()) continue;
    impl_->at(position.shard).VisitOne(probe, now, position.row, [&](const Shard::Visit& visit) {
      page.Append(visit.ToBinding());
      return true;
    });
  }
}

std::size_t LocationService::Remove(const BindingFilter& filter, absl::Time now) {
  const FilterProbe probe(filter);
  const auto [begin, end] = impl_->Range(probe);
  std::size_t removed = 0;
  for (std::uint32_t shard = begin; shard < end; ++shard) {
    removed += impl_->at(shard).Remove(probe, now);
  }
  return removed;
}

std::size_t LocationService::Sweep(absl::Time now) {
  std::size_t expired = 0;
  for (const auto& shard : impl_->shards()) {
    shard->Sweep(now);
    expired += shard->TakeExpired();
  }
  return expired;
}

ServerRegistry& LocationService::servers() { return impl_->servers(); }
const ServerRegistry& LocationService::servers() const { return impl_->servers(); }

std::size_t LocationService::MemoryBytes() const {
  std::size_t bytes = 0;
  for (const auto& shard : impl_->shards()) bytes += shard->MemoryBytes();
  return bytes;
}

std::size_t LocationService::LongestHoldRows() const {
  std::size_t rows = 0;
  for (const auto& shard : impl_->shards()) rows = std::max(rows, shard->longest_hold_rows());
  return rows;
}

}  // namespace muster::core
