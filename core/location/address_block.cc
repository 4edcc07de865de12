#include <algorithm>

#include "muster/core/query.h"

namespace muster::core {

AddressBlock AddressBlock::Around(const IpAddress& address, std::uint8_t bits) {
  auto bytes = address.bytes();
  for (std::size_t i = 0; i != bytes.size(); ++i) {
    const int kept = std::clamp<int>(bits - static_cast<int>(8 * i), 0, 8);
    bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xFF00 >> kept));
  }
  return {IpAddress::FromV6(bytes), bits};
}

bool AddressBlock::Contains(const IpAddress& other) const {
  constexpr std::uint8_t kMappedBits = 96;  // in front of an IPv4 address
  if (other.empty()) return false;
  if (bits < kMappedBits && other.is_v4()) return false;
  return Around(other, bits).address == address;
}

}  // namespace muster::core
