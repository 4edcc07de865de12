#include "tests/core/naive_filter.h"

#include <algorithm>
#include <bitset>
#include <string>
#include <vector>

#include "muster/parser/uri.h"

namespace muster::core {
namespace {

std::vector<IpAddress> AddressesOf(const OwnedBinding& binding) {
  std::vector<IpAddress> addresses = {binding.source_address};
  parser::Uri uri;
  parser::ParseError error;
  if (parser::ParseUri(binding.contact_uri, uri, error)) {
    addresses.push_back(IpAddress::Parse(uri.host).value_or(IpAddress()));
  }
  const std::size_t at = binding.call_id.rfind('@');
  if (at != std::string::npos) {
    addresses.push_back(IpAddress::Parse(binding.call_id.substr(at + 1)).value_or(IpAddress()));
  }
  std::erase(addresses, IpAddress());
  return addresses;
}

std::string Bits(const IpAddress& address) {
  std::string bits;
  for (const std::uint8_t byte : address.bytes()) bits += std::bitset<8>(byte).to_string();
  return bits;
}

bool IsInBlock(const IpAddress& address, const AddressBlock& block) {
  if (address.is_v4() && block.bits < 96) return false;
  return Bits(address).substr(0, block.bits) == Bits(block.address).substr(0, block.bits);
}

std::vector<std::string> TextsOf(BindingField field, const OwnedBinding& binding) {
  const auto mac = NormalizeMac(binding.instrument);
  switch (field) {
    case BindingField::kAor:
      return {binding.aor};
    case BindingField::kUser:
      return {std::string(binding.user())};
    case BindingField::kDomain:
      return {binding.aor.substr(binding.aor.find('@') + 1)};
    case BindingField::kContact:
      return {binding.contact, binding.contact_uri};
    case BindingField::kMac:
      return {mac.value_or("")};
    case BindingField::kInstance:
      return {binding.instance};
    case BindingField::kInstrument:
      return {mac.value_or(binding.instrument)};
    case BindingField::kCallId:
      return {binding.call_id};
    case BindingField::kUserAgent:
      return {binding.user_agent};
    case BindingField::kPath:
      return {binding.path};
    default:
      return {};
  }
}

std::vector<std::int64_t> NumbersOf(BindingField field, const OwnedBinding& binding,
                                    absl::Time now) {
  switch (field) {
    case BindingField::kPort:
      if (binding.source_port == 0) return {};
      return {binding.source_port};
    case BindingField::kTransport:
      return {static_cast<std::int64_t>(binding.transport)};
    case BindingField::kServer:
      return {binding.server};
    case BindingField::kExpiresIn:
      return {binding.View().SecondsLeft(now)};
    case BindingField::kRegisteredAt:
      return {absl::ToUnixNanos(binding.registered_at)};
    case BindingField::kUpdatedAt:
      return {absl::ToUnixNanos(binding.updated_at)};
    case BindingField::kRegId:
      if (binding.reg_id == 0) return {};
      return {binding.reg_id};
    default:
      return {};
  }
}

bool HasAny(const Condition& condition, const OwnedBinding& binding, absl::Time now) {
  const auto field = static_cast<BindingField>(condition.field);
  for (const std::string& text : TextsOf(field, binding)) {
    for (const TextValue& value : condition.texts) {
      const bool is_equal =
          value.is_prefix ? text.substr(0, value.text.size()) == value.text : text == value.text;
      if (!text.empty() && is_equal) return true;
    }
  }
  for (const std::int64_t number : NumbersOf(field, binding, now)) {
    for (const NumberRange& range : condition.ranges) {
      if (range.first <= number && number <= range.last) return true;
    }
  }
  if (field != BindingField::kIp) return false;
  for (const IpAddress& address : AddressesOf(binding)) {
    for (const AddressBlock& block : condition.blocks) {
      if (IsInBlock(address, block)) return true;
    }
  }
  return false;
}

}  // namespace

bool NaivelyMatches(const BindingFilter& filter, const OwnedBinding& binding, absl::Time now) {
  return std::ranges::all_of(filter.conditions(), [&](const Condition& condition) {
    return HasAny(condition, binding, now) != condition.is_negated;
  });
}

}  // namespace muster::core
