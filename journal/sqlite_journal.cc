#include "muster/journal/sqlite_journal.h"

#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "reader.h"
#include "schema.h"
#include "sqlite.h"

namespace muster::journal {
namespace {

/// Rows that Tidy deletes at once: some hundred kilobytes of either kind.
constexpr int kBatchesPerPiece = 32;
constexpr int kChunksPerPiece = 2;
/// By how much the file grows: one that is overwritten is synced much faster than one that grows.
constexpr int kGrowBytes = 4 << 20;
/// Of a trial when no batch has failed.
constexpr std::int64_t kLeastTrialBytes = 1;

}  // namespace

class SqliteJournal::Impl {
 public:
  absl::Status Open(const Options& options);

  absl::Status Append(core::BatchNumber number, std::string_view records);
  absl::Status BeginSnapshot(core::BatchNumber next);
  absl::Status AppendToSnapshot(std::string_view chunk);
  absl::Status FinishSnapshot();
  absl::StatusOr<bool> Tidy();

  core::BatchNumber next_batch() const { return static_cast<core::BatchNumber>(last_) + 1; }
  std::uint64_t tail_bytes() const { return tail_bytes_; }
  std::uint64_t snapshot_bytes() const { return snapshot_bytes_; }
  std::uint64_t disk_bytes() const { return BytesOnDisk(options_.file); }
  const Options& options() const { return options_; }

 private:
  struct SnapshotUnderWay {
    Snapshot snapshot;
    std::uint64_t tail_bytes = 0;  // of the batches that it will make superfluous
    bool lost = false;             // a chunk of it is gone
  };

  absl::Status Configure();
  absl::Status PrepareStatements();
  absl::Status ReadState();
  absl::Status Begin();
  absl::Status Commit();
  void Rollback();
  absl::Status Store(core::BatchNumber number, std::string_view records);
  absl::Status Checkpoint();
  absl::Status DropSnapshot();
  static int OnCommit(void* impl, sqlite3*, const char*, int wal_pages) {
    Impl& self = *static_cast<Impl*>(impl);
    // It begins anew once all of it has been copied, but not while somebody reads in it.
    if (wal_pages < self.wal_pages_) self.checkpointed_pages_ = 0;
    self.wal_pages_ = wal_pages;
    return SQLITE_OK;
  }
  int new_wal_pages() const { return wal_pages_ - checkpointed_pages_; }

  Options options_;
  Connection connection_;
  Statement insert_batch_;
  Statement insert_chunk_;
  Statement insert_snapshot_;
  Statement insert_trial_;
  Statement delete_batches_;
  Statement delete_chunks_;

  std::int64_t failed_bytes_ = 0;   // of the last batch, if it failed
  std::int64_t last_ = 0;           // number of the last batch
  Snapshot snapshot_;               // the newest whole one
  std::int64_t last_snapshot_ = 0;  // highest id in use, whole or not
  std::optional<SnapshotUnderWay> under_way_;
  bool has_extras_ = false;    // the transaction under way has more in it than a batch
  bool has_leftovers_ = true;  // there may be rows that are superfluous
  int wal_pages_ = 0;
  int checkpointed_pages_ = 0;  // of those, there at the last checkpoint
  std::atomic<std::uint64_t> tail_bytes_{0};
  std::atomic<std::uint64_t> snapshot_bytes_{0};
};

absl::Status SqliteJournal::Impl::Open(const Options& options) {
  options_ = options;
  const std::string file = options.file.string();
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  absl::Status status = options.read_only ? connection_.OpenToRead(file, options.vfs)
                                          : connection_.Open(file, kFlags, options.vfs);
  if (!status.ok()) return status;
  if (status = PrepareSchema(connection_, options.read_only); !status.ok()) return status;
  if (!options.read_only) {
    if (status = Configure(); !status.ok()) return status;
  }
  if (status = PrepareStatements(); !status.ok()) return status;
  return ReadState();
}

absl::Status SqliteJournal::Impl::Configure() {
  int grow = kGrowBytes;
  sqlite3_file_control(connection_.handle(), "main", SQLITE_FCNTL_CHUNK_SIZE, &grow);
  sqlite3_wal_hook(connection_.handle(), &OnCommit, this);
  return connection_.Execute(absl::StrCat(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=",
      options_.durability == Durability::kPower ? "FULL" : "NORMAL", "; PRAGMA cache_size=-8192"));
}

absl::Status SqliteJournal::Impl::PrepareStatements() {
  const std::pair<const char*, Statement*> all[] = {
      {"INSERT INTO batch VALUES(?, ?, ?, ?)", &insert_batch_},
      {"INSERT INTO chunk VALUES(?, ?, ?)", &insert_chunk_},
      {"INSERT INTO snapshot VALUES(?, ?, ?, ?)", &insert_snapshot_},
      {"REPLACE INTO trial VALUES(0, zeroblob(?))", &insert_trial_},
      {"DELETE FROM batch WHERE number IN"
       " (SELECT number FROM batch WHERE number < ? ORDER BY number LIMIT ?)",
       &delete_batches_},
      {"DELETE FROM chunk WHERE id IN"
       " (SELECT id FROM chunk WHERE id < ?1 OR (id >= ?2 AND id < ?3) LIMIT ?4)",
       &delete_chunks_},
  };
  for (const auto& [sql, statement] : all) {
    if (absl::Status status = connection_.Prepare(sql, *statement); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status SqliteJournal::Impl::ReadState() {
  const auto snapshot = ReadSnapshot(connection_);
  if (!snapshot.ok()) return snapshot.status();
  snapshot_ = *snapshot;
  snapshot_bytes_ = static_cast<std::uint64_t>(snapshot_.bytes);
  const auto last = connection_.Value("SELECT max(number) FROM batch");
  if (!last.ok()) return last.status();
  last_ = std::max(*last, snapshot_.next_batch - 1);
  const auto chunk = connection_.Value("SELECT max(id) FROM chunk");
  if (!chunk.ok()) return chunk.status();
  last_snapshot_ = std::max(*chunk >> kChunkBits, snapshot_.id);
  const auto tail = connection_.Value(absl::StrCat(
      "SELECT sum(length(records)) FROM batch WHERE number >= ", snapshot_.next_batch));
  if (!tail.ok()) return tail.status();
  tail_bytes_ = static_cast<std::uint64_t>(*tail);
  return absl::OkStatus();
}

absl::Status SqliteJournal::Impl::Append(core::BatchNumber number, std::string_view records) {
  // What is written to a file that has no name any more is lost with the process.
  int moved = 0;
  sqlite3_file_control(connection_.handle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  if (moved != 0) {
    return absl::UnavailableError(
        absl::StrCat(options_.file.string(), ": was removed or replaced while it is in use"));
  }
  if (new_wal_pages() >= options_.checkpoint_pages * kMaxWalFactor) {
    if (absl::Status status = Checkpoint(); !status.ok()) return status;
  }
  const bool had_extras = has_extras_;
  absl::Status status = Store(number, records);
  if (!status.ok() && had_extras) status = Store(number, records);
  // A trial needs as much room as what has failed: on a full disk less would prove nothing.
  if (!records.empty()) failed_bytes_ = status.ok() ? 0 : static_cast<std::int64_t>(records.size());
  if (!status.ok()) return status;
  if (!records.empty()) last_ = static_cast<std::int64_t>(number);
  tail_bytes_ += records.size();
  return absl::OkStatus();
}

/// Commits the batch with what is in the transaction already, or nothing.
absl::Status SqliteJournal::Impl::Store(core::BatchNumber number, std::string_view records) {
  absl::Status status = Begin();
  if (status.ok() && !records.empty()) {
    const auto id = static_cast<std::int64_t>(number);
    insert_batch_.Bind(1, id).Bind(2, last_).Bind(3, Checksum(id, records)).Bind(4, records);
    status = insert_batch_.Run();
  } else if (status.ok() && !has_extras_) {
    status = insert_trial_.Bind(1, std::max(failed_bytes_, kLeastTrialBytes)).Run();
  }
  if (status.ok()) status = Commit();
  if (!status.ok()) Rollback();
  return status;
}

absl::Status SqliteJournal::Impl::BeginSnapshot(core::BatchNumber next) {
  has_leftovers_ |= under_way_.has_value();
  under_way_.emplace();
  under_way_->snapshot.id = ++last_snapshot_;
  under_way_->snapshot.next_batch = static_cast<std::int64_t>(next);
  under_way_->tail_bytes = tail_bytes_;
  return absl::OkStatus();
}

absl::Status SqliteJournal::Impl::AppendToSnapshot(std::string_view chunk) {
  if (!under_way_) return absl::FailedPreconditionError("no snapshot has been begun");
  if (under_way_->lost) return DropSnapshot();
  Snapshot& snapshot = under_way_->snapshot;
  const std::int64_t id = ChunkId(snapshot.id, static_cast<std::size_t>(snapshot.chunks));
  absl::Status status = Begin();
  if (status.ok()) {
    has_extras_ = true;
    status = insert_chunk_.Bind(1, id).Bind(2, Checksum(id, chunk)).Bind(3, chunk).Run();
  }
  if (!status.ok()) return Rollback(), status;
  ++snapshot.chunks;
  snapshot.bytes += static_cast<std::int64_t>(chunk.size());
  return status;
}

absl::Status SqliteJournal::Impl::FinishSnapshot() {
  if (!under_way_) return absl::FailedPreconditionError("no snapshot has been begun");
  if (under_way_->lost) return DropSnapshot();
  const Snapshot snapshot = under_way_->snapshot;
  absl::Status status = Begin();
  if (status.ok()) status = connection_.Execute("DELETE FROM snapshot");
  if (status.ok()) {
    insert_snapshot_.Bind(1, snapshot.id).Bind(2, snapshot.next_batch);
    status = insert_snapshot_.Bind(3, snapshot.chunks).Bind(4, snapshot.bytes).Run();
  }
  if (status.ok()) status = Commit();
  if (!status.ok()) {
    Rollback();
  } else {
    snapshot_ = snapshot;
    snapshot_bytes_ = static_cast<std::uint64_t>(snapshot.bytes);
    tail_bytes_ -= under_way_->tail_bytes;
  }
  under_way_.reset();
  has_leftovers_ = true;
  return status;
}

absl::Status SqliteJournal::Impl::DropSnapshot() {
  under_way_.reset();
  has_leftovers_ = true;
  return absl::UnavailableError(absl::StrCat(
      options_.file.string(), ": the snapshot is dropped, a part of it could not be stored"));
}

absl::StatusOr<bool> SqliteJournal::Impl::Tidy() {
  if (new_wal_pages() >= options_.checkpoint_pages) {
    if (absl::Status status = Checkpoint(); !status.ok()) return status;
    return true;
  }
  if (!has_leftovers_) return false;
  absl::Status status = Begin();
  if (status.ok()) {
    has_extras_ = true;
    status = delete_batches_.Bind(1, snapshot_.next_batch).Bind(2, kBatchesPerPiece).Run();
  }
  const int batches = sqlite3_changes(connection_.handle());
  if (status.ok()) {
    // All but those of the newest snapshot, and of the one under way.
    delete_chunks_.Bind(1, ChunkId(snapshot_.id, 0)).Bind(2, ChunkId(snapshot_.id + 1, 0));
    delete_chunks_.Bind(3, ChunkId(under_way_ ? under_way_->snapshot.id : last_snapshot_ + 1, 0));
    status = delete_chunks_.Bind(4, kChunksPerPiece).Run();
  }
  if (!status.ok()) return Rollback(), status;
  has_leftovers_ = batches > 0 || sqlite3_changes(connection_.handle()) > 0;
  return true;
}

absl::Status SqliteJournal::Impl::Begin() {
  return connection_.in_transaction() ? absl::OkStatus() : connection_.Execute("BEGIN IMMEDIATE");
}

absl::Status SqliteJournal::Impl::Commit() {
  absl::Status status = connection_.Execute("COMMIT");
  if (status.ok()) has_extras_ = false;
  return status;
}

void SqliteJournal::Impl::Rollback() {
  if (connection_.in_transaction()) {
    // When it fails there is no transaction any more, which is what is wanted.
    const absl::Status ignored = connection_.Execute("ROLLBACK");
  }
  if (has_extras_ && under_way_) under_way_->lost = true;
  has_leftovers_ |= has_extras_;
  has_extras_ = false;
}

absl::Status SqliteJournal::Impl::Checkpoint() {
  if (connection_.in_transaction()) {
    if (absl::Status status = Commit(); !status.ok()) return Rollback(), status;
  }
  const int code = sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr,
                                             SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return absl::UnavailableError(absl::StrCat("checkpoint: ", connection_.Error(code).message()));
  }
  // Not all of them where somebody reads: to try again at once would copy no more.
  checkpointed_pages_ = wal_pages_;
  return absl::OkStatus();
}

SqliteJournal::SqliteJournal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SqliteJournal::~SqliteJournal() = default;

absl::StatusOr<std::unique_ptr<SqliteJournal>> SqliteJournal::Open(const Options& options) {
  auto impl = std::make_unique<Impl>();
  if (absl::Status status = impl->Open(options); !status.ok()) return status;
  return std::unique_ptr<SqliteJournal>(new SqliteJournal(std::move(impl)));
}

absl::Status SqliteJournal::Append(core::BatchNumber number, std::string_view records) {
  return impl_->Append(number, records);
}
absl::Status SqliteJournal::BeginSnapshot(core::BatchNumber next) {
  return impl_->BeginSnapshot(next);
}
absl::Status SqliteJournal::AppendToSnapshot(std::string_view chunk) {
  return impl_->AppendToSnapshot(chunk);
}
absl::Status SqliteJournal::FinishSnapshot() { return impl_->FinishSnapshot(); }
absl::StatusOr<bool> SqliteJournal::Tidy() { return impl_->Tidy(); }
core::BatchNumber SqliteJournal::next_batch() const { return impl_->next_batch(); }
std::uint64_t SqliteJournal::tail_bytes() const { return impl_->tail_bytes(); }
std::uint64_t SqliteJournal::snapshot_bytes() const { return impl_->snapshot_bytes(); }
std::uint64_t SqliteJournal::disk_bytes() const { return impl_->disk_bytes(); }

absl::StatusOr<std::unique_ptr<core::JournalReader>> SqliteJournal::OpenReader() {
  auto reader = std::make_unique<Reader>();
  const Options& options = impl_->options();
  absl::Status status = reader->Open(options.file.string(), options.vfs);
  if (!status.ok()) return status;
  return std::unique_ptr<core::JournalReader>(std::move(reader));
}

}  // namespace muster::journal
