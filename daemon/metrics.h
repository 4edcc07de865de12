#pragma once

#include <cstddef>
#include <string>

#include "muster/core/clock.h"
#include "muster/core/location_service.h"
#include "muster/sip/counters.h"

namespace muster::daemon {

/// The metrics of a moment in Prometheus' text format.
std::string MetricsText(const sip::CounterValues& counters, const core::LocationService& location,
                        std::size_t dropped_log_lines, absl::Time now);

}  // namespace muster::daemon
