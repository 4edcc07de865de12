#include "binding_conditions.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "field_values.h"
#include "filter_value.h"
#include "muster/core/aor.h"
#include "muster/core/text.h"

namespace muster::http::v1 {
namespace {

using core::BindingField;
using core::Condition;

/// What is wrong with an item, or "".
using Problem = std::string;

constexpr std::int64_t kMaxPort = 65'535;
constexpr std::int64_t kMaxSeconds = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t kMaxRegId = 0x7FFF'FFFF;  // RFC 5626 11.1

std::string InLowerCase(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), core::LowerAscii);
  return lower;
}

std::string CanonicalUser(std::string_view user) {
  std::string canonical(3 * user.size(), '\0');
  canonical.resize(core::CanonicalUser(user, canonical.data()));
  return canonical;
}

Problem AddAor(const FilterItem& item, Condition& condition) {
  if (item.is_prefix) {
    const std::size_t at = item.text.find('@');
    std::string begin = CanonicalUser(item.text.substr(0, at));
    if (at != std::string::npos) begin += InLowerCase(item.text.substr(at));
    condition.texts.push_back({std::move(begin), true});
    return "";
  }
  const auto aor = core::Aor::Parse(item.text);
  if (!aor) return "is no AoR: user@domain is expected";
  condition.texts.push_back({std::string(aor->text()), false});
  return "";
}

/// Hex digits, with the separators of any notation.
Problem AddMac(const FilterItem& item, Condition& condition) {
  auto mac = core::NormalizeMac(item.text);
  if (item.is_prefix) {
    mac = InLowerCase(item.text);
    std::erase_if(*mac, [](char c) { return c == ':' || c == '-' || c == '.'; });
    const bool is_hex = mac->find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_hex || mac->size() > 12) mac.reset();
  }
  if (!mac) return "is no MAC: 12 hex digits are expected";
  condition.texts.push_back({*std::move(mac), item.is_prefix});
  return "";
}

Problem AddTransport(const FilterItem& item, Condition& condition) {
  using enum core::Transport;
  for (const core::Transport transport : {kUdp, kTcp, kTls, kWs, kWss}) {
    if (item.is_prefix || core::TransportName(transport) != InLowerCase(item.text)) continue;
    const auto number = static_cast<std::int64_t>(transport);
    condition.ranges.push_back({number, number});
    return "";
  }
  return "is no transport: udp, tcp, tls, ws or wss is expected";
}

void AddServers(const FilterItem& item, const core::ServerRegistry& servers, Condition& condition) {
  const auto ids = item.is_prefix ? servers.FindByPrefix(item.text) : servers.Find(item.text);
  for (const core::ServerId id : ids) {
    const bool is_new = std::ranges::none_of(
        condition.ranges, [id](const core::NumberRange& range) { return range.Contains(id); });
    if (is_new) condition.ranges.push_back({id, id});
  }
}

Problem AddItem(BindingField field, const FilterItem& item, const core::ServerRegistry& servers,
                Condition& condition) {
  switch (field) {
    case BindingField::kAor:
      return AddAor(item, condition);
    case BindingField::kUser:
      condition.texts.push_back({CanonicalUser(item.text), item.is_prefix});
      return "";
    case BindingField::kDomain:
      condition.texts.push_back({InLowerCase(item.text), item.is_prefix});
      return "";
    case BindingField::kMac:
      return AddMac(item, condition);
    case BindingField::kIp:
      return AddBlock(item, condition);
    case BindingField::kTransport:
      return AddTransport(item, condition);
    case BindingField::kServer:
      AddServers(item, servers, condition);
      return "";
    case BindingField::kPort:
      return AddNumbers(item, kMaxPort, condition);
    case BindingField::kExpiresIn:
      return AddNumbers(item, kMaxSeconds, condition);
    case BindingField::kRegId:
      return AddNumbers(item, kMaxRegId, condition);
    case BindingField::kRegisteredAt:
    case BindingField::kUpdatedAt:
      return AddTimes(item, condition);
    default:
      condition.texts.push_back({item.text, item.is_prefix});
      return "";
  }
}

}  // namespace

std::optional<BindingField> FindBindingField(std::string_view name) {
  for (std::size_t i = 0; i != core::kBindingFields; ++i) {
    const auto field = static_cast<BindingField>(i);
    if (core::InfoOf(field).name == name && field != BindingField::kInstrument) return field;
  }
  return std::nullopt;
}

std::string BindingFieldNames() {
  std::string names;
  for (const core::BindingFieldInfo& info : core::kBindingFieldInfos) {
    if (!FindBindingField(info.name)) continue;
    if (!names.empty()) names += ' ';
    names += info.name;
  }
  return names;
}

std::string AddCondition(BindingField field, std::string_view text,
                         const core::ServerRegistry& servers, core::BindingFilter& filter) {
  if (text.empty()) return "needs a value";
  FilterValue value;
  if (Problem problem = ReadFilterValue(text, value); !problem.empty()) return problem;
  Condition condition;
  condition.is_negated = value.is_negated;
  for (const FilterItem& item : value.items) {
    Problem problem = AddItem(field, item, servers, condition);
    if (!problem.empty()) return "\"" + item.text + "\" " + problem;
  }
  std::size_t values = value.items.size();
  for (const Condition& other : filter.conditions()) values += other.size();
  if (values > core::Limits::kMaxFilterValues) {
    return "makes more than " + std::to_string(core::Limits::kMaxFilterValues) +
           " values of all filters together";
  }
  if (filter.conditions().size() == core::Limits::kMaxFilterConditions) {
    return "is one filter more than " + std::to_string(core::Limits::kMaxFilterConditions);
  }
  filter.Add(field, std::move(condition));
  return "";
}

}  // namespace muster::http::v1
