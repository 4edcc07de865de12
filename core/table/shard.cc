#include "table/shard.h"

#include <algorithm>
#include <cstring>

#include "muster/core/hash.h"
#include "table/shard_record.h"

namespace muster::core {
namespace {

/// Looking at so many rows costs less than seeing what has expired.
constexpr std::size_t kTooFewToSweepFor = 16;
/// A slice does not end sooner, even if somebody waits; so many for each value that is looked up,
/// since the next slice looks them all up again.
constexpr std::size_t kFewestRowsOfValue = 8;
/// Asked for while one is looked at.
constexpr std::size_t kRowsAhead = 4;

std::size_t ValuesOf(const PreparedQuery& query) {
  std::size_t values = 0;
  for (const PreparedCondition& condition : query) values += condition.condition().size();
  return values;
}

}  // namespace

BatchNumber Shard::Edit(const Aor& aor, absl::Time now, absl::FunctionRef<void(Record&)> edit) {
  MutexLock lock(mutex_);
  ShardRecord record(aor, absl::ToUnixNanos(now), rows_, tombstones_, budget_, changes_, max_rows_);
  if (record.expired() > 0) expired_.fetch_add(record.expired(), std::memory_order_relaxed);
  edit(record);
  NoteRows();
  return changes_.last();
}

void Shard::Lookup(const Aor& aor, absl::Time now, BindingPage& page) {
  const std::int64_t now_ns = absl::ToUnixNanos(now);
  MutexLock lock(mutex_);
  for (const std::uint32_t slot : rows_.FindAorByPreference(aor.text(), aor.hash())) {
    if (rows_.row(slot).expires_ns > now_ns) rows_.CopyTo(slot, page);
  }
}

/// Fewer where many values are compared with each row.
std::size_t Shard::RowsOfSlice(const PreparedQuery& query, std::uint32_t told) const {
  constexpr std::size_t kUsualValues = 16;
  std::size_t values = 0;
  for (std::size_t i = 0; i != query.size(); ++i) {
    if (!Selection::IsTold(told, i)) values += query[i].condition().size();
  }
  const std::size_t rows = rows_per_slice_ * kUsualValues / std::max(values, kUsualValues);
  return std::max<std::size_t>(rows, 1);
}

bool Shard::VisitLocked(const PreparedQuery& query, std::int64_t now_ns, std::uint32_t& from,
                        absl::FunctionRef<bool(std::uint32_t slot)> visitor) {
  if (rows_.indexes().HasNothing(query)) return false;
  const Selection selection = rows_.Select(query);
  const std::uint32_t told = selection.told();
  const std::uint32_t next = selection.CopyFrom(from, RowsOfSlice(query, told), candidates_);
  const std::size_t fewest = kFewestRowsOfValue * std::max<std::size_t>(ValuesOf(query), 1);
  NoteHold(candidates_.size());
  for (std::size_t i = 0; i != candidates_.size(); ++i) {
    const std::uint32_t slot = candidates_[i];
    if (i + kRowsAhead < candidates_.size()) rows_.row(candidates_[i + kRowsAhead]).Prefetch();
    from = slot + 1;
    if (rows_.Meets(slot, query, told, now_ns) && !visitor(slot)) return true;
    if (i + 1 >= fewest && mutex_.is_awaited()) return from < selection.end();
  }
  from = next;
  return next < selection.end();
}

bool Shard::VisitSlice(const PreparedQuery& query, absl::Time now, std::uint32_t& from,
                       Visitor visitor) {
  PatientLock lock(mutex_);
  return VisitLocked(query, absl::ToUnixNanos(now), from, [&](std::uint32_t slot) {
    return visitor({slot, rows_.row(slot), rows_});
  });
}

void Shard::VisitOne(const PreparedQuery& query, absl::Time now, std::uint32_t slot,
                     Visitor visitor) {
  PatientLock lock(mutex_);
  if (rows_.slots().Find(slot) == nullptr) return;
  if (!rows_.Meets(slot, query, /*told=*/0, absl::ToUnixNanos(now))) return;
  visitor({slot, rows_.row(slot), rows_});
}

bool Shard::SweepToCount(const PreparedQuery& query, absl::Time now) {
  ExpiryWheel::Place place;
  for (;;) {
    PatientLock lock(mutex_);
    const Selection selection = rows_.Select(query);
    if (!selection.is_exact() || selection.most() <= kTooFewToSweepFor) return false;
    if (SweepSlice(absl::ToUnixNanos(now), place)) return true;
  }
}

std::size_t Shard::Count(const PreparedQuery& query, absl::Time now) {
  if (query.empty()) {
    if (const auto living = count_.LivingAt(absl::ToUnixNanos(now))) return *living;
  }
  std::size_t count = 0;
  std::uint32_t from = 0;
  bool is_swept = false;
  ExpiryWheel::Place place;
  for (;;) {
    PatientLock lock(mutex_);
    if (rows_.indexes().HasNothing(query)) return count;
    is_swept = is_swept || SweepSlice(absl::ToUnixNanos(now), place);
    if (!is_swept) continue;
    const Selection selection = rows_.Select(query);
    if (!selection.is_exact() || selection.most() <= kTooFewToSweepFor) break;
    if (from == 0) {
      if (const auto at_once = selection.CountAtOnce()) return *at_once;
    }
    for (std::uint32_t i = 0; i != selection.blocks_at_once(); ++i, from += kBlockSlots) {
      if (from >= selection.end()) return count;
      count += selection.CountIn(from / kBlockSlots);
    }
  }
  const auto counts = [&](const Visit&) { return ++count != 0; };
  while (VisitSlice(query, now, from, counts)) {
  }
  return count;
}

std::uint32_t Shard::Skip(const PreparedQuery& query, absl::Time now, std::size_t& left) {
  std::uint32_t from = 0;
  if (query.empty()) {
    const auto living = count_.LivingAt(absl::ToUnixNanos(now));
    if (living && *living < left) {
      left -= *living;
      return from;
    }
  }
  if (!SweepToCount(query, now)) return SkipRows(query, now, from, left);
  for (;;) {
    PatientLock lock(mutex_);
    const Selection selection = rows_.Select(query);
    if (!selection.is_exact()) break;  // of a sudden: there are other rows and values now
    if (from == 0) {
      if (const auto all = selection.CountAtOnce(); all && *all <= left) {
        left -= *all;
        return selection.end();
      }
    }
    from = selection.Skip(from, left);
    if (left == 0 || from >= selection.end()) return from;
  }
  return SkipRows(query, now, from, left);
}

std::uint32_t Shard::SkipRows(const PreparedQuery& query, absl::Time now, std::uint32_t from,
                              std::size_t& left) {
  const auto passes = [&](const Visit&) { return --left != 0; };
  while (left != 0 && VisitSlice(query, now, from, passes)) {
  }
  return from;
}

Shard::RemovedSlice Shard::RemoveSlice(const PreparedQuery& query, absl::Time now,
                                       std::uint32_t& from) {
  const std::int64_t now_ns = absl::ToUnixNanos(now);
  PatientLock lock(mutex_);
  RemovedSlice slice{.batch = changes_.last(), .state = changes_.state(), .more = true};
  if (slice.state != JournalState::kOpen) return slice;
  slice.more = VisitLocked(query, now_ns, from, [&](std::uint32_t slot) {
    mutex_.AssertHeld();
    const Row& row = rows_.row(slot);
    changes_.Burying(row, tombstones_, now_ns);
    changes_.Removing(rows_, slot);
    TextRoom room;
    tombstones_.Add(row.aor(), row.call_id(room), row.cseq, row.expires_ns, now_ns);
    rows_.Remove(slot);
    budget_.Give(1);
    ++slice.removed;
    return true;
  });
  slice.batch = changes_.last();
  NoteRows();
  return slice;
}

void Shard::Sweep(absl::Time now) {
  const std::int64_t now_ns = absl::ToUnixNanos(now);
  ExpiryWheel::Place place;
  for (bool done = false; !done;) {
    PatientLock lock(mutex_);
    done = SweepSlice(now_ns, place);
  }
  for (bool done = false; !done;) {
    PatientLock lock(mutex_);
    done = tombstones_.SweepSlice(now_ns, rows_per_slice_);
  }
}

void Shard::StartRecording(BatchNumber first) {
  MutexLock lock(mutex_);
  changes_.Start(first);
}

void Shard::TakeChanges(BatchNumber batch, ShardChanges& taken) {
  MutexLock lock(mutex_);
  changes_.Take(batch, taken);
}

void Shard::TakeBack(BatchNumber last_failed, ShardChanges& of_batch, absl::Time now) {
  const std::int64_t now_ns = absl::ToUnixNanos(now);
  ShardChanges in_no_batch;
  MutexLock lock(mutex_);
  changes_.Take(last_failed, in_no_batch);
  ApplyBackwards(in_no_batch.take_back, now_ns);
  ApplyBackwards(of_batch.take_back, now_ns);
  changes_.Refuse();
  NoteRows();
}

void Shard::AcceptChanges() {
  MutexLock lock(mutex_);
  changes_.Accept();
}

void Shard::Apply(const ChangeRecord& record, std::uint64_t hash, absl::Time now) {
  MutexLock lock(mutex_);
  ApplyLocked(record, hash, absl::ToUnixNanos(now));
  NoteRows();
}

bool Shard::CopyRecords(absl::Time now, RecordPosition& position, std::string& out) {
  const std::int64_t now_ns = absl::ToUnixNanos(now);
  PatientLock lock(mutex_);
  if (!position.rows_done) {
    const std::uint32_t end = rows_.slots().end();
    const std::uint32_t stop = position.row + static_cast<std::uint32_t>(std::min<std::size_t>(
                                                  rows_per_slice_, end - position.row));
    for (; position.row < stop; ++position.row) {
      const Row* const row = rows_.slots().Find(position.row);
      // Expired or not: an edit that began before may still refresh it.
      if (row == nullptr) continue;
      WritePut(*row, rows_.UserAgentOf(*row), out);
    }
    position.rows_done = stop == end;
    return true;
  }
  return tombstones_.VisitSlice(
      rows_per_slice_, position.tombstone, [&](const Tombstones::View& tombstone) {
        if (tombstone.until_ns <= now_ns) return;
        WriteBury(tombstone.aor, tombstone.call_id, tombstone.cseq, tombstone.until_ns, out);
      });
}

std::size_t Shard::MemoryBytes() {
  PatientLock lock(mutex_);
  return sizeof(Shard) + rows_.MemoryBytes() + tombstones_.MemoryBytes();
}

bool Shard::SweepSlice(std::int64_t now_ns, ExpiryWheel::Place& place) {
  std::size_t budget = rows_per_slice_;
  std::size_t gone = 0;
  const bool done = rows_.SweepSlice(now_ns, budget, place, gone);
  NoteHold(rows_per_slice_ - budget);
  budget_.Give(gone);
  expired_.fetch_add(gone, std::memory_order_relaxed);
  NoteRows();
  return done;
}

void Shard::ApplyLocked(const ChangeRecord& record, std::uint64_t hash, std::int64_t now_ns) {
  switch (record.kind) {
    case ChangeKind::kPut:
      return Put(record, hash, now_ns);
    case ChangeKind::kRefresh: {
      const std::uint32_t slot = rows_.FindOrder(record.aor, hash, record.order);
      if (slot == kNoSlot) return;
      return rows_.Refresh(slot, record.binding, now_ns);
    }
    case ChangeKind::kRemove: {
      const std::uint32_t slot = rows_.FindOrder(record.aor, hash, record.order);
      if (slot == kNoSlot) return;
      rows_.Remove(slot);
      return budget_.Give(1);
    }
    case ChangeKind::kBury:
      if (record.until_ns <= now_ns) return;
      return tombstones_.Add(record.aor, record.call_id, record.cseq, record.until_ns, now_ns);
    case ChangeKind::kUnbury:
      return tombstones_.Remove(record.aor, record.call_id);
    case ChangeKind::kServer:
      return;
  }
}

void Shard::Put(const ChangeRecord& record, std::uint64_t hash, std::int64_t now_ns) {
  const std::int64_t registered_ns = absl::ToUnixNanos(record.binding.registered_at);
  const std::uint32_t slot = rows_.FindOrder(record.aor, hash, record.order);
  if (slot == kNoSlot) {
    budget_.Take(1);
    rows_.Add(record.aor, record.binding, record.order, registered_ns, now_ns);
  } else {
    rows_.Replace(slot, record.binding, now_ns);
    rows_.row(slot).registered_ns = registered_ns;
  }
}

/// The records stand each before its size, the last one last.
void Shard::ApplyBackwards(std::string_view take_back, std::int64_t now_ns) {
  while (!take_back.empty()) {
    std::uint32_t size = 0;
    std::memcpy(&size, take_back.data() + take_back.size() - sizeof(size), sizeof(size));
    take_back.remove_suffix(sizeof(size));
    std::string_view bytes = take_back.substr(take_back.size() - size);
    take_back.remove_suffix(size);
    ChangeRecord record;
    if (ReadRecord(bytes, record)) ApplyLocked(record, HashText(record.aor), now_ns);
  }
}

void Shard::NoteHold(std::size_t rows) {
  if (rows > longest_hold_rows_.load(std::memory_order_relaxed)) {
    longest_hold_rows_.store(rows, std::memory_order_relaxed);  // written under the lock
  }
}

}  // namespace muster::core
