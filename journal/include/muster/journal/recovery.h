#pragma once

// From what is stored to a table: what musterd does before it listens.

#include <cstddef>
#include <filesystem>
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
/// version has written it.
absl::StatusOr<Recovered> OpenAndReplay(const SqliteJournal::Options& options,
                                        core::LocationService& location, absl::Time now,
                                        std::size_t threads);

}  // namespace muster::journal
