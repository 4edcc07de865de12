#include "table/change_buffer.h"

#include <algorithm>
#include <utility>

#include "table/change_record.h"

namespace muster::core {

JournalState ChangeBuffer::state() const {
  if (refusing_) return JournalState::kFailing;
  // What takes a removal back is many times what is stored of it.
  const std::size_t bytes = changes_.records.size() + changes_.take_back.size();
  return bytes > max_bytes_ ? JournalState::kBehind : JournalState::kOpen;
}

void ChangeBuffer::Added(const RowStore& rows, std::uint32_t slot) {
  if (!recording_) return;
  const Row& row = rows.row(slot);
  WritePut(row, rows.UserAgentOf(row), changes_.records);
  TakeBack([&](std::string& out) { WriteRemove(row.aor(), row.order, out); });
}

void ChangeBuffer::Replacing(const RowStore& rows, std::uint32_t slot, bool is_refresh,
                             const Binding& replacement) {
  if (!recording_) return;
  const Row& row = rows.row(slot);
  // With a sooner end the row may be gone when this is taken back.
  const bool ends_sooner = absl::ToUnixNanos(replacement.expires_at) < row.expires_ns;
  const bool refresh_suffices = is_refresh && !ends_sooner;
  TakeBack([&](std::string& out) {
    refresh_suffices ? WriteRefresh(row, out) : WritePut(row, rows.UserAgentOf(row), out);
  });
}

void ChangeBuffer::Replaced(const RowStore& rows, std::uint32_t slot, bool is_refresh) {
  if (!recording_) return;
  const Row& row = rows.row(slot);
  is_refresh ? WriteRefresh(row, changes_.records)
             : WritePut(row, rows.UserAgentOf(row), changes_.records);
}

void ChangeBuffer::Removing(const RowStore& rows, std::uint32_t slot) {
  if (!recording_) return;
  const Row& row = rows.row(slot);
  WriteRemove(row.aor(), row.order, changes_.records);
  TakeBack([&](std::string& out) { WritePut(row, rows.UserAgentOf(row), out); });
}

void ChangeBuffer::Burying(const Row& row, const Tombstones& tombstones, std::int64_t now_ns) {
  if (!recording_) return;
  TextRoom room;
  const std::string_view call_id = row.call_id(room);
  const auto old = tombstones.Find(row.aor(), call_id, now_ns);
  // What the two become: when this is played, the old one may have ended.
  WriteBury(row.aor(), call_id, old ? std::max(row.cseq, old->cseq) : row.cseq,
            old ? std::max(row.expires_ns, old->until_ns) : row.expires_ns, changes_.records);
  if (old) {
    TakeBack(
        [&](std::string& out) { WriteBury(row.aor(), call_id, old->cseq, old->until_ns, out); });
  }
  // Comes first when things are taken back, last one first.
  TakeBack([&](std::string& out) { WriteUnbury(row.aor(), call_id, out); });
}

void ChangeBuffer::Take(BatchNumber batch, ShardChanges& taken) {
  if (!changes_.empty()) last_ = batch;
  next_ = batch + 1;
  taken.Clear();
  std::swap(taken, changes_);
}

void ChangeBuffer::TakeBack(absl::FunctionRef<void(std::string& out)> write) {
  const std::size_t begin = changes_.take_back.size();
  write(changes_.take_back);
  const auto size = static_cast<std::uint32_t>(changes_.take_back.size() - begin);
  changes_.take_back.append(reinterpret_cast<const char*>(&size), sizeof(size));
  ++changes_.count;
}

}  // namespace muster::core
