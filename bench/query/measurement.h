#pragma once

// What a store costs: memory, the time of each question, refreshes alone and disturbed.

#include <cstdint>
#include <vector>

#include "bench/query/figures.h"
#include "bench/query/row_generator.h"
#include "bench/query/store.h"

namespace muster::bench {

struct MeasurementOptions {
  std::uint32_t rows = 0;
  double seconds = 1;  // that a question is asked for; one that takes long is asked a few times
};

/// Fills `store`, which must be the first thing of size that this process holds, and measures:
/// "memory", each question, "refresh", "refresh_while_paging", "refresh_two_threads". A wrong total
/// ends the program.
std::vector<Figures> Measure(QueryStore& store, const RowGenerator& generator,
                             const MeasurementOptions& options);

}  // namespace muster::bench
