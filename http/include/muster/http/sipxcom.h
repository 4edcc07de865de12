#pragma once

// The sipXcom registrations API (sipXcom 14.10): GET and DELETE of registrations, all or by user,
// MAC, IP address, Call-ID or server, as JSON or XML, at /registrations and at
// /sipxconfig/api/registrations.
//
// Where it means to differ from sipXcom: a value matches whole, never as a substring or a regular
// expression; an expired binding is on no path; contacts are merged per identity only; an error is
// never shown as an empty list; bad paging is 400.

#include "muster/core/clock.h"
#include "muster/core/commits.h"
#include "muster/core/limits.h"
#include "muster/core/location_service.h"
#include "muster/http/router.h"

namespace muster::http {

/// `location`, `commits` and `clock` must outlive the router.
void AddSipxcomRoutes(Router& router, core::LocationService& location, core::Commits& commits,
                      const core::Clock& clock, const core::Limits& limits);

}  // namespace muster::http
