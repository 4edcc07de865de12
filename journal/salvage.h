#pragma once

#include <filesystem>
#include <string>

#include "muster/journal/recovery.h"

namespace muster::journal {

/// What is known of damage before the records are read.
struct FirstLook {
  std::string empty;    // there is nothing in the file
  std::string wal;      // changes behind the database are lost
  std::string refusal;  // why the database is not opened: named when nothing more particular is
};

/// Without opening the database, which might change it.
FirstLook LookAtFiles(const std::filesystem::path& file);

/// Replays what can be read of the database, however damaged it is, and names all damage.
/// Unavailable when it cannot be read, which is no damage.
absl::StatusOr<Replayed> Salvage(const std::filesystem::path& file, const std::string& vfs,
                                 const FirstLook& look, core::LocationService& location,
                                 absl::Time now, std::size_t threads,
                                 const ReadingProgress& progress);

}  // namespace muster::journal
