#pragma once

// The journal as one SQLite database: a row for each batch, a row for each chunk of a snapshot.
//
// A commit is a transaction. With kPower it is synced before Append returns (synchronous=FULL);
// with kProcess it is with the operating system (synchronous=NORMAL: what is lost with the power is
// a tail of batches, never the database).
//
// The database is in WAL mode. Checkpoints are made here, behind a commit, and their errors count:
// see Append. Every row has a checksum and names the batch before it, so that damage is found and
// named. `sqlite3` opens it while the daemon runs.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "muster/core/journal.h"

namespace muster::journal {

/// Format of the database: its user_version. What it holds is described in change_record.h.
inline constexpr int kSqliteFormat = 1;

enum class Durability { kProcess, kPower };

class SqliteJournal final : public core::Journal {
 public:
  struct Options {
    std::filesystem::path file = {};
    Durability durability = Durability::kPower;
    /// Neither written to nor made when it is missing.
    bool read_only = false;
    /// An SQLite VFS; empty for the operating system's.
    std::string vfs = {};
    /// Pages (of 4 KiB) in the WAL from which on it is copied to the database; with kMaxWalFactor
    /// times as many, because copying fails, Append fails too.
    int checkpoint_pages = 1'000;
  };
  static constexpr int kMaxWalFactor = 16;

  /// Opens or makes the database. FailedPrecondition when it is of a newer format, DataLoss when it
  /// is damaged or no database of muster's, Unavailable when it cannot be opened.
  static absl::StatusOr<std::unique_ptr<SqliteJournal>> Open(const Options& options);
  ~SqliteJournal() override;

  absl::Status Append(core::BatchNumber number, std::string_view records) override;
  absl::Status BeginSnapshot(core::BatchNumber next) override;
  absl::Status AppendToSnapshot(std::string_view chunk) override;
  absl::Status FinishSnapshot() override;
  absl::StatusOr<bool> Tidy() override;

  core::BatchNumber next_batch() const override;
  std::uint64_t tail_bytes() const override;
  std::uint64_t snapshot_bytes() const override;
  std::uint64_t disk_bytes() const override;

  absl::StatusOr<std::unique_ptr<core::JournalReader>> OpenReader() override;

 private:
  class Impl;
  explicit SqliteJournal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::journal
