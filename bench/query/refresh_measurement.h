#pragma once

// Refreshes at full rate: alone, beside a reader that pages without pause, and by two threads.

#include <vector>

#include "bench/query/measurement.h"

namespace muster::bench {

/// "refresh", "refresh_while_paging" and "refresh_two_threads" of a store that is filled.
std::vector<Figures> MeasureRefreshes(QueryStore& store, const RowGenerator& generator,
                                      const MeasurementOptions& options);

}  // namespace muster::bench
