#include "muster/core/location_service.h"

#include <algorithm>
#include <utility>

#include "location/shards.h"

namespace muster::core {

LocationService::LocationService(const Limits& limits, std::size_t shards)
    : max_groups_(limits.max_groups), shards_(std::make_unique<Shards>(limits, shards)) {}

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
  const PreparedQuery query = Prepare(filter, now);
  const auto [begin, end] = shards_->Range(query);
  std::size_t count = 0;
  for (std::uint32_t shard = begin; shard < end; ++shard)
    count += (*shards_)[shard].Count(query, now);
  return count;
}

bool LocationService::Read(const BindingFilter& filter, absl::Time now, std::size_t max_rows,
                           RowPosition& position, BindingPage& page) const {
  page.Clear();
  const PreparedQuery query = Prepare(filter, now);
  const auto [begin, end] = shards_->Range(query);
  if (position.shard < begin) position = {begin, 0};
  shards_->Prefetch(query, position.shard, end);
  while (position.shard < end) {
    if (page.size() >= max_rows) return true;
    const bool more = (*shards_)[position.shard].VisitSlice(query, now, position.row,
                                                            [&](const Shard::Visit& visit) {
                                                              visit.CopyTo(page);
                                                              return page.size() < max_rows;
                                                            });
    if (!more) position = {position.shard + 1, 0};
  }
  return false;
}

RowPosition LocationService::Skip(const BindingFilter& filter, absl::Time now,
                                  std::size_t count) const {
  const PreparedQuery query = Prepare(filter, now);
  const auto [begin, end] = shards_->Range(query);
  for (std::uint32_t shard = begin; shard < end; ++shard) {
    if (count == 0) return {shard, 0};
    const std::uint32_t row = (*shards_)[shard].Skip(query, now, count);
    if (count == 0) return {shard, row};
  }
  return {end, 0};
}

void LocationService::ReadAt(std::span<const RowPosition> positions, const BindingFilter& filter,
                             absl::Time now, BindingPage& page) const {
  page.Clear();
  const PreparedQuery query = Prepare(filter, now);
  for (const RowPosition& position : positions) {
    if (position.shard >= shards_->size()) continue;
    (*shards_)[position.shard].VisitOne(query, now, position.row, [&](const Shard::Visit& visit) {
      visit.CopyTo(page);
      return true;
    });
  }
}

Explanation LocationService::Explain(const BindingFilter& filter, absl::Time now) const {
  const PreparedQuery query = Prepare(filter, now);
  Explanation explanation;
  for (const Condition& condition : filter.conditions()) {
    explanation.steps.push_back({.field = condition.field});
  }
  std::vector<std::size_t> led(explanation.steps.size());
  const auto [begin, end] = shards_->Range(query);
  for (std::uint32_t shard = begin; shard < end; ++shard) {
    const auto leader = (*shards_)[shard].Explain(query, explanation);
    if (leader) ++led[*leader];
  }
  const auto most = std::ranges::max_element(led);
  if (most != led.end() && *most != 0) {
    explanation.steps[static_cast<std::size_t>(most - led.begin())].leads = true;
  }
  return explanation;
}

Removal LocationService::Remove(const BindingFilter& filter, absl::Time now, Commits& commits) {
  const PreparedQuery query = Prepare(filter, now);
  const auto [begin, end] = shards_->Range(query);
  Removal removal;
  /// Blocks until that is known.
  const auto is_stored = [&](BatchNumber batch) {
    commits.Request();
    return commits.Wait(batch) == CommitOutcome::kDurable;
  };
  for (std::uint32_t shard = begin; shard < end && removal.complete; ++shard) {
    std::uint32_t from = 0;
    for (bool more = true; more && removal.complete;) {
      const Shard::RemovedSlice slice = (*shards_)[shard].RemoveSlice(query, now, from);
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
