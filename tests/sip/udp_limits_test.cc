// Each limit on datagrams and answers, reached.

#include <gtest/gtest.h>

#include <string>

#include "tests/conformance/muster_under_test.h"

namespace muster::testing {
namespace {

constexpr char kAlice[] = "alice@example.com";

class UdpLimitsTest : public MusterTest {
 protected:
  /// Stops the server's worker in the midst of a datagram.
  void HoldWorker(UdpClient& client) {
    clock().Hold();
    client.Send(Options("holds"));
    clock().WaitForCaller();
  }
};

TEST_F(UdpLimitsTest, WorkerTakesABatchAtATimeAndAnswersInOrder) {
  constexpr std::size_t kDatagrams = 3 * core::Limits::kUdpBatch + 8;
  UdpClient client(muster().udp());
  HoldWorker(client);
  for (std::size_t i = 0; i < kDatagrams; ++i) client.Send(Options(std::to_string(i)));
  const std::size_t calls_before = clock().calls();
  clock().Release();
  EXPECT_EQ(client.Receive().Header("Call-ID"), "holds");
  for (std::size_t i = 0; i < kDatagrams; ++i) {
    EXPECT_EQ(client.Receive().Header("Call-ID"), std::to_string(i));
  }
  // It looks at the clock once for each batch.
  EXPECT_EQ(clock().calls() - calls_before, 4U);
}

TEST_F(UdpLimitsTest, RegistersOfOneBatchTakeEffectInOrder) {
  UdpClient client(muster().udp());
  HoldWorker(client);
  for (std::uint32_t i = 1; i <= 60; ++i) {
    client.Send(RegisterOf(kAlice, "c", i)
                    .Contact("<sip:alice@192.0.2.1>;expires=" + std::to_string(100 + i)));
  }
  clock().Release();
  EXPECT_EQ(client.Receive().Header("Call-ID"), "holds");
  for (std::uint32_t i = 1; i <= 60; ++i) {
    const Reply reply = client.Receive();
    EXPECT_EQ(reply.code, 200);
    EXPECT_EQ(reply.Header("CSeq"), std::to_string(i) + " REGISTER");
  }
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 160}});
}

TEST_F(UdpLimitsTest, DatagramsBeyondTheReceiveBufferAreDroppedAndServiceGoesOn) {
  constexpr int kDatagrams = 2'000;
  MusterOptions options;
  options.limits.udp_receive_buffer_bytes = 8'192;
  Start(options);
  UdpClient client(muster().udp());
  HoldWorker(client);
  for (int i = 0; i < kDatagrams; ++i) client.Send(Options(std::to_string(i)));
  clock().Release();
  int answered = 0;
  while (client.ReceiveDatagram(std::chrono::milliseconds(500))) ++answered;
  EXPECT_GT(answered, 1);
  EXPECT_LT(answered, kDatagrams / 2);
  EXPECT_EQ(client.Ask(Options("after")).Header("Call-ID"), "after");
}

TEST_F(UdpLimitsTest, ContactsThatNoAnswerCouldListAreRefused) {
  MusterOptions options;
  options.registrar.max_contacts = 40;
  Start(options);
  TcpClient client(muster().tcp());
  const std::string filling(3'500, 'x');
  std::uint32_t accepted = 0;
  int code = 200;
  for (std::uint32_t i = 1; i <= 40 && code == 200; ++i) {
    code = client
               .Ask(RegisterOf(kAlice, "c" + std::to_string(i), 1)
                        .Contact("<sip:a@192.0.2.1:" + std::to_string(i) + ">;x=" + filling))
               .code;
    accepted += code == 200 ? 1 : 0;
  }
  EXPECT_EQ(code, 403);
  EXPECT_GE(accepted, 17U);  // of 3.5 kB each, and the rest of the answer
  EXPECT_LE(accepted, 18U);
  const Reply all = client.Ask(RegisterOf(kAlice, "fetch", 1));
  EXPECT_EQ(all.code, 200);
  EXPECT_EQ(all.Contacts().size(), accepted);
  EXPECT_LE(all.bytes.size(), core::Limits::kMaxAnswerBytes);
  // Headers of the request that must be copied take the room that the list would need.
  const Reply crowded =
      client.Ask(RegisterOf(kAlice, "crowded", 1).Line("Via: SIP/2.0/TCP h;x=\"" + filling + "\""));
  EXPECT_EQ(crowded.code, 513);
  EXPECT_EQ(CountAll(), accepted);
}

TEST_F(UdpLimitsTest, RegisterThatNoAnswerCouldRepeatChangesNothing) {
  core::Source source;
  source.address = *core::IpAddress::Parse("192.0.2.1");
  source.port = 5060;
  Request request = RegisterOf(kAlice, "large", 1).Contact("<sip:alice@192.0.2.1>");
  request.via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1";
  // Nearly all of the message is what the answer has to repeat.
  const auto ask = [&](std::size_t size) {
    Request filled = request;
    filled.Line("Via: SIP/2.0/UDP h;x=");
    filled.lines.back() += std::string(size - filled.Text().size(), 'x');
    std::string answer;
    muster().user_agent_server.Answer(filled.Text(), source, clock().Now(), answer);
    return Reply::From(answer);
  };
  EXPECT_EQ(ask(65'535).bytes, "");  // not even a refusal fits
  EXPECT_EQ(ask(65'400).code, 403);  // the list does not
  EXPECT_EQ(muster().refusals.count(), 2U);
  EXPECT_EQ(CountAll(), 0U);
  EXPECT_EQ(ask(64'000).code, 200);
  EXPECT_EQ(CountAll(), 1U);
}

}  // namespace
}  // namespace muster::testing
