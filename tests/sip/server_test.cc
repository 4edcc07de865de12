#include "muster/sip/server.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/conformance/muster_under_test.h"

namespace muster::testing {
namespace {

class ServerTest : public MusterTest {
 protected:
  /// A server of its own beside the usual one.
  std::unique_ptr<sip::Server> Another(const std::vector<std::string>& listen) {
    sip::ServerOptions options;
    for (const std::string& where : listen) {
      options.listen.push_back(sip::ListenAddress::Parse(where).value());
    }
    options.limits = MusterOptions::SmallLimits();
    return std::make_unique<sip::Server>(options, muster().user_agent_server, *muster().commits,
                                         clock());
  }
};

TEST_F(ServerTest, ListensInTheOrderGivenAndTellsItsPorts) {
  MusterOptions options;
  options.listen = {"tcp:127.0.0.1:0", "udp:127.0.0.1:0", "udp:[::1]:0", "udp:127.0.0.1:0"};
  Start(options);
  const auto& listening = muster().sip.listening();
  ASSERT_EQ(listening.size(), 4U);
  EXPECT_EQ(listening[0].transport, core::Transport::kTcp);
  EXPECT_EQ(listening[1].transport, core::Transport::kUdp);
  EXPECT_TRUE(listening[2].ipv6);
  EXPECT_NE(listening[1].port, listening[3].port);
  for (const auto& where : listening) EXPECT_NE(where.port, 0);
  EXPECT_EQ(UdpClient({"127.0.0.1", listening[3].port}).Ask(Options("second")).code, 200);
  EXPECT_EQ(UdpClient({"::1", listening[2].port}, "::1").Ask(Options("six")).code, 200);
}

TEST_F(ServerTest, PortThatIsTakenIsAnErrorThatNamesIt) {
  for (const std::string transport : {"udp", "tcp"}) {
    const HostPort taken = transport == "udp" ? muster().udp() : muster().tcp();
    const std::string where = transport + ":" + taken.ToString();
    const absl::Status status = Another({"udp:127.0.0.1:0", "tcp:127.0.0.1:0", where})->Start();
    ASSERT_FALSE(status.ok());
    EXPECT_NE(std::string(status.message()).find(where), std::string::npos) << status;
  }
  // Nothing is left listening by the failed start, and the first server has not noticed.
  EXPECT_EQ(UdpClient(muster().udp()).Ask(Options("udp")).code, 200);
  EXPECT_EQ(TcpClient(muster().tcp()).Ask(Options("tcp")).code, 200);
}

TEST_F(ServerTest, EveryWorkerServesItsShareOfTheSenders) {
  MusterOptions options;
  options.workers = 4;
  Start(options);
  for (int i = 0; i < 64; ++i) {
    EXPECT_EQ(UdpClient(muster().udp()).Ask(Options("u" + std::to_string(i))).code, 200);
    EXPECT_EQ(TcpClient(muster().tcp()).Ask(Options("t" + std::to_string(i))).code, 200);
  }
  EXPECT_EQ(muster().sip.counters().messages, 128U);
}

TEST_F(ServerTest, RetransmissionToAnotherWorkerIsOneToo) {
  MusterOptions options;
  options.workers = 4;
  Start(options);
  // Each client port meets another worker; the request, its Via and so its transaction are one.
  Request request =
      RegisterOf("alice@example.com", "c", 1).Contact("<sip:alice@192.0.2.1>;expires=600");
  request.via = "SIP/2.0/UDP 127.0.0.1:5060;rport;branch=z9hG4bKone";
  const Reply first = UdpClient(muster().udp()).Ask(request);
  EXPECT_EQ(first.code, 200);
  for (int i = 0; i < 16; ++i) EXPECT_EQ(UdpClient(muster().udp()).Ask(request).bytes, first.bytes);
  EXPECT_EQ(muster().sip.counters().retransmissions, 16U);
}

TEST_F(ServerTest, StopEndsConnectionsAndMayBeRepeated) {
  TcpClient client(muster().tcp());
  EXPECT_EQ(client.Ask(Options("c")).code, 200);
  muster().sip.Stop();
  EXPECT_TRUE(client.IsClosed());
  EXPECT_FALSE(TcpClient(muster().tcp()).is_connected());
  muster().sip.Stop();
  Another({"udp:127.0.0.1:0"})->Stop();  // never started
}

}  // namespace
}  // namespace muster::testing
