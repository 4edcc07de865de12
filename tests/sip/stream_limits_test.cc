// Each limit on stream connections, reached.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/conformance/heap.h"
#include "tests/conformance/muster_under_test.h"

namespace muster::testing {
namespace {

class StreamLimitsTest : public MusterTest {};

TEST_F(StreamLimitsTest, ConnectionsBeyondTheMostAreClosedAtOnce) {
  MusterOptions options;
  options.limits.max_stream_connections = 3;
  Start(options);
  std::vector<std::unique_ptr<TcpClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<TcpClient>(muster().tcp()));
    EXPECT_EQ(clients.back()->Ask(Options("c" + std::to_string(i))).code, 200);
  }
  EXPECT_TRUE(TcpClient(muster().tcp()).IsClosed());
  EXPECT_EQ(muster().sip.counters().connections_refused, 1U);
  for (const auto& client : clients) EXPECT_EQ(client->Ask(Options("still")).code, 200);

  // One that goes makes room, as soon as the server has noticed.
  clients.pop_back();
  int code = 0;
  for (int attempt = 0; attempt < 1'000 && code == 0; ++attempt) {
    code = TcpClient(muster().tcp()).Ask(Options("next")).code;
  }
  EXPECT_EQ(code, 200);
}

TEST_F(StreamLimitsTest, IdleConnectionIsClosedAndABusyOneIsNot) {
  MusterOptions options;
  options.limits.stream_idle_timeout = absl::Seconds(1);
  Start(options);
  TcpClient idle(muster().tcp());
  TcpClient busy(muster().tcp());
  EXPECT_EQ(idle.Ask(Options("once")).code, 200);
  const auto begin = std::chrono::steady_clock::now();
  while (!idle.IsReadable(std::chrono::milliseconds(100)) &&
         std::chrono::steady_clock::now() - begin < kPatience) {
    busy.Send("\r\n\r\n");
    ASSERT_EQ(busy.ReceiveBytes(2), "\r\n");
  }
  EXPECT_TRUE(idle.IsClosed());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(900));
  EXPECT_EQ(busy.Ask(Options("busy")).code, 200);
}

TEST_F(StreamLimitsTest, MessageBegunMustComeWholeInTime) {
  MusterOptions options;
  options.limits.stream_message_timeout = absl::Milliseconds(500);
  Start(options);
  TcpClient waiting(muster().tcp());    // has begun nothing
  TcpClient half_ping(muster().tcp());  // nor has this one: a CRLF alone is no message
  EXPECT_EQ(waiting.Ask(Options("whole")).code, 200);
  half_ping.Send("\r\n");
  const auto begin = std::chrono::steady_clock::now();
  TcpClient in_header(muster().tcp());
  in_header.Send("REGISTER sip:example.com SIP/2.0\r\nVia:");
  TcpClient in_body(muster().tcp());
  Request request = Options("cut");
  request.via = in_body.Via();
  request.body = "0123456789";
  const std::string text = request.Text();
  in_body.Send(text.substr(0, text.size() - 1));
  EXPECT_TRUE(in_header.IsClosed());
  EXPECT_TRUE(in_body.IsClosed());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(450));
  EXPECT_EQ(waiting.Ask(Options("again")).code, 200);
  EXPECT_EQ(half_ping.Ask(Options("after-crlf")).code, 200);
}

TEST_F(StreamLimitsTest, SlowSenderCannotKeepAMessageOpen) {
  MusterOptions options;
  options.limits.stream_message_timeout = absl::Milliseconds(500);
  Start(options);
  TcpClient slow(muster().tcp());
  const std::string text = "REGISTER sip:example.com SIP/2.0\r\nSubject: ";
  slow.Send(text);
  // A byte now and then is no progress that counts.
  const auto begin = std::chrono::steady_clock::now();
  while (!slow.IsReadable(std::chrono::milliseconds(50)) &&
         std::chrono::steady_clock::now() - begin < kPatience) {
    slow.Send("x");
  }
  EXPECT_TRUE(slow.IsClosed());
}

TEST_F(StreamLimitsTest, WhatIsNoMessageEndsTheStreamAlsoAfterAPause) {
  MusterOptions options;
  options.limits.max_stream_send_queue_bytes = 1;  // pauses reading after each answer
  Start(options);
  TcpClient client(muster().tcp());
  Request request = Options("first");
  request.via = client.Via();
  EXPECT_EQ(client.Ask(request.Text() + "no message\r\n\r\n").Header("Call-ID"), "first");
  EXPECT_TRUE(client.IsClosed());
}

/// Connects anew until it is served, and says how long that took.
std::chrono::milliseconds UntilServed(const HostPort& server) {
  const auto begin = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 begin);
  };
  while (TcpClient(server).Ask(Options("served")).code != 200 && elapsed() < kPatience) {
  }
  return elapsed();
}

TEST_F(StreamLimitsTest, PeerThatNeverEndsItsSideIsNotWatchedForLong) {
  MusterOptions options;
  options.limits.max_stream_connections = 1;
  options.limits.stream_reset_watch = absl::Milliseconds(500);
  Start(options);
  TcpClient client(muster().tcp());
  EXPECT_EQ(client.Ask("no message\r\n\r\n").code, 0);  // refused, and our side stays open
  const auto waited = UntilServed(muster().tcp());
  EXPECT_GE(waited, std::chrono::milliseconds(300));
  EXPECT_LT(waited, kPatience);
  EXPECT_GE(muster().sip.counters().connections_refused, 1U);
}

TEST_F(StreamLimitsTest, AnswerThatCannotBeTakenElsewhereIsGivenUp) {
  MusterOptions options;
  options.limits.max_stream_connections = 1;
  options.limits.stream_elsewhere_timeout = absl::Milliseconds(500);
  Start(options);
  TcpAcceptor busy("127.0.0.1", 0, 0);
  TcpClient first_in_its_queue(busy.local());  // and the last: further ones hear nothing
  TcpClient client(muster().tcp());
  EXPECT_EQ(client.Ask(Options("connected")).code, 200);
  Request request = Options("gone");
  request.via = "SIP/2.0/TCP 127.0.0.1:" + std::to_string(busy.local().port) + ";branch=z9hG4bK1";
  clock().Hold();
  client.Send(request);
  clock().WaitForCaller();
  client.Reset();
  clock().Release();
  const auto waited = UntilServed(muster().tcp());  // an answer under way counts as a connection
  EXPECT_GE(waited, std::chrono::milliseconds(300));
  EXPECT_LT(waited, kPatience);
}

TEST_F(StreamLimitsTest, PeerThatDoesNotReadIsNotReadFromAndLosesNothing) {
  MusterOptions options;
  options.limits.max_stream_send_queue_bytes = 16'384;
  Start(options);
  // Answers of some 3 kB to requests of some 300 bytes.
  UdpClient setup(muster().udp());
  for (std::uint32_t i = 1; i <= 8; ++i) {
    setup.Ask(
        RegisterOf("alice@example.com", "c" + std::to_string(i), i)
            .Contact("<sip:alice@192.0.2.1:" + std::to_string(i) + ">;x=" + std::string(300, 'x')));
  }
  constexpr std::size_t kRequests = 60'000;
  TcpClient client(muster().tcp(), 4'096);
  const auto text = [&](std::size_t i) {
    Request request = RegisterOf("alice@example.com", "fetch", static_cast<std::uint32_t>(i));
    request.via = "SIP/2.0/TCP client.example.com;branch=z9hG4bK1";
    return request.Text();
  };
  const std::uint64_t served_before = muster().sip.counters().messages;
  const std::size_t heap_before = HeapBytes();
  std::string unsent;
  std::size_t begun = 0;
  bool blocked = false;
  while (begun < kRequests && !blocked) {
    unsent += text(++begun);
    while (!unsent.empty() && !blocked) {
      const std::size_t sent = client.SendSome(unsent, std::chrono::milliseconds(1'000));
      blocked = sent == 0;
      unsent.erase(0, sent);
    }
  }
  ASSERT_TRUE(blocked) << "the server read on though nobody read its answers";
  EXPECT_LT(muster().sip.counters().messages - served_before, begun);
  EXPECT_LT(HeapBytes(), heap_before + (std::size_t{1} << 20));
  // Others are served meanwhile.
  EXPECT_EQ(TcpClient(muster().tcp()).Ask(Options("other")).code, 200);

  // Once it reads, it gets every answer, in order.
  for (std::size_t i = 1; i <= begun; ++i) {
    const Reply reply = client.Receive();
    ASSERT_EQ(reply.Header("CSeq"), std::to_string(i) + " REGISTER");
    ASSERT_EQ(reply.Headers("Contact").size(), 8U);
    if (!unsent.empty()) {
      unsent.erase(0, client.SendSome(unsent, std::chrono::milliseconds(0)));
    }
  }
  EXPECT_TRUE(unsent.empty());
  EXPECT_EQ(client.Ask(Options("end")).Header("Call-ID"), "end");
}

}  // namespace
}  // namespace muster::testing
