// What is in a database, and what is wrong with it, without changing anything.

#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "muster/journal/recovery.h"
#include "salvage.h"
#include "schema.h"
#include "sqlite.h"

namespace muster::journal {
namespace {

namespace fs = std::filesystem;

/// SQLite makes files beside the database to read it. They go when they were not there.
class FilesBeside {
 public:
  explicit FilesBeside(const fs::path& file)
      : wal_(file.string() + "-wal"),
        shm_(file.string() + "-shm"),
        had_wal_(Exists(wal_)),
        had_shm_(Exists(shm_)) {}
  ~FilesBeside() {
    std::error_code error;
    if (!had_wal_ && fs::file_size(wal_, error) == 0 && !error) fs::remove(wal_, error);
    if (!had_shm_) fs::remove(shm_, error);
  }
  FilesBeside(const FilesBeside&) = delete;
  FilesBeside& operator=(const FilesBeside&) = delete;

 private:
  static bool Exists(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error);
  }

  const fs::path wal_;
  const fs::path shm_;
  const bool had_wal_;
  const bool had_shm_;
};

/// A file that SQLite refuses is not looked at further: what it says is the damage.
absl::StatusOr<std::vector<std::string>> CheckIntegrity(Connection& connection) {
  Statement statement;
  std::vector<std::string> found;
  absl::Status status = connection.Prepare("PRAGMA integrity_check(20)", statement);
  while (status.ok()) {
    const auto row = statement.Step();
    status = row.status();
    if (!row.ok() || !*row) break;
    const std::string_view text = statement.Blob(0);
    if (text == "ok") continue;
    for (absl::string_view line :
         absl::StrSplit(absl::string_view(text.data(), text.size()), '\n', absl::SkipEmpty())) {
      found.emplace_back(line);
    }
  }
  if (!status.ok() && !absl::IsDataLoss(status)) return status;
  return found;
}

/// Everything but the records. Gives the damage that OpenAndReplay would meet before them.
absl::StatusOr<FirstLook> LookAt(const fs::path& file, Inspected& inspected) {
  FirstLook look = LookAtFiles(file);
  if (!look.empty.empty()) return look;
  std::error_code error;
  if (fs::exists(file.string() + "-journal", error)) {
    return absl::UnavailableError(absl::StrCat(
        file.string(), ": a change of it was not finished: start musterd, which undoes it"));
  }
  Connection connection;
  absl::Status status = connection.OpenToRead(file.string(), "");
  if (status.ok()) status = PrepareSchema(connection, /*read_only=*/true);
  if (!status.ok()) {
    if (!absl::IsDataLoss(status)) return status;
    look.refusal = std::string(status.message());
    return look;
  }
  const auto format = connection.Value("PRAGMA user_version");
  if (format.ok()) inspected.format = *format;
  auto integrity = CheckIntegrity(connection);
  if (!integrity.ok()) return integrity.status();
  inspected.integrity = *std::move(integrity);
  return look;
}

}  // namespace

absl::StatusOr<Inspected> Inspect(const fs::path& file, core::LocationService& location,
                                  absl::Time now, std::size_t threads,
                                  const ReadingProgress& progress) {
  const FilesBeside files(file);
  Inspected inspected;
  inspected.disk_bytes = BytesOnDisk(file);
  const auto look = LookAt(file, inspected);
  if (!look.ok()) return look.status();
  auto replayed = Salvage(file, "", *look, location, now, threads, progress);
  if (!replayed.ok()) return replayed.status();
  inspected.replayed = *std::move(replayed);
  return inspected;
}

}  // namespace muster::journal
