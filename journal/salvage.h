#pragma once

#include <filesystem>
#include <string>

#include "muster/journal/recovery.h"

namespace muster::journal {

/// Empty, or what is wrong with the files before they are looked into.
std::string DamageAtFirstSight(const std::filesystem::path& file);

/// Replays what can be read of the database, however damaged it is. `first` is the damage that is
/// known already, or empty; it is named when no other is. Unavailable when it cannot be read, which
/// is no damage.
absl::StatusOr<Replayed> Salvage(const std::filesystem::path& file, const std::string& vfs,
                                 const std::string& first, core::LocationService& location,
                                 absl::Time now, std::size_t threads,
                                 const ReadingProgress& progress);

}  // namespace muster::journal
