#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "muster/core/journal.h"
#include "muster/core/location_service.h"
#include "muster/journal/recovery.h"

namespace muster::journal {

using OpenReader = std::function<absl::StatusOr<std::unique_ptr<core::JournalReader>>()>;

/// Replay, with readers that come from `open`, one for each thread. `file`: whose records they are,
/// for what is said of damage; may be empty.
absl::StatusOr<Replayed> ReplayFrom(const OpenReader& open, const std::string& file,
                                    core::LocationService& location, absl::Time now,
                                    std::size_t threads, const ReadingProgress& progress);

}  // namespace muster::journal
