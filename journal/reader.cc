#include "reader.h"

#include "absl/strings/str_cat.h"

namespace muster::journal {
namespace {

absl::Status Damage(const Connection& connection, std::string_view what, std::int64_t number,
                    std::string_view wrong) {
  return absl::DataLossError(absl::StrCat(connection.file(), ": ",
                                          absl::string_view(what.data(), what.size()), " ", number,
                                          " ", absl::string_view(wrong.data(), wrong.size())));
}

}  // namespace

absl::Status Reader::Open(const std::string& file, const std::string& vfs) {
  absl::Status status = connection_.Open(file, SQLITE_OPEN_READWRITE, vfs);
  if (!status.ok()) return status;
  // A reader never writes, at its end neither.
  sqlite3_db_config(connection_.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  status = connection_.Execute("PRAGMA query_only=1; BEGIN");
  if (!status.ok()) return status;
  auto snapshot = ReadSnapshot(connection_);
  if (!snapshot.ok()) return snapshot.status();
  snapshot_ = *snapshot;
  status = connection_.Prepare("SELECT checksum, records FROM chunk WHERE id = ?", chunk_);
  if (!status.ok()) return status;
  return connection_.Prepare(
      "SELECT number, previous, checksum, records FROM batch WHERE number >= ? ORDER BY number",
      batch_);
}

absl::StatusOr<std::string_view> Reader::ReadChunk(std::size_t index) {
  const std::int64_t id = ChunkId(snapshot_.id, index);
  chunk_.Reset();
  chunk_.Bind(1, id);
  const auto row = chunk_.Step();
  const auto number = static_cast<std::int64_t>(index);
  if (!row.ok()) return row.status();
  if (!*row) return Damage(connection_, "chunk", number, "of the snapshot is missing");
  const std::string_view records = chunk_.Blob(1);
  if (chunk_.Integer(0) != Checksum(id, records)) {
    return Damage(connection_, "chunk", number, "of the snapshot does not have its checksum");
  }
  return records;
}

absl::StatusOr<std::optional<std::string_view>> Reader::ReadBatch() {
  if (kept_) return std::exchange(kept_, std::nullopt);
  if (ended_) return std::nullopt;
  if (!begun_) {
    begun_ = true;
    batch_.Bind(1, snapshot_.next_batch);
    last_ = snapshot_.next_batch - 1;
  }
  const auto row = batch_.Step();
  if (!row.ok() || !*row) ended_ = true;
  if (!row.ok()) {
    return absl::DataLossError(absl::StrCat(row.status().message(), ", behind batch ", last_));
  }
  if (!*row) return std::nullopt;
  const std::int64_t number = batch_.Integer(0);
  const std::int64_t previous = batch_.Integer(1);
  const std::int64_t expected = std::exchange(last_, number);
  const std::string_view records = batch_.Blob(3);
  if (batch_.Integer(2) != Checksum(number, records)) {
    return Damage(connection_, "batch", number, "does not have its checksum");
  }
  if (previous > expected) {
    kept_ = records;
    return Damage(connection_, "batch", previous, "is missing, and maybe others before it");
  }
  return records;
}

}  // namespace muster::journal
