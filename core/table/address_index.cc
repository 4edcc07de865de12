#include "table/address_index.h"

#include <algorithm>
#include <array>

#include "muster/core/hash.h"

namespace muster::core {
namespace {

constexpr std::uint8_t kV4Bits = 96;  // in front of an IPv4 address in its mapped form
constexpr std::array<std::uint8_t, 4> kV4Indexed = {128, kV4Bits + 24, kV4Bits + 16, kV4Bits + 8};
constexpr std::array<std::uint8_t, 5> kV6Indexed = {128, 64, 56, 48, 32};
constexpr std::uint8_t kMostBitsBetween = 8;

/// The `number`th block of `bits` bits in `block`.
AddressBlock BlockIn(const AddressBlock& block, std::uint8_t bits, std::uint32_t number) {
  auto bytes = block.address.bytes();
  for (std::uint8_t bit = bits; bit != block.bits; --bit, number >>= 1) {
    const auto mask = static_cast<std::uint8_t>(0x80 >> ((bit - 1) % 8));
    std::uint8_t& byte = bytes[(bit - 1) / 8];
    byte = static_cast<std::uint8_t>((number & 1) != 0 ? byte | mask : byte & ~mask);
  }
  return AddressBlock::Around(IpAddress::FromV6(bytes), bits);
}

}  // namespace

std::span<const std::uint8_t> IndexedBits(const IpAddress& address) {
  if (address.is_v4()) return kV4Indexed;
  return kV6Indexed;
}

std::uint64_t HashBlock(const AddressBlock& block) {
  return absl::HashOf(block.address.bytes(), block.bits);
}

void AddKeys(const AddressBlock& block, BlockKeys& keys) {
  const bool is_v4 = block.bits >= kV4Bits && block.address.is_v4();
  const std::span<const std::uint8_t> indexed =
      is_v4 ? std::span<const std::uint8_t>(kV4Indexed) : kV6Indexed;
  // The shortest that are not larger than the block, else the longest that are.
  const auto at_most = std::ranges::find_if(indexed.rbegin(), indexed.rend(),
                                            [&](std::uint8_t bits) { return bits >= block.bits; });
  if (const int between = *at_most - block.bits; between <= kMostBitsBetween) {
    const std::uint32_t count = 1U << between;
    if (keys.blocks.size() + count > BlockKeys::kMost) {
      keys.is_known = false;
      return;
    }
    for (std::uint32_t i = 0; i != count; ++i) keys.blocks.push_back(BlockIn(block, *at_most, i));
    return;
  }
  const auto larger =
      std::ranges::find_if(indexed, [&](std::uint8_t bits) { return bits < block.bits; });
  if (larger == indexed.end()) {
    keys.is_known = false;
    return;
  }
  keys.is_exact = false;
  keys.blocks.push_back(AddressBlock::Around(block.address, *larger));
}

}  // namespace muster::core
