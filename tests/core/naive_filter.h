#pragma once

#include "absl/time/time.h"
#include "muster/core/binding_filter.h"
#include "tests/core/owned_binding.h"

namespace muster::core {

/// Whether the filter means the binding, found out field by field without any index: what the
/// table's answers are held against.
bool NaivelyMatches(const BindingFilter& filter, const OwnedBinding& binding, absl::Time now);

}  // namespace muster::core
