#pragma once

// Bindings that are added at kNow.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "muster/core/location_service.h"
#include "tests/core/owned_binding.h"

namespace muster::core {

inline constexpr absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

inline std::string AorText(int i) { return absl::StrCat("u", i, "@example.com"); }

inline OwnedBinding BindingOf(const std::string& aor, absl::Duration expires) {
  OwnedBinding binding = OwnedBinding::Of(aor);
  binding.expires_at = kNow + expires;
  binding.updated_at = binding.registered_at = kNow;
  return binding;
}

/// Returns the batch of the change.
inline BatchNumber Add(LocationService& location, const std::string& aor,
                       absl::Duration expires = absl::Hours(1)) {
  const OwnedBinding binding = BindingOf(aor, expires);
  return location.Edit(AorOf(aor), kNow, [&](Record& record) { record.Add(binding.View()); });
}

}  // namespace muster::core
