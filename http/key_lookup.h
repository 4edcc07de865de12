#pragma once

#include "muster/core/binding_filter.h"

namespace muster::http {

/// Whether the filter's rows are found by some looks into an exact index: an answer about them
/// takes microseconds, less than to have another thread make it. Any other may take long.
bool IsKeyLookup(const core::BindingFilter& filter);

}  // namespace muster::http
