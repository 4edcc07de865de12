#pragma once

// Which bindings a query means.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "muster/core/binding.h"
#include "muster/core/query.h"

namespace muster::core {

/// What bindings can be asked for. Their names outside are the same in lower case, with
/// underscores.
enum class BindingField : std::uint8_t {
  kAor,           // canonical
  kUser,          // canonical
  kDomain,        // in lower case
  kContact,       // the URI, or the whole Contact as stored
  kMac,           // 12 lower-case hex digits
  kInstance,      // without quotes and angle brackets
  kInstrument,    // a MAC as kMac, anything else as received
  kIp,            // Contact host, source address, Call-ID host
  kPort,          // of the source
  kTransport,     // a Transport
  kCallId,        // as received
  kServer,        // a ServerId
  kUserAgent,     // as received
  kExpiresIn,     // seconds left
  kRegisteredAt,  // time
  kUpdatedAt,     // time
  kRegId,         // RFC 5626; absent is no value
  kPath,          // Path values in order, joined by ", "
};
inline constexpr std::size_t kBindingFields = static_cast<std::size_t>(BindingField::kPath) + 1;

struct BindingFieldInfo {
  std::string_view name;
  FieldType type;
  FieldIndex index;
};
/// By field.
inline constexpr std::array<BindingFieldInfo, kBindingFields> kBindingFieldInfos = {{
    {"aor", FieldType::kText, FieldIndex::kExact},
    {"user", FieldType::kText, FieldIndex::kExact},
    {"domain", FieldType::kText, FieldIndex::kValues},
    {"contact", FieldType::kText, FieldIndex::kExact},
    {"mac", FieldType::kText, FieldIndex::kExact},
    {"instance", FieldType::kText, FieldIndex::kExact},
    {"instrument", FieldType::kText, FieldIndex::kExact},
    {"ip", FieldType::kAddress, FieldIndex::kAddress},
    {"port", FieldType::kNumber, FieldIndex::kNone},
    {"transport", FieldType::kNumber, FieldIndex::kValues},
    {"call_id", FieldType::kText, FieldIndex::kExact},
    {"server", FieldType::kNumber, FieldIndex::kValues},
    {"user_agent", FieldType::kText, FieldIndex::kValues},
    {"expires_in", FieldType::kNumber, FieldIndex::kNone},
    {"registered_at", FieldType::kTime, FieldIndex::kNone},
    {"updated_at", FieldType::kTime, FieldIndex::kNone},
    {"reg_id", FieldType::kNumber, FieldIndex::kValues},
    {"path", FieldType::kText, FieldIndex::kNone},
}};
inline const BindingFieldInfo& InfoOf(BindingField field) {
  return kBindingFieldInfos[static_cast<std::size_t>(field)];
}

/// Conditions, joined by "and". Values are compared in canonical form; an empty text means none,
/// not what lacks the field.
class BindingFilter {
 public:
  /// A filter without conditions means every row.
  static BindingFilter All() { return {}; }
  /// User part in any escaping, of any domain.
  static BindingFilter User(std::string_view user);
  /// nullopt when the text is no AoR.
  static std::optional<BindingFilter> ByAor(std::string_view aor);
  /// A MAC in any notation, or another instrument exactly.
  static BindingFilter Instrument(std::string_view instrument);
  /// Contact host, source address, or host part of the Call-ID. nullopt when the text is no
  /// address.
  static std::optional<BindingFilter> Ip(std::string_view address);
  static BindingFilter CallId(std::string_view call_id);
  /// Any of these servers.
  static BindingFilter Servers(const std::vector<ServerId>& servers);

  /// One more condition; its values are canonical, and of the field's type.
  void Add(BindingField field, Condition condition);

  const std::vector<Condition>& conditions() const { return conditions_; }

 private:
  std::vector<Condition> conditions_;
};

}  // namespace muster::core
