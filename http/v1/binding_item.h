#pragma once

// A binding as an item of /v1/bindings; see muster/http/v1.h.

#include "absl/time/time.h"
#include "muster/core/binding.h"
#include "muster/http/json_writer.h"

namespace muster::http::v1 {

/// Writes one object. `server` is the one that `binding` names.
void WriteBindingItem(const core::Binding& binding, const core::Server& server, absl::Time now,
                      JsonWriter& json);

}  // namespace muster::http::v1
