#include "reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace muster::journal {
namespace {

/// So many numbers behind an unreadable batch are tried: some hundred pages' worth of batches.
constexpr std::int64_t kMostSkipped = 1 << 16;
/// A file of garbage must have an end too.
constexpr int kMostDamages = 1 << 16;
/// A snapshot of more chunks than this would be of a terabyte.
constexpr std::int64_t kMostChunks = 1 << 20;

absl::Status Damage(const Connection& connection, std::string_view what, std::int64_t number,
                    std::string_view wrong) {
  return absl::DataLossError(absl::StrCat(connection.file(), ": ",
                                          absl::string_view(what.data(), what.size()), " ", number,
                                          " ", absl::string_view(wrong.data(), wrong.size())));
}

}  // namespace

absl::Status Reader::Open(const std::string& file, const std::string& vfs, bool salvage) {
  absl::Status status = connection_.OpenToRead(file, vfs);
  if (!status.ok()) return status;
  // Without this SQLite refuses a file that is shorter than it should be, whatever is left in it.
  if (salvage) sqlite3_db_config(connection_.handle(), SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, nullptr);
  status = connection_.Execute("BEGIN");
  if (status.ok()) status = FindSnapshot(salvage);
  if (!status.ok()) return status;
  status = connection_.Prepare("SELECT checksum, records FROM chunk WHERE id = ?", chunk_);
  if (!status.ok()) return status;
  return connection_.Prepare(
      "SELECT number, previous, checksum, records FROM batch WHERE number >= ? ORDER BY number",
      batch_);
}

absl::Status Reader::FindSnapshot(bool salvage) {
  auto snapshot = ReadSnapshot(connection_);
  if (!snapshot.ok() && !(salvage && absl::IsDataLoss(snapshot.status()))) return snapshot.status();
  if (snapshot.ok()) {
    snapshot_ = *snapshot;
  } else {
    oddity_ = absl::StrCat(snapshot.status().message(), ", in the snapshot's row");
  }
  return CountChunks();
}

/// How many chunks there are is said in a row that has no checksum: it must agree with the chunks.
absl::Status Reader::CountChunks() {
  if (snapshot_.id == 0) return absl::OkStatus();
  const std::int64_t first = ChunkId(snapshot_.id, 0);
  const auto last = connection_.Value(absl::StrCat("SELECT max(id) FROM chunk WHERE id >= ", first,
                                                   " AND id < ", ChunkId(snapshot_.id + 1, 0)));
  if (!last.ok()) {
    if (!absl::IsDataLoss(last.status())) return last.status();
    snapshot_.chunks = std::min(snapshot_.chunks, kMostChunks);
    return absl::OkStatus();  // each chunk says for itself whether it can be read
  }
  const std::int64_t there = *last == 0 ? 0 : std::min(*last - first + 1, kMostChunks);
  if (there != snapshot_.chunks && oddity_.empty()) {
    oddity_ = absl::StrCat(connection_.file(), ": the snapshot is of ", snapshot_.chunks,
                           " chunks, but the last one that is there is number ", there - 1);
  }
  snapshot_.chunks = there;
  return absl::OkStatus();
}

absl::StatusOr<std::string_view> Reader::ReadChunk(std::size_t index) {
  const std::int64_t id = ChunkId(snapshot_.id, index);
  chunk_.Reset();
  chunk_.Bind(1, id);
  const auto row = chunk_.Step();
  const auto number = static_cast<std::int64_t>(index);
  if (!row.ok()) {
    if (!absl::IsDataLoss(row.status())) return row.status();
    return Damage(connection_, "chunk", number, "of the snapshot cannot be read");
  }
  if (!*row) return Damage(connection_, "chunk", number, "of the snapshot is missing");
  const std::string_view records = chunk_.Blob(1);
  if (chunk_.Integer(0) != Checksum(id, records)) {
    return Damage(connection_, "chunk", number, "of the snapshot does not have its checksum");
  }
  return records;
}

absl::StatusOr<std::optional<std::string_view>> Reader::ReadBatch() {
  if (!oddity_.empty()) return absl::DataLossError(std::exchange(oddity_, std::string()));
  if (kept_) return std::exchange(kept_, std::nullopt);
  if (ended_) return std::nullopt;
  if (!begun_) {
    begun_ = true;
    last_ = snapshot_.next_batch - 1;
    ReadFrom(snapshot_.next_batch);
  }
  const auto row = batch_.Step();
  if (!row.ok()) return SkipUnreadable(row.status());
  if (!*row) {
    if (absl::Status status = AtEnd(); !status.ok()) return status;
    return std::nullopt;
  }
  any_ = true;
  const std::int64_t number = batch_.Integer(0);
  const std::int64_t previous = batch_.Integer(1);
  const std::string_view records = batch_.Blob(3);
  if (batch_.Integer(2) != Checksum(number, records)) {
    // Its number may be what is damaged, so it is not the last one.
    behind_damage_ = true;
    ended_ = ++damages_ >= kMostDamages;
    return Damage(connection_, "batch", number, "does not have its checksum");
  }
  const std::int64_t expected = std::exchange(last_, number);
  if (!std::exchange(behind_damage_, false) && previous > expected) {
    kept_ = records;
    return Damage(connection_, "batch", previous, "is missing, and maybe others before it");
  }
  return records;
}

void Reader::ReadFrom(std::int64_t number) {
  batch_.Reset();
  batch_.Bind(1, number);
}

/// What stands behind `last_` cannot be read: goes on with the first batch that can.
absl::Status Reader::SkipUnreadable(const absl::Status& why) {
  ended_ = true;
  if (!absl::IsDataLoss(why)) return why;
  const std::int64_t from = last_ + 1;
  Statement next;
  absl::Status status = connection_.Prepare(
      "SELECT number FROM batch WHERE number >= ? ORDER BY number LIMIT 1", next);
  for (std::int64_t probe = from; status.ok() && probe < from + kMostSkipped; ++probe) {
    next.Bind(1, probe);
    const auto row = next.Step();
    if (!row.ok()) continue;
    if (!*row) break;
    // The number of the batch that fails can be read when it is its records that cannot.
    const std::int64_t number = next.Integer(0);
    last_ = probe == from ? number : number - 1;
    ended_ = ++damages_ >= kMostDamages;
    behind_damage_ = true;
    ReadFrom(last_ + 1);
    return Damage(connection_, "batch", from,
                  last_ == from ? "cannot be read"
                                : absl::StrCat("cannot be read, nor others up to ", last_));
  }
  return Damage(connection_, "batch", from, "cannot be read, nor any behind it");
}

absl::Status Reader::AtEnd() {
  ended_ = true;
  if (any_ || snapshot_.id != 0) return absl::OkStatus();
  // A first snapshot that is not whole has all batches beside it.
  const auto chunks = connection_.Value("SELECT count(*) FROM chunk");
  if (!chunks.ok()) return chunks.status();
  if (*chunks == 0) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(connection_.file(), ": the snapshot's row is missing, its chunks are there"));
}

}  // namespace muster::journal
