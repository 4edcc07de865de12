#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "muster/core/aor.h"
#include "muster/core/binding.h"
#include "muster/core/location_service.h"

namespace muster::core {

/// A binding that owns its strings, for tests to make and keep.
struct OwnedBinding {
  std::string aor = "alice@example.com";
  std::string to_uri = "sip:alice@example.com";
  std::string contact = "\"Alice\" <sip:alice@10.0.0.1:5060>;audio";
  std::string contact_uri = "sip:alice@10.0.0.1:5060";
  std::string q_text;
  std::string call_id = "a84b4c76e66710@pc33.example.com";
  std::string instance;
  std::string instrument;
  std::string path;
  std::string user_agent = "Phone/1.0";
  std::uint32_t cseq = 1;
  std::uint32_t reg_id = 0;
  Transport transport = Transport::kUdp;
  IpAddress source_address = IpAddress::FromV4(0x0A000001);
  std::uint16_t source_port = 5060;
  ServerId server = 0;
  absl::Time expires_at = absl::UnixEpoch() + absl::Hours(1);
  absl::Time registered_at = absl::UnixEpoch();
  absl::Time updated_at = absl::UnixEpoch();

  OwnedBinding() = default;
  explicit OwnedBinding(const Binding& binding);

  std::string_view user() const;
  Binding View() const;
  void SetContactUri(std::string_view uri);
  /// Of sip:`aor`, in its own AoR.
  static OwnedBinding Of(std::string_view aor);

  friend bool operator==(const OwnedBinding&, const OwnedBinding&) = default;
};

/// For gtest, and to compare bindings in any order.
std::string Describe(const OwnedBinding& binding);
void PrintTo(const OwnedBinding& binding, std::ostream* out);

inline constexpr SortOrder kLatestExpiryFirst{BindingField::kExpiresIn, true};

/// `text` must be an AoR.
Aor AorOf(std::string_view text);

/// LocationService::Remove where nothing is kept; how many it removed.
std::size_t Remove(LocationService& location, const BindingFilter& filter, absl::Time now);

}  // namespace muster::core
