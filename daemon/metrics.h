#pragma once

#include <cstddef>
#include <string>

#include "muster/core/clock.h"
#include "muster/core/journal.h"
#include "muster/core/location_service.h"
#include "muster/journal/committer.h"
#include "muster/sip/counters.h"

namespace muster::daemon {

/// What there is of the journal; `journal` is null where nothing is kept.
struct JournalMetrics {
  journal::CommitterCounts counts;
  const core::Journal* journal = nullptr;
};

/// The metrics of a moment in Prometheus' text format.
std::string MetricsText(const sip::CounterValues& counters, const core::LocationService& location,
                        const JournalMetrics& journal, std::size_t dropped_log_lines,
                        absl::Time now);

}  // namespace muster::daemon
