#include "muster/sip/listen_address.h"

#include <gtest/gtest.h>

#include <string>

namespace muster::sip {
namespace {

TEST(ListenAddressTest, ReadsTransportHostAndPort) {
  const auto udp = ListenAddress::Parse("udp:127.0.0.1:5060");
  ASSERT_TRUE(udp.ok());
  EXPECT_EQ(udp->transport, core::Transport::kUdp);
  EXPECT_EQ(udp->address, core::IpAddress::FromV4(0x7F000001));
  EXPECT_EQ(udp->port, 5060);
  EXPECT_FALSE(udp->ipv6);
  EXPECT_FALSE(udp->is_wildcard());

  const auto tcp = ListenAddress::Parse("tcp:[2001:DB8:0::1]:0");
  ASSERT_TRUE(tcp.ok());
  EXPECT_EQ(tcp->transport, core::Transport::kTcp);
  EXPECT_TRUE(tcp->ipv6);
  EXPECT_EQ(tcp->port, 0);
}

TEST(ListenAddressTest, PrintsWhatItHasRead) {
  for (const std::string text : {"udp:127.0.0.1:5060", "tcp:10.0.0.1:65535", "udp:0.0.0.0:0",
                                 "tcp:[::]:5060", "udp:[::1]:5060", "udp:[2001:db8::1]:1"}) {
    const auto address = ListenAddress::Parse(text);
    ASSERT_TRUE(address.ok()) << text;
    EXPECT_EQ(address->ToString(), text);
  }
}

TEST(ListenAddressTest, KnowsWildcards) {
  EXPECT_TRUE(ListenAddress::Parse("udp:0.0.0.0:5060")->is_wildcard());
  EXPECT_TRUE(ListenAddress::Parse("tcp:[::]:5060")->is_wildcard());
  EXPECT_FALSE(ListenAddress::Parse("tcp:[::1]:5060")->is_wildcard());
  EXPECT_TRUE(ListenAddress::Parse("tcp:[::1]:5060")->is_loopback());
  EXPECT_TRUE(ListenAddress::Parse("udp:127.0.0.2:5060")->is_loopback());
  EXPECT_FALSE(ListenAddress::Parse("udp:0.0.0.0:5060")->is_loopback());
  EXPECT_FALSE(ListenAddress::Parse("tcp:[::]:5060")->is_loopback());
}

TEST(ListenAddressTest, LooksHostNamesUp) {
  const auto address = ListenAddress::Parse("udp:localhost:5060");
  ASSERT_TRUE(address.ok());
  const std::string text = address->ToString();
  EXPECT_TRUE(text == "udp:127.0.0.1:5060" || text == "udp:[::1]:5060") << text;
}

TEST(ListenAddressTest, RefusesWhatItCannotListenOnAndSaysWhy) {
  for (const std::string text :
       {"", "udp", "udp:", "udp:127.0.0.1", "127.0.0.1:5060", "sctp:127.0.0.1:5060",
        "UDP:127.0.0.1:5060", "udp:127.0.0.1:", "udp:127.0.0.1:65536", "udp:127.0.0.1:-1",
        "udp:127.0.0.1:50x", "udp::5060", "udp:::1:5060", "udp:[::1:5060", "udp:[::g]:5060",
        "udp:[]:5060", "udp:no-such-host.invalid:5060"}) {
    const auto address = ListenAddress::Parse(text);
    ASSERT_FALSE(address.ok()) << text;
    EXPECT_EQ(address.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(address.status().message().find("expected"), absl::string_view::npos);
    EXPECT_EQ(std::string(address.status().message()).rfind("'" + text + "'", 0), 0U);
  }
}

}  // namespace
}  // namespace muster::sip
