#pragma once

// The registrar: decides what a REGISTER does to the bindings of its AoR (RFC 3261 10.3). The
// LocationService holds them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "muster/core/local_servers.h"
#include "muster/core/location_service.h"
#include "muster/core/register_request.h"

namespace muster::core {

struct RegistrarOptions {
  /// The SIP domains it is registrar for, without case. Empty: any.
  std::vector<std::string> domains;
  /// Seconds. A shorter wish gets 423, when it is also below an hour (RFC 3261 10.3 step 7).
  std::uint32_t min_expires_seconds = 60;
  /// Seconds. A longer wish is shortened to this.
  std::uint32_t max_expires_seconds = 7200;
  /// Seconds, for a REGISTER that says nothing.
  std::uint32_t default_expires_seconds = 3600;
  /// Percent (0 to 100) by which a granted time may be shortened, so that refreshes spread out.
  /// Touches only what exceeds twice the minimum, and never goes below the minimum.
  std::uint32_t expires_jitter_percent = 0;
  /// Bindings per AoR. Beyond it 403.
  std::size_t max_contacts = 10;
  /// This node, as its bindings show it. With an empty address each binding shows the local address
  /// at which its REGISTER came.
  Server node;
};

struct RegisterOutcome {
  Refusal refusal;
  /// Of an accepted one: to be waited for before the answer goes out (Commits). Its 200 tells of
  /// what this REGISTER has changed and of what it has seen.
  BatchNumber batch = 0;
};

/// Thread-safe.
class Registrar {
 public:
  /// `location` outlives the registrar.
  Registrar(RegistrarOptions options, LocationService& location);

  /// Carries out `request` as one atomic change, or refuses it and changes nothing.
  ///
  /// When it is accepted, `list` is called with each binding that the AoR now has, under the AoR's
  /// lock: keep it short. `list_room_bytes` is what the caller can list in all, with 32 bytes
  /// beside each binding's Contact and q; a change that would leave more is refused (403), and so
  /// is the listing alone (513).
  RegisterOutcome Process(const RegisterRequest& request, absl::Time now,
                          std::size_t list_room_bytes,
                          absl::FunctionRef<void(const Binding&)> list);

  const RegistrarOptions& options() const { return options_; }

 private:
  Refusal CheckDomain(const RegisterRequest& request) const;

  const RegistrarOptions options_;
  LocationService& location_;
  LocalServers local_servers_;
};

}  // namespace muster::core
