#include "table/shard.h"

#include <algorithm>

#include "table/shard_record.h"

namespace muster::core {
namespace {

/// Looking at so many rows costs less than seeing what has expired.
constexpr std::size_t kFewRows = 16;

}  // namespace

void Shard::Edit(const Aor& aor, absl::Time now, absl::FunctionRef<void(Record&)> edit) {
  MutexLock lock(mutex_);
  ShardRecord record(aor, absl::ToUnixNanos(now), rows_, tombstones_, budget_);
  if (record.expired() > 0) expired_.fetch_add(record.expired(), std::memory_order_relaxed);
  edit(record);
}

void Shard::Lookup(const Aor& aor, absl::Time now, BindingPage& page) {
  const std::int64_t now_ns = absl::ToUnixNanos(now);
  MutexLock lock(mutex_);
  for (const std::uint32_t slot : rows_.FindAorByPreference(aor.text(), aor.hash())) {
    if (rows_.row(slot).expires_ns > now_ns) page.Append(rows_.ToBinding(slot));
  }
}

bool Shard::VisitSlice(const FilterProbe& probe, absl::Time now, std::uint32_t& from,
                       Visitor visitor) {
  const std::int64_t now_ns = absl::ToUnixNanos(now);
  MutexLock lock(mutex_);
  const bool more = TakeCandidates(probe, from);
  for (const std::uint32_t slot : candidates_) {
    from = slot + 1;
    const Row* const row = rows_.slots().Find(slot);
    if (row == nullptr || row->expires_ns <= now_ns || !probe.Matches(*row)) continue;
    if (!visitor({slot, *row, rows_})) return true;
  }
  return more;
}

void Shard::VisitOne(const FilterProbe& probe, absl::Time now, std::uint32_t slot,
                     Visitor visitor) {
  MutexLock lock(mutex_);
  const Row* const row = rows_.slots().Find(slot);
  if (row == nullptr || row->expires_ns <= absl::ToUnixNanos(now) || !probe.Matches(*row)) return;
  visitor({slot, *row, rows_});
}

std::size_t Shard::Count(const FilterProbe& probe, absl::Time now) {
  const std::int64_t now_ns = absl::ToUnixNanos(now);
  ExpiryWheel::Place place;
  for (;;) {
    MutexLock lock(mutex_);
    if (const auto few = CountFew(probe, now_ns)) return *few;
    if (SweepSlice(now_ns, place)) return rows_.Count(probe);
  }
}

std::size_t Shard::Remove(const FilterProbe& probe, absl::Time now) {
  const std::int64_t now_ns = absl::ToUnixNanos(now);
  std::size_t removed = 0;
  std::uint32_t from = 0;
  for (bool more = true; more;) {
    MutexLock lock(mutex_);
    more = TakeCandidates(probe, from);
    for (const std::uint32_t slot : candidates_) {
      from = slot + 1;
      const Row* const row = rows_.slots().Find(slot);
      if (row == nullptr || row->expires_ns <= now_ns || !probe.Matches(*row)) continue;
      tombstones_.Add(row->aor(), row->call_id(), row->cseq, row->expires_ns, now_ns);
      rows_.Remove(slot);
      budget_.Give(1);
      ++removed;
    }
  }
  return removed;
}

void Shard::Sweep(absl::Time now) {
  const std::int64_t now_ns = absl::ToUnixNanos(now);
  ExpiryWheel::Place place;
  for (bool done = false; !done;) {
    MutexLock lock(mutex_);
    done = SweepSlice(now_ns, place);
  }
  for (bool done = false; !done;) {
    MutexLock lock(mutex_);
    done = tombstones_.SweepSlice(now_ns, rows_per_slice_);
  }
}

std::size_t Shard::MemoryBytes() {
  MutexLock lock(mutex_);
  return sizeof(Shard) + rows_.MemoryBytes() + tombstones_.MemoryBytes();
}

bool Shard::SweepSlice(std::int64_t now_ns, ExpiryWheel::Place& place) {
  std::size_t budget = rows_per_slice_;
  std::size_t gone = 0;
  const bool done = rows_.SweepSlice(now_ns, budget, place, gone);
  NoteHold(rows_per_slice_ - budget);
  budget_.Give(gone);
  expired_.fetch_add(gone, std::memory_order_relaxed);
  return done;
}

std::optional<std::size_t> Shard::CountFew(const FilterProbe& probe, std::int64_t now_ns) {
  if (probe.filter().field() == BindingFilter::Field::kAll) return std::nullopt;
  if (rows_.Count(probe) > std::min(kFewRows, rows_per_slice_)) return std::nullopt;
  TakeCandidates(probe, 0);
  return rows_.CountLive(probe, now_ns, candidates_);
}

bool Shard::TakeCandidates(const FilterProbe& probe, std::uint32_t from) {
  rows_.CopyCandidates(probe, from, rows_per_slice_, candidates_);
  NoteHold(candidates_.size());
  return candidates_.size() == rows_per_slice_;
}

void Shard::NoteHold(std::size_t rows) {
  if (rows > longest_hold_rows_.load(std::memory_order_relaxed)) {
    longest_hold_rows_.store(rows, std::memory_order_relaxed);  // written under the lock
  }
}

}  // namespace muster::core
