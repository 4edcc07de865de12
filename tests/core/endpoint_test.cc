#include "muster/core/endpoint.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace muster::core {
namespace {

std::string Shown(std::string_view text) {
  const auto address = IpAddress::Parse(text);
  return address ? address->ToString() : "none";
}

TEST(IpAddressTest, ReadsAndWritesIpv4) {
  EXPECT_EQ(Shown("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(Shown("0.0.0.0"), "0.0.0.0");
  EXPECT_EQ(Shown("255.255.255.255"), "255.255.255.255");
  EXPECT_EQ(IpAddress::FromV4(0x0A000102), IpAddress::Parse("10.0.1.2"));
}

TEST(IpAddressTest, ComparesByValue) {
  EXPECT_EQ(IpAddress::Parse("::FFFF:10.0.0.1"), IpAddress::Parse("10.0.0.1"));
  EXPECT_EQ(IpAddress::Parse("::ffff:a00:1"), IpAddress::Parse("10.0.0.1"));
  EXPECT_EQ(IpAddress::Parse("[2001:DB8:0:0:0:0:0:1]"), IpAddress::Parse("2001:db8::1"));
  EXPECT_NE(IpAddress::Parse("10.0.0.1"), IpAddress::Parse("10.0.0.10"));
}

TEST(IpAddressTest, WritesTheShortestIpv6Form) {
  EXPECT_EQ(Shown("2001:0db8:0000:0000:0000:0000:0000:0001"), "2001:db8::1");
  EXPECT_EQ(Shown("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");  // one group stays
  EXPECT_EQ(Shown("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");           // the longer run
  EXPECT_EQ(Shown("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");     // the first of equal runs
  EXPECT_EQ(Shown("fe80:0:0:0:0:0:0:0"), "fe80::");
  EXPECT_EQ(Shown("0:0:0:0:0:0:0:0"), "::");
  EXPECT_EQ(Shown("::1"), "::1");
}

TEST(IpAddressTest, RefusesAllElse) {
  for (const std::string_view text : {"",
                                      "example.com",
                                      "10.0.0",
                                      "10.0.0.1.2",
                                      "10.0.0.256",
                                      "010.0.0.1",
                                      "10.0.0.1 ",
                                      "+10.0.0.1",
                                      "10.0.0.-1",
                                      "1:2:3:4:5:6:7",
                                      "1:2:3:4:5:6:7:8:9",
                                      "::1::",
                                      ":::",
                                      ":1",
                                      "1:2:3:4:5:6:7:",
                                      "12345::",
                                      "::g",
                                      "[::1",
                                      "::1]",
                                      "[10.0.0.1]",
                                      "fe80::1%eth0",
                                      "1.2.3.4::",
                                      "::1.2.3",
                                      "1:2:3:4:5:6:7:1.2.3.4",
                                      "[]",
                                      "1:2:3:4::5:6:7:8"}) {
    EXPECT_EQ(Shown(text), "none") << text;
  }
}

TEST(IpAddressTest, KnowsIpv4AndNone) {
  EXPECT_TRUE(IpAddress::Parse("0.0.0.0")->is_v4());
  EXPECT_FALSE(IpAddress::Parse("0.0.0.0")->empty());
  EXPECT_FALSE(IpAddress::Parse("::1")->is_v4());
  EXPECT_TRUE(IpAddress::Parse("::")->empty());
  EXPECT_TRUE(IpAddress().empty());
}

/// The operating system's own reading is the judge.
TEST(IpAddressTest, AgreesWithTheSystemOnRandomText) {
  constexpr std::string_view kAlphabet = "0123af:::..12";
  std::mt19937 random(1);
  int valid = 0;
  for (int i = 0; i < 300'000; ++i) {
    std::string text;
    for (std::size_t size = random() % 12; size > 0; --size) {
      text.push_back(kAlphabet[random() % kAlphabet.size()]);
    }
    std::array<std::uint8_t, 16> bytes{};
    std::array<std::uint8_t, 4> v4{};
    const auto address = IpAddress::Parse(text);
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) {
      ASSERT_TRUE(address) << text;
      ASSERT_EQ(address->bytes(), bytes) << text;
      ++valid;
    } else if (inet_pton(AF_INET, text.c_str(), v4.data()) == 1) {
      ASSERT_TRUE(address && address->is_v4()) << text;
      ASSERT_EQ(address->ToString(), text);
      ++valid;
    } else {
      ASSERT_FALSE(address) << text;
    }
  }
  EXPECT_GT(valid, 1'000);
}

TEST(IpAddressTest, AgreesWithTheSystemOnRandomValues) {
  std::mt19937 random(2);
  for (int i = 0; i < 100'000; ++i) {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t j = 0; j < 16; j += 2) {
      if (random() % 2 == 0) continue;  // many zero groups
      bytes[j] = static_cast<std::uint8_t>(random() % 3);
      bytes[j + 1] = static_cast<std::uint8_t>(random());
    }
    bytes[0] = 0x20;  // below ::/8 the system writes dots
    char expected[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, bytes.data(), expected, sizeof(expected));
    ASSERT_EQ(IpAddress::FromV6(bytes).ToString(), expected);
  }
}

TEST(TransportTest, HasNames) {
  EXPECT_EQ(TransportName(Transport::kUdp), "udp");
  EXPECT_EQ(TransportName(Transport::kTcp), "tcp");
  EXPECT_EQ(TransportName(Transport::kTls), "tls");
  EXPECT_EQ(TransportName(Transport::kWs), "ws");
  EXPECT_EQ(TransportName(Transport::kWss), "wss");
}

}  // namespace
}  // namespace muster::core
