#pragma once

// What /v1/bindings says of many bindings at once, as JSON.

#include <string>

#include "muster/core/binding_filter.h"
#include "muster/core/location_service.h"

namespace muster::http::v1 {

/// {"groups":[{"value":...,"count":N},...],"total":N}: the largest 1,000. What has no value stands
/// under null.
std::string GroupsText(const core::Groups& groups);

/// {"explain":{"conditions":[...],"rows_at_most":N,"rows_looked_at":N}}.
std::string ExplanationText(const core::Explanation& explanation);

}  // namespace muster::http::v1
