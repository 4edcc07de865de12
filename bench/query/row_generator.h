#pragma once

// The rows that the stores of query_bench are filled with: phones of offices behind NAT, and
// registrations at other people's servers. Each is made anew from its number, so that whoever is
// measured holds the only copy.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "muster/core/aor.h"
#include "muster/core/binding.h"

namespace muster::bench {

/// The moment at which all questions are asked. No row has expired by then.
inline const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
inline constexpr std::uint32_t kServers = 64;

/// One phone's binding.
struct BindingRow {
  core::Aor aor;
  std::string to_uri;
  std::string contact;  // <URI> without parameters behind it
  std::string call_id;
  std::string instance;
  std::string_view user_agent;  // one of UserAgents()
  std::string_view domain;      // one of Domains()
  // IPv4 in host order. Those of the Contact and the Call-ID are in the texts above, too.
  std::uint32_t contact_address = 0;
  std::uint32_t source_address = 0;
  std::uint32_t call_id_address = 0;  // 0 = the Call-ID has no host
  std::uint16_t source_port = 0;
  core::ServerId server = 0;
  core::Transport transport = core::Transport::kUdp;
  std::uint32_t cseq = 1;
  absl::Time expires_at;
  absl::Time updated_at;

  /// Lives as long as this row, and until it is moved.
  core::Binding View() const;
  /// 12 hex digits, or empty.
  std::string_view mac() const;
  /// What a store without sharing would hold as strings.
  std::size_t string_bytes() const;
};

/// One registration at somebody else's server.
struct OutboundRow {
  std::uint32_t id = 0;
  std::uint32_t account_id = 0;
  std::uint16_t proxy = 0;  // below kServers
  std::uint16_t status_code = 0;
  bool successful = false;
  bool deactivated = false;
  bool is_persistent = false;
  std::string user_agent;

  friend bool operator==(const OutboundRow&, const OutboundRow&) = default;
};

/// Some dozens.
std::span<const std::string> UserAgents();
/// From the most to the least used.
std::span<const std::string_view> Domains();
std::span<const std::uint16_t> StatusCodes();

/// The same row for the same seed and number. Thread-safe.
class RowGenerator {
 public:
  explicit RowGenerator(std::uint32_t seed);

  BindingRow MakeBinding(std::uint32_t row) const;
  OutboundRow MakeOutbound(std::uint32_t row) const;

 private:
  /// A desk in an office: 10 to 40 of them share one public address.
  struct Desk {
    std::uint32_t office = 0;
    std::uint32_t place = 0;
  };

  /// The `column`-th random number of a row, below `end`.
  std::uint32_t Draw(std::uint32_t row, std::uint32_t column, std::uint32_t end) const;
  std::uint64_t Bits(std::uint32_t row, std::uint32_t column) const;
  /// A number of `bits` bits, another one for each number below their count.
  std::uint32_t Scramble(std::uint32_t number, unsigned bits) const;
  Desk DeskOf(std::uint32_t row) const;
  std::uint32_t PrivateAddress(const Desk& desk) const;
  std::uint32_t PublicAddress(const Desk& desk) const;
  core::Aor AorOf(std::uint32_t user, std::string_view domain) const;
  void NameDevice(std::uint32_t row, BindingRow& made) const;
  void NameCall(std::uint32_t row, const Desk& desk, BindingRow& made) const;

  const std::uint64_t seed_;
};

}  // namespace muster::bench
