#pragma once

// From what is stored to a table: what musterd does before it listens.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "muster/core/location_service.h"
#include "muster/journal/sqlite_journal.h"

namespace muster::journal {

/// What was read.
struct Replayed {
  std::size_t chunks = 0;   // of the snapshot
  std::size_t batches = 0;  // behind it
  std::uint64_t chunk_bytes = 0;
  std::uint64_t batch_bytes = 0;
  /// What is damaged, each with its file; all else was kept.
  std::vector<std::string> damages;
};

/// Puts all that is stored, and has not expired by `now`, into the empty `location`, on `threads`
/// threads. Unavailable when it cannot be read, which is no damage.
absl::StatusOr<Replayed> Replay(core::Journal& journal, core::LocationService& location,
                                absl::Time now, std::size_t threads);

struct Recovered {
  std::unique_ptr<SqliteJournal> journal;
  Replayed replayed;
  /// Where a damaged database was put; empty when there was none.
  std::filesystem::path set_aside;
};

/// Opens the journal, or makes a new one, and replays it. When it is damaged, it is set aside under
/// a name of its own and what could be kept of it begins a new one. FailedPrecondition when a newer
/// version has written it. What takes the damaged one's place takes it whole or not at all: when it
/// ends halfway, the next call begins again.
absl::StatusOr<Recovered> OpenAndReplay(const SqliteJournal::Options& options,
                                        core::LocationService& location, absl::Time now,
                                        std::size_t threads);

/// What Inspect has found.
struct Inspected {
  std::int64_t format = 0;  // 0: cannot be read
  /// Its damages are those that OpenAndReplay would name; what it would keep is in the location.
  Replayed replayed;
  /// SQLite's own look at the whole file: a line for each thing that is wrong.
  std::vector<std::string> integrity;
  std::uint64_t disk_bytes = 0;
};

/// How many chunks and batches have been read so far. Called on the caller's thread's behalf by one
/// other, often.
using ReadingProgress = std::function<void(std::size_t)>;

/// Reads the database as OpenAndReplay would, and changes nothing beside it or in it. Nobody else
/// has it open. FailedPrecondition when a newer version has written it, Unavailable when it cannot
/// be read.
absl::StatusOr<Inspected> Inspect(const std::filesystem::path& file,
                                  core::LocationService& location, absl::Time now,
                                  std::size_t threads, const ReadingProgress& progress);

/// Databases that were set aside beside `file`, in the order of their names.
std::vector<std::filesystem::path> FindSetAside(const std::filesystem::path& file);

}  // namespace muster::journal
