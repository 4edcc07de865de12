#include "table/row_keys.h"

#include <algorithm>
#include <utility>

#include "muster/core/binding.h"

namespace muster::core {
namespace {

/// Of a SIP or SIPS URI that has been parsed before: a fifth of the time of parsing it again. Of
/// another one something that is no address.
std::string_view HostOf(std::string_view uri) {
  const std::size_t at = uri.find('@');
  std::string_view rest = uri.substr(at == std::string_view::npos ? uri.find(':') + 1 : at + 1);
  if (rest.starts_with('[')) return rest.substr(0, rest.find(']') + 1);
  return rest.substr(0, rest.find_first_of(":;?"));
}

bool IsCanonicalMac(std::string_view text) {
  constexpr std::size_t kDigits = 12;
  return text.size() == kDigits && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

AddressKeys::AddressKeys(std::string_view contact_uri, const IpAddress& source,
                         std::string_view call_id) {
  Add(source);
  if (const auto address = IpAddress::Parse(HostOf(contact_uri))) Add(*address);
  if (const std::size_t at = call_id.rfind('@'); at != std::string_view::npos) {
    if (const auto address = IpAddress::Parse(call_id.substr(at + 1))) Add(*address);
  }
}

void AddressKeys::Add(const IpAddress& address) {
  if (!address.empty() && !Contains(address)) keys_[size_++] = address;
}

bool AddressKeys::Contains(const IpAddress& address) const {
  return std::ranges::find(keys(), address) != keys().end();
}

std::string_view MacOf(std::string_view instrument, std::string& room) {
  if (IsCanonicalMac(instrument)) return instrument;
  auto mac = NormalizeMac(instrument);
  if (!mac) return {};
  room = *std::move(mac);
  return room;
}

std::string_view CanonicalInstrument(std::string_view instrument, std::string& room) {
  const std::string_view mac = MacOf(instrument, room);
  return mac.empty() ? instrument : mac;
}

}  // namespace muster::core
