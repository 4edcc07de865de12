#include "table/address_index.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace muster::core {
namespace {

AddressBlock Block(std::string_view address, int bits) {
  const auto parsed = *IpAddress::Parse(address);
  return AddressBlock::Around(parsed, static_cast<std::uint8_t>(bits + (parsed.is_v4() ? 96 : 0)));
}

BlockKeys Keys(std::string_view address, int bits) {
  BlockKeys keys;
  AddKeys(Block(address, bits), keys);
  return keys;
}

/// Whether one of the keys is a block under which the address stands.
bool Find(const BlockKeys& keys, std::string_view text) {
  const auto address = *IpAddress::Parse(text);
  return std::ranges::any_of(IndexedBits(address), [&](std::uint8_t bits) {
    return std::ranges::find(keys.blocks, AddressBlock::Around(address, bits)) != keys.blocks.end();
  });
}

TEST(AddressBlockTest, HoldsItsAddresses) {
  const AddressBlock block = Block("10.20.0.0", 14);
  EXPECT_TRUE(block.Contains(*IpAddress::Parse("10.20.0.0")));
  EXPECT_TRUE(block.Contains(*IpAddress::Parse("10.23.255.255")));
  EXPECT_FALSE(block.Contains(*IpAddress::Parse("10.24.0.0")));
  EXPECT_FALSE(block.Contains(*IpAddress::Parse("10.19.255.255")));
  EXPECT_FALSE(block.Contains(IpAddress()));
  EXPECT_FALSE(block.Contains(*IpAddress::Parse("2001:db8::1")));
}

TEST(AddressBlockTest, AnIpv6BlockHoldsNoIpv4Address) {
  EXPECT_TRUE(Block("::", 0).Contains(*IpAddress::Parse("2001:db8::1")));
  EXPECT_FALSE(Block("::", 0).Contains(*IpAddress::Parse("10.0.0.1")));
  EXPECT_TRUE(Block("0.0.0.0", 0).Contains(*IpAddress::Parse("10.0.0.1")));
}

TEST(AddressIndexTest, AnIndexedBlockIsOneKey) {
  for (const int bits : {8, 16, 24, 32}) {
    const BlockKeys keys = Keys("10.20.30.40", bits);
    EXPECT_EQ(keys.blocks.size(), 1U) << bits;
    EXPECT_TRUE(keys.is_exact);
    EXPECT_TRUE(Find(keys, "10.20.30.40"));
  }
  for (const int bits : {32, 48, 56, 64, 128}) {
    EXPECT_EQ(Keys("2001:db8:1:2::3", bits).blocks.size(), 1U) << bits;
  }
}

TEST(AddressIndexTest, AnyIpv4BlockIsMadeOfIndexedOnes) {
  for (int bits = 0; bits <= 32; ++bits) {
    const BlockKeys keys = Keys("10.20.30.40", bits);
    EXPECT_TRUE(keys.is_known && keys.is_exact) << bits;
    EXPECT_LE(keys.blocks.size(), 256U) << bits;
    for (const char* address : {"10.20.30.40", "10.20.31.40", "10.28.30.40", "138.20.30.40"}) {
      const bool is_inside = Block("10.20.30.40", bits).Contains(*IpAddress::Parse(address));
      EXPECT_EQ(Find(keys, address), is_inside) << bits << " " << address;
    }
  }
}

TEST(AddressIndexTest, AnIpv6BlockIsFoundInALargerOneWhereThatIsLess) {
  EXPECT_TRUE(Keys("2001:db8::", 60).is_exact);
  const BlockKeys within = Keys("2001:db8::", 100);
  EXPECT_TRUE(within.is_known);
  EXPECT_FALSE(within.is_exact);
  ASSERT_EQ(within.blocks.size(), 1U);
  EXPECT_EQ(within.blocks[0].bits, 64);
  EXPECT_FALSE(Keys("2001:db8::", 35).is_exact);
  EXPECT_TRUE(Keys("2000::", 24).is_exact);
  EXPECT_FALSE(Keys("2000::", 3).is_known);
}

TEST(AddressIndexTest, TooManyKeysAreNone) {
  BlockKeys keys;
  for (int i = 0; i != 5; ++i) AddKeys(Block("0.0.0.0", 0), keys);
  EXPECT_FALSE(keys.is_known);
  EXPECT_LE(keys.blocks.size(), BlockKeys::kMost);
}

}  // namespace
}  // namespace muster::core
