#include "table/packed_text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace muster::core {
namespace {

constexpr char kUuid[] = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

/// Bytes that `text` takes when packed; 0 when it is not. What is unpacked must be `text` again.
std::size_t PackedBytes(const std::string& text) {
  TextRoom packed_room;
  TextRoom room;
  const std::string_view packed = PackText(text, packed_room);
  if (packed.empty()) return 0;
  EXPECT_EQ(UnpackText(packed, room), text);
  return packed.size();
}

TEST(PackedTextTest, AUuidTakesSixteenBytesAndOne) {
  EXPECT_EQ(PackedBytes(kUuid), 17U);
  EXPECT_EQ(PackedBytes(std::string("urn:uuid:") + kUuid), 17U);
  EXPECT_EQ(PackedBytes(std::string(kUuid) + "@10.0.0.1"), 26U);
  EXPECT_EQ(PackedBytes(std::string("urn:uuid:") + kUuid + ";x"), 19U);
}

TEST(PackedTextTest, DigitsInFrontTakeHalf) {
  EXPECT_EQ(PackedBytes("0123456789abcdef0123456789abcdef"), 17U);
  EXPECT_EQ(PackedBytes("0123456789abcdef@10.0.0.1"), 18U);
  EXPECT_EQ(PackedBytes("0123456789abcde"), 9U);  // the odd one stays
  EXPECT_EQ(PackedBytes("urn:uuid:0123456789abcdef"), 9U);
  EXPECT_EQ(PackedBytes("0123456789AB"), 0U);
  EXPECT_EQ(PackedBytes("0123456789a"), 0U);
  EXPECT_EQ(PackedBytes("0123456789ab"), 7U);
}

TEST(PackedTextTest, UpperCaseIsKept) {
  EXPECT_EQ(PackedBytes("urn:uuid:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"), 0U);
  EXPECT_EQ(PackedBytes("URN:UUID:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), 0U);
  EXPECT_EQ(PackedBytes("f81d4fae-7dec-11d0-a765-00A0c91e6bf6"), 0U);
}

TEST(PackedTextTest, WhatIsNoSuchTextIsNotPacked) {
  for (const char* text : {"", "u", "urn:uuid:", "urn:imei:352099001761481", "facade@10.0.0.1"}) {
    EXPECT_EQ(PackedBytes(text), 0U) << text;
  }
}

TEST(PackedTextTest, AsLongAsTheRoomIsPackedAndNoLonger) {
  EXPECT_EQ(PackedBytes(std::string(kMostUnpacked, '7')), kMostUnpacked / 2 + 1);
  EXPECT_EQ(PackedBytes(std::string(kMostUnpacked + 1, '7')), 0U);
  EXPECT_EQ(PackedBytes(kUuid + std::string(kMostUnpacked - 36, 'x')), kMostUnpacked - 36 + 17);
  EXPECT_EQ(PackedBytes(kUuid + std::string(kMostUnpacked - 35, 'x')), 0U);
}

TEST(PackedTextTest, EveryTextComesBackAsItWas) {
  std::mt19937 random(5);
  const std::string letters = "0123456789abcdefA-g@\xFF";
  for (int i = 0; i != 100'000; ++i) {
    std::string text = random() % 2 == 0 ? "" : "urn:uuid:";
    text += std::string_view(kUuid).substr(0, random() % 40);
    for (std::size_t left = random() % 50; left != 0; --left) {
      text += letters[random() % (random() % 8 == 0 ? letters.size() : 16)];
    }
    PackedBytes(text);
  }
}

}  // namespace
}  // namespace muster::core
