#pragma once

// Which bindings a resource of the sipXcom API means.

#include <optional>
#include <string_view>

#include "muster/core/location_service.h"

namespace muster::http::sipxcom {

enum class Resource { kAll, kUser, kSerialNo, kIp, kCallId, kServer };

struct Selection {
  enum class Kind {
    kFilter,    // what `filter` selects
    kNothing,   // the value can match no binding
    kNotFound,  // the value names something that is known not to exist
  };
  Kind kind = Kind::kNothing;
  core::BindingFilter filter = core::BindingFilter::All();
};

/// `value` is the last segment of the resource's path; unused for kAll.
Selection Select(Resource resource, std::string_view value, const core::ServerRegistry& servers);

}  // namespace muster::http::sipxcom
