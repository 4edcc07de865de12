#pragma once

// Outbound registrations as rows of the engine: a second row kind, which shows what a kind has to
// say of itself. Shards and locks as the location service has them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "bench/query/dictionary.h"
#include "bench/query/row_generator.h"
#include "muster/core/mutex.h"
#include "muster/core/query.h"
#include "table/chunk_pool.h"
#include "table/row_indexes.h"

namespace muster::bench {

/// Thread-safe once it is filled.
class OutboundTable {
 public:
  OutboundTable();
  ~OutboundTable();

  void Add(const OutboundRow& row);
  /// The number of rows that meet all conditions, and copies of the first `most` of them.
  std::uint64_t Find(const core::PreparedQuery& query, std::size_t most,
                     std::vector<OutboundRow>& page);

  enum Field : std::uint8_t { kStatusCode, kProxy, kSuccessful, kDeactivated, kIsPersistent };

 private:
  class Shard;
  core::ChunkPool pool_;
  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace muster::bench
