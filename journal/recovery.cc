#include "muster/journal/recovery.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "salvage.h"

namespace muster::journal {
namespace {

namespace fs = std::filesystem;

constexpr char kSetAside[] = ".damaged-";

absl::Status StoreAll(core::Journal& journal, core::LocationService& location, absl::Time now) {
  // A number is left out: should the snapshot's row get lost, the batch behind it misses that one.
  absl::Status status = journal.BeginSnapshot(journal.next_batch() + 1);
  core::RecordPosition position;
  std::string chunk;
  for (bool more = true; more && status.ok();) {
    chunk.clear();
    more = location.CopyRecords(now, core::Limits().journal_chunk_bytes, position, chunk);
    if (!chunk.empty()) status = journal.AppendToSnapshot(chunk);
  }
  return status.ok() ? journal.FinishSnapshot() : status;
}

absl::Status Rename(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat(from.string(), ": cannot be renamed: ", error.message()));
}

/// Renames are durable with this.
absl::Status SyncFolderOf(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (synced) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(folder.string(), ": cannot be synced"));
}

/// A damaged database's place is taken in these steps, of which each leaves something to go on
/// from: what could be kept is written beside it, the damaged one is renamed, then the new one.
class Replacement {
 public:
  Replacement(const SqliteJournal::Options& options, absl::Time now)
      : options_(options),
        fresh_(options.file.string() + ".recovered"),
        aside_(absl::StrCat(options.file.string(), kSetAside, absl::ToUnixMicros(now))) {}

  const fs::path& aside() const { return aside_; }

  /// Goes on where an earlier one has ended after its first rename.
  absl::Status FinishEarlier() {
    std::error_code error;
    if (fs::exists(options_.file, error) || !fs::exists(fresh_, error)) return absl::OkStatus();
    return TakePlace();
  }

  absl::Status Run(core::LocationService& location, absl::Time now) {
    for (const char* const part : {"", "-wal", "-shm", "-journal"}) {
      std::error_code error;
      fs::remove(fresh_.string() + part, error);
    }
    if (absl::Status status = Write(location, now); !status.ok()) return status;
    if (absl::Status status = Rename(options_.file, aside_); !status.ok()) return status;
    return TakePlace();
  }

 private:
  absl::Status Write(core::LocationService& location, absl::Time now) {
    SqliteJournal::Options options = options_;
    options.file = fresh_;
    options.durability = Durability::kPower;
    auto journal = SqliteJournal::Open(options);
    if (!journal.ok()) return journal.status();
    if (absl::Status status = StoreAll(**journal, location, now); !status.ok()) return status;
    journal->reset();
    // Closed, it is one file, and can be renamed as one.
    std::error_code error;
    if (!fs::exists(fresh_.string() + "-wal", error)) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat(fresh_.string(), ": cannot be written"));
  }

  /// The damaged one has gone, maybe without its WAL, which must not be taken for the new one's.
  absl::Status TakePlace() {
    std::error_code error;
    const std::string wal = options_.file.string() + "-wal";
    if (fs::exists(wal, error)) {
      absl::Status status = Rename(wal, aside_.string() + "-wal");
      if (!status.ok()) return status;
    }
    fs::remove(options_.file.string() + "-shm", error);
    if (absl::Status status = Rename(fresh_, options_.file); !status.ok()) return status;
    return SyncFolderOf(options_.file);
  }

  const SqliteJournal::Options& options_;
  const fs::path fresh_;
  const fs::path aside_;
};

}  // namespace

std::vector<fs::path> FindSetAside(const fs::path& file) {
  std::vector<fs::path> found;
  const std::string prefix = file.filename().string() + kSetAside;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(file.parent_path(), error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) && !name.ends_with("-wal")) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

absl::StatusOr<Recovered> OpenAndReplay(const SqliteJournal::Options& options,
                                        core::LocationService& location, absl::Time now,
                                        std::size_t threads) {
  Replacement replacement(options, now);
  if (absl::Status status = replacement.FinishEarlier(); !status.ok()) return status;
  Recovered recovered;
  // The disks of tests do not have all that was written in the file.
  FirstLook look = options.vfs.empty() ? LookAtFiles(options.file) : FirstLook();
  if (look.empty.empty()) {
    // Opened to be written to, a database gets what is right of a damaged WAL, and the WAL goes.
    SqliteJournal::Options careful = options;
    careful.read_only = !look.wal.empty();
    auto journal = SqliteJournal::Open(careful);
    if (journal.ok()) {
      recovered.journal = *std::move(journal);
    } else if (absl::IsDataLoss(journal.status())) {
      look.refusal = std::string(journal.status().message());
    } else {
      return journal.status();
    }
  }
  auto replayed = Salvage(options.file, options.vfs, look, location, now, threads, nullptr);
  if (!replayed.ok()) return replayed.status();
  recovered.replayed = *std::move(replayed);
  if (recovered.replayed.damages.empty()) return recovered;

  recovered.journal.reset();
  if (absl::Status status = replacement.Run(location, now); !status.ok()) return status;
  recovered.set_aside = replacement.aside();
  auto fresh = SqliteJournal::Open(options);
  if (!fresh.ok()) return fresh.status();
  recovered.journal = *std::move(fresh);
  return recovered;
}

}  // namespace muster::journal
