#pragma once

// muster's own API of inbound bindings, /v1/bindings: GET lists them page by page, POST takes in
// what GET has given, DELETE removes. /openapi.json, which is open to everybody, tells programs all
// of it.
//
// An item has `user domain aor contact mac instance ip port transport call_id server user_agent
// registered_at updated_at reg_id path cseq q expires_at expires_in received instrument`, those
// left out that the binding has not. `server` is the address of the node that took the REGISTER;
// `node_id` and `node_name` say more of it. `to_uri` is there when the To was not "sip:" and the
// AoR. From its items a binding can be made again exactly, but for bytes that are no UTF-8.

#include <cstddef>

#include "muster/core/clock.h"
#include "muster/core/commits.h"
#include "muster/core/limits.h"
#include "muster/core/location_service.h"
#include "muster/http/router.h"

namespace muster::http {

/// `location`, `commits` and `clock` must outlive the router. An import leaves no AoR with more
/// than `max_contacts` bindings.
void AddV1Routes(Router& router, core::LocationService& location, core::Commits& commits,
                 const core::Clock& clock, const core::Limits& limits, std::size_t max_contacts);

}  // namespace muster::http
