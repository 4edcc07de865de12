#pragma once

// Brings stored records back into the table.

#include <cstddef>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "muster/core/location_service.h"

namespace muster::core {

/// Confined to one thread, and copied for others. Several may play one batch at once, each its
/// share of the AoRs: records of one AoR stay in order.
class RecordPlayer {
 public:
  /// Of `of` equal shares of the AoRs, number `index` (from 0).
  struct Share {
    std::size_t index = 0;
    std::size_t of = 1;
  };

  /// `location` outlives it, and does not record.
  explicit RecordPlayer(LocationService& location) : location_(&location) {}

  /// Takes the servers out of `records` and leaves the rest.
  absl::Status PlayServers(std::string_view records) { return Play(records, {}, {0, 0}); }
  /// Applies a chunk of a snapshot, or a batch. DataLoss says at which offset they make no sense;
  /// all before it is applied.
  absl::Status Play(std::string_view records, absl::Time now, Share share);

 private:
  LocationService* location_;
  std::vector<ServerId> servers_;  // by the id that the records say
};

}  // namespace muster::core
