#include "muster/core/location_service.h"

#include <algorithm>
#include <utility>

#include "location/shards.h"

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

LocationService::LocationService(const Limits& limits, std::size_t shards)
    : shards_(std::make_unique<Shards>(limits, shards)) {}

LocationService::~LocationService() = default;

BatchNumber LocationService::Edit(const Aor& aor, absl::Time now,
                                  absl::FunctionRef<void(Record&)> edit) {
  return shards_->Of(aor.hash()).Edit(aor, now, edit);
}

void LocationService::Lookup(const Aor& aor, absl::Time now, BindingPage& page) const {
  page.Clear();
  shards_->Of(aor.hash()).Lookup(aor, now, page);
}

std::size_t LocationService::Count(const BindingFilter& filter, absl::Time now) const {
  const FilterProbe probe(filter);
  const auto [begin, end] = shards_->Range(probe);
  std::size_t count = 0;
  for (std::uint32_t shard = begin; shard < end; ++shard)
    count += (*shards_)[shard].Count(probe, now);
  return count;
}

bool LocationService::Read(const BindingFilter& filter, absl::Time now, std::size_t max_rows,
                           RowPosition& position, BindingPage& page) const {
  page.Clear();
  const FilterProbe probe(filter);
  const auto [begin, end] = shards_->Range(probe);
  if (position.shard < begin) position = {begin, 0};
  while (position.shard < end) {
    if (page.size() >= max_rows) return true;
    const bool more = (*shards_)[position.shard].VisitSlice(probe, now, position.row,
                                                            [&](const Shard::Visit& visit) {
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
  const auto [begin, end] = shards_->Range(probe);
  for (std::uint32_t shard = begin; shard < end; ++shard) {
    std::uint32_t from = 0;
    const auto visitor = [&, shard = shard](const Shard::Visit& visit) {
      const Ranked ranked{visit.row.expires_ns, {shard, visit.slot}};
      if (!rank || last < ranked) ranking.Add(ranked);
      return true;
    };
    while ((*shards_)[shard].VisitSlice(probe, now, from, visitor)) {
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
    if (position.shard >= shards_->size()) continue;
    (*shards_)[position.shard].VisitOne(probe, now, position.row, [&](const Shard::Visit& visit) {
      page.Append(visit.ToBinding());
      return true;
    });
  }
}

Removal LocationService::Remove(const BindingFilter& filter, absl::Time now, Commits& commits) {
  const FilterProbe probe(filter);
  const auto [begin, end] = shards_->Range(probe);
  Removal removal;
  /// Blocks until that is known.
  const auto is_stored = [&](BatchNumber batch) {
    commits.Request();
    return commits.Wait(batch) == CommitOutcome::kDurable;
  };
  for (std::uint32_t shard = begin; shard < end && removal.complete; ++shard) {
    std::uint32_t from = 0;
    for (bool more = true; more && removal.complete;) {
      const Shard::RemovedSlice slice = (*shards_)[shard].RemoveSlice(probe, now, from);
      more = slice.more;
      removal.removed += slice.removed;
      // Goes into another batch when the one before is stored, and on in a shard that is behind
      // when that has caught up.
      const BatchNumber before = std::exchange(removal.batch, std::max(slice.batch, removal.batch));
      const bool is_other_batch = before != 0 && before != removal.batch;
      removal.complete = slice.state != JournalState::kFailing &&
                         (!is_other_batch || is_stored(before)) &&
                         (slice.state != JournalState::kBehind || is_stored(slice.batch));
    }
  }
  commits.Request();
  return removal;
}

std::size_t LocationService::Sweep(absl::Time now) {
  std::size_t expired = 0;
  for (const auto& shard : *shards_) {
    shard->Sweep(now);
    expired += shard->TakeExpired();
  }
  return expired;
}

ServerRegistry& LocationService::servers() { return servers_; }
const ServerRegistry& LocationService::servers() const { return servers_; }

std::size_t LocationService::MemoryBytes() const {
  std::size_t bytes = 0;
  for (const auto& shard : *shards_) bytes += shard->MemoryBytes();
  return bytes;
}

std::size_t LocationService::LongestHoldRows() const {
  std::size_t rows = 0;
  for (const auto& shard : *shards_) rows = std::max(rows, shard->longest_hold_rows());
  return rows;
}

}  // namespace muster::core
