#include "table/row_keys.h"

#include <algorithm>
#include <utility>

#include "muster/core/binding.h"
#include "muster/parser/uri.h"

namespace muster::core {

AddressKeys::AddressKeys(std::string_view contact_uri, const IpAddress& source,
                         std::string_view call_id) {
  Add(source);
  parser::Uri uri;
  parser::ParseError error;
  if (parser::ParseUri(contact_uri, uri, error)) {
    if (const auto address = IpAddress::Parse(uri.host)) Add(*address);
  }
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

bool operator==(const AddressKeys& a, const AddressKeys& b) {
  return std::ranges::equal(a.keys(), b.keys());
}

std::string_view CanonicalInstrument(std::string_view instrument, std::string& room) {
  auto mac = NormalizeMac(instrument);
  if (!mac) return instrument;
  room = *std::move(mac);
  return room;
}

}  // namespace muster::core
