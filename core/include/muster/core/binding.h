#pragma once

// A binding: one Contact of one AoR (RFC 3261 section 10), with all that its REGISTER said.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "muster/core/endpoint.h"

namespace muster::core {

/// A node (a muster daemon) and the address at which it took a REGISTER.
struct Server {
  std::uint32_t node_id = 0;
  std::string node_name;  // FQDN
  std::string address;    // without port

  friend bool operator==(const Server&, const Server&) = default;
};
/// Index into a ServerRegistry.
using ServerId = std::uint16_t;

/// All fields of a binding as views: on their way into the table the views are the REGISTER's
/// bytes, on the way out the table's own or a page's. Whoever hands one out says how long they
/// live.
struct Binding {
  std::string_view aor;          // canonical
  std::string_view user;         // the part of `aor` before the '@', or empty
  std::string_view to_uri;       // the To URI as received, without brackets
  std::string_view contact;      // display name, <URI>, parameters but q and expires
  std::string_view contact_uri;  // inside `contact`
  std::string_view q_text;       // as received, or empty
  std::string_view call_id;
  std::string_view instance;    // +sip.instance without quotes and angle brackets
  std::string_view instrument;  // what names the device, as received: a MAC, a URN, or empty
  std::string_view path;        // Path values in order, joined by ", "
  std::string_view user_agent;
  std::uint32_t cseq = 0;
  std::uint32_t reg_id = 0;  // 0 = absent
  Transport transport = Transport::kUdp;
  IpAddress source_address;  // of the REGISTER
  std::uint16_t source_port = 0;
  ServerId server = 0;
  absl::Time expires_at;     // whole seconds after the REGISTER's arrival
  absl::Time registered_at;  // set by the table: when the binding came
  absl::Time updated_at;     // when its last REGISTER came

  /// Seconds left at `now`, rounded up: at least 1 for a binding that has not expired.
  std::int64_t SecondsLeft(absl::Time now) const;
};

/// RFC 3261 10.2.1.2 and 20.10: preference in thousandths, 1000 without q.
int QThousandths(std::string_view q_text);

/// 12 lower-case hex digits of a MAC in any usual notation (00:04:F2:.., 0004f2.., 00-04-..,
/// 0004.f2..), or nullopt.
std::optional<std::string> NormalizeMac(std::string_view text);

/// What names the device of a +sip.instance: of a version-1 UUID URN its last 12 digits (the MAC),
/// of any other URN the whole of it; a view into `instance`.
std::string_view InstrumentFromInstance(std::string_view instance);

}  // namespace muster::core
