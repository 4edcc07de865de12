#pragma once

// The filters of /v1/bindings: `field=value` as a condition on bindings.

#include <string>
#include <string_view>

#include "muster/core/binding_filter.h"
#include "muster/core/location_service.h"

namespace muster::http::v1 {

/// The field that is asked for by that name; nullopt when there is none.
std::optional<core::BindingField> FindBindingField(std::string_view name);
/// All their names, with spaces between.
std::string BindingFieldNames();

/// Adds the condition that `field=text` means. Returns what is wrong with the text, or "".
std::string AddCondition(core::BindingField field, std::string_view text,
                         const core::ServerRegistry& servers, core::BindingFilter& filter);

}  // namespace muster::http::v1
