// Answers over UDP wait for the journal.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "commit_fixture.h"
#include "muster/parser/message.h"

namespace muster::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::size_t kWaitingBatches = core::Limits::kUdpWaitingBatches;
constexpr std::chrono::milliseconds kAMoment{50};

class UdpCommitTest : public HeldMusterTest {
 protected:
  /// Sends what changes something, and returns when its answer waits.
  void SendAndAwait(UdpClient& client, Request request) {
    const std::size_t requests = commits().requests();
    client.Send(std::move(request));
    ASSERT_TRUE(commits().AwaitRequests(requests + 1));
  }
  /// Sends a REGISTER and its retransmission, and sees that neither is answered.
  Request SendTwice(UdpClient& client) {
    Request request = Put(kAlice);
    request.via = client.Via();
    client.Send(request);
    client.Send(request);
    EXPECT_TRUE(client.HeardNothing());
    return request;
  }
};

TEST_F(UdpCommitTest, AnswerComesOnceItsBatchIsStored) {
  UdpClient client(muster().udp());
  client.Send(Put(kAlice));
  EXPECT_TRUE(client.HeardNothing());
  EXPECT_EQ(commits().requests(), 1U);
  EXPECT_EQ(Registers(200), 0U);
  EXPECT_THAT(LookedUp(kAlice), ElementsAre(Held{"sip:alice@example.com:5061", 600}));
  Store();
  const Reply reply = client.Receive();
  EXPECT_EQ(reply.code, 200);
  EXPECT_THAT(reply.ContactUris(), ElementsAre("sip:alice@example.com:5061"));
  EXPECT_EQ(Registers(200), 1U);
  EXPECT_TRUE(client.HeardNothing());
}

TEST_F(UdpCommitTest, WhatTellsOfNoChangeComesAtOnce) {
  MusterOptions options;
  options.registrar.max_contacts = 1;
  options.registrar.domains = {"example.com"};
  StartHeld(options);
  UdpClient phone(muster().udp());
  SendAndAwait(phone, Put(kAlice));
  UdpClient other(muster().udp());
  EXPECT_EQ(other.Ask(Options("options")).code, 200);
  EXPECT_EQ(other.Ask(RegisterOf(kAlice, "brief", 1).Contact("<sip:a@h>;expires=1")).code, 423);
  EXPECT_EQ(other.Ask(RegisterOf(kAlice, "second", 1).Contact("<sip:second@h>")).code, 403);
  EXPECT_EQ(other.Ask(RegisterOf(kAlice, "bad", 1).Contact("<sip:a@>")).code, 400);
  EXPECT_EQ(other.Ask(RegisterOf("alice@elsewhere.org", "foreign", 1)).code, 404);
  EXPECT_EQ(Registers(423), 1U);
  EXPECT_TRUE(phone.HeardNothing());
  Store();
  EXPECT_EQ(phone.Receive().code, 200);
}

TEST_F(UdpCommitTest, WithdrawnAnswerIsA500OfTheSameTransaction) {
  UdpClient client(muster().udp());
  Request request = Put(kAlice).Line("Via: SIP/2.0/UDP behind.example.com;branch=z9hG4bKbehind");
  request.via = client.Via();
  SendAndAwait(client, request);
  Lose();
  const Reply reply = client.Receive();
  EXPECT_EQ(reply.code, 500);
  EXPECT_EQ(reply.reason, "Server Internal Error");
  EXPECT_EQ(reply.ViaParam("received"), "127.0.0.1");
  EXPECT_EQ(reply.ViaParam("rport"), std::to_string(client.local().port));
  EXPECT_EQ(reply.Headers("Via").back(), "SIP/2.0/UDP behind.example.com;branch=z9hG4bKbehind");
  EXPECT_EQ(reply.Header("From"), request.from);
  EXPECT_EQ(reply.Header("To").substr(0, request.to.size()), request.to);
  EXPECT_NE(reply.ToTag(), "");
  EXPECT_EQ(reply.Header("Call-ID"), request.call_id);
  EXPECT_EQ(reply.Header("CSeq"), "1 REGISTER");
  EXPECT_EQ(reply.Header("Content-Length"), "0");
  EXPECT_FALSE(reply.Has("Contact"));
  EXPECT_EQ(reply.body, "");
  parser::Message message;
  EXPECT_EQ(parser::ParseMessage(reply.bytes, parser::Framing::kDatagram, message).outcome,
            parser::ParseOutcome::kComplete);
  EXPECT_FALSE(message.is_request);
  EXPECT_EQ(Registers(500), 1U);
  EXPECT_EQ(Registers(200), 0U);
}

TEST_F(UdpCommitTest, RetransmissionIsNotAnsweredBeforeTheFirstIs) {
  UdpClient client(muster().udp());
  const Request request = SendTwice(client);
  Store();
  const Reply first = client.Receive();
  EXPECT_EQ(first.code, 200);
  EXPECT_TRUE(client.HeardNothing());
  EXPECT_EQ(client.Ask(request).bytes, first.bytes);
  EXPECT_EQ(muster().sip.counters().retransmissions, 2U);
  EXPECT_EQ(Registers(200), 1U);
}

TEST_F(UdpCommitTest, RetransmissionOfAWithdrawnOneGetsItsVery500) {
  UdpClient client(muster().udp());
  const Request request = SendTwice(client);
  Lose();
  const Reply first = client.Receive();
  EXPECT_EQ(first.code, 500);
  EXPECT_TRUE(client.HeardNothing());
  EXPECT_EQ(client.Ask(request).bytes, first.bytes);
  EXPECT_EQ(Registers(500), 1U);
  // The same wish anew is another transaction.
  location().AcceptChanges();
  SendAndAwait(client, Put(kAlice, 2));
  Store();
  EXPECT_EQ(client.Receive().code, 200);
}

TEST_F(UdpCommitTest, WhoeverSawAnUncommittedChangeWaitsForItToo) {
  UdpClient phone(muster().udp());
  UdpClient other(muster().udp());
  SendAndAwait(phone, Put(kAlice));
  other.Send(RegisterOf(kAlice, "fetch", 1));
  EXPECT_TRUE(other.HeardNothing());
  EXPECT_TRUE(phone.HeardNothing());
  Lose();
  EXPECT_EQ(phone.Receive().code, 500);
  const Reply fetched = other.Receive();
  EXPECT_EQ(fetched.code, 500);
  EXPECT_FALSE(fetched.Has("Contact"));
  EXPECT_THAT(Fetched(kAlice), IsEmpty());
}

TEST_F(UdpCommitTest, FetchOfWhatIsStoredComesAtOnce) {
  UdpClient phone(muster().udp());
  SendAndAwait(phone, Put(kAlice));
  Store();
  EXPECT_EQ(phone.Receive().code, 200);
  EXPECT_EQ(Fetched(kAlice).size(), 1U);
  EXPECT_EQ(commits().requests(), 1U);
}

TEST_F(UdpCommitTest, EachAnswerOfABatchOfDatagramsHasTheOutcomeOfItsOwnChange) {
  UdpClient client(muster().udp());
  clock().Hold();
  client.Send(Options("holds"));
  clock().WaitForCaller();
  for (const char* user : {"a", "b", "c", "d"}) client.Send(Put(user + std::string("@h")));
  client.Send(Options("at once"));
  TakeAfterEach(4);
  clock().Release();
  EXPECT_EQ(client.Receive().Header("Call-ID"), "holds");
  EXPECT_EQ(client.Receive().Header("Call-ID"), "at once");
  commits().Settle(1);
  commits().Fail(2);
  commits().Settle(3);
  commits().Fail(4);
  for (const auto& [call_id, code] : {std::pair("put-a@h", 200), std::pair("put-b@h", 500),
                                      std::pair("put-c@h", 200), std::pair("put-d@h", 500)}) {
    const Reply reply = client.Receive();
    EXPECT_EQ(reply.Header("Call-ID"), call_id);
    EXPECT_EQ(reply.code, code);
    EXPECT_EQ(reply.Contacts().size(), code == 200 ? 1U : 0U);
  }
  EXPECT_EQ(Registers(200), 2U);
  EXPECT_EQ(Registers(500), 2U);
}

TEST_F(UdpCommitTest, DatagramsOfOneBatchWaitForTheLastOfTheirBatchesInWhateverOrder) {
  // A fetch may have to wait for an earlier batch than the change before it.
  UdpClient phone(muster().udp());
  SendAndAwait(phone, Put(kAlice));
  EXPECT_EQ(Take(), 1U);
  UdpClient client(muster().udp());
  clock().Hold();
  client.Send(Options("holds"));
  clock().WaitForCaller();
  client.Send(Put(AorOfOtherShard()));
  client.Send(RegisterOf(kAlice, "fetch", 1));
  clock().Release();
  EXPECT_EQ(client.Receive().Header("Call-ID"), "holds");
  EXPECT_TRUE(commits().AwaitRequests(2));
  EXPECT_EQ(Take(), 2U);
  commits().Settle(1);
  EXPECT_EQ(phone.Receive().code, 200);
  EXPECT_TRUE(client.HeardNothing());
  commits().Fail(2);
  EXPECT_EQ(client.Receive().code, 500);
  EXPECT_THAT(client.Receive().ContactUris(), ElementsAre("sip:alice@example.com:5061"));
}

TEST_F(UdpCommitTest, BeyondTheMostWaitingBatchesTheWorkerReceivesNoMoreAndLosesNothing) {
  constexpr std::uint32_t kBehind = 200;  // REGISTERs that the kernel keeps
  UdpClient client(muster().udp());
  for (std::uint32_t i = 1; i <= kWaitingBatches; ++i) {
    ASSERT_NO_FATAL_FAILURE(SendAndAwait(client, Put(kAlice, i)));
    EXPECT_EQ(Take(), i);
  }
  UdpClient other(muster().udp());
  other.Send(Options("behind"));
  for (std::uint32_t i = 1; i <= kBehind; ++i) {
    client.Send(Put(kAlice, static_cast<std::uint32_t>(kWaitingBatches) + i));
  }
  EXPECT_FALSE(other.ReceiveDatagram(kAMoment));
  EXPECT_EQ(muster().sip.counters().messages, kWaitingBatches);
  EXPECT_EQ(TcpClient(muster().tcp()).Ask(Options("stream")).code, 200);

  commits().Settle(1);
  EXPECT_EQ(client.Receive().Header("CSeq"), "1 REGISTER");
  EXPECT_EQ(other.Receive().Header("Call-ID"), "behind");
  EXPECT_FALSE(client.ReceiveDatagram(kAMoment));
  commits().SettleAll();
  for (std::uint32_t i = 2; i <= kWaitingBatches + kBehind; ++i) {
    const Reply reply = client.Receive();
    ASSERT_EQ(reply.Header("CSeq"), std::to_string(i) + " REGISTER");
    ASSERT_EQ(reply.code, 200);
  }
  EXPECT_TRUE(client.HeardNothing());
}

TEST_F(UdpCommitTest, StopSendsWhatWaitsOnceItIsSettled) {
  UdpClient client(muster().udp());
  for (std::uint32_t i = 1; i <= kWaitingBatches; ++i) {
    ASSERT_NO_FATAL_FAILURE(SendAndAwait(client, Put(kAlice, i)));
    Take();
  }
  client.Send(Put(kAlice, 1'000));  // received, and not served yet
  std::thread stopping([this] { muster().sip.Stop(); });
  EXPECT_TRUE(commits().AwaitWaiter());
  EXPECT_FALSE(client.ReceiveDatagram(kAMoment));
  commits().Settle(kWaitingBatches - 1);
  commits().Fail(kWaitingBatches);
  for (std::uint32_t i = 1; i <= kWaitingBatches; ++i) {
    EXPECT_EQ(client.Receive().code, i == kWaitingBatches ? 500 : 200) << i;
  }
  commits().SettleAll();
  EXPECT_EQ(client.Receive().Header("CSeq"), "1000 REGISTER");
  stopping.join();
}

TEST_F(UdpCommitTest, OutcomeThatComesWhileTheWorkerLooksForItWakesIt) {
  std::size_t looks = 0;
  for (bool looked = true; looked;) {
    StartHeld({});
    std::atomic<bool> settled{false};
    commits().AfterLooks(++looks, [&] {
      commits().SettleAll();
      settled = true;
    });
    UdpClient client(muster().udp());
    client.Send(Put(kAlice));
    auto answer = client.ReceiveDatagram(std::chrono::milliseconds(300));
    looked = settled;
    if (looked && !answer) answer = client.ReceiveDatagram();
    EXPECT_EQ(answer.has_value(), looked) << looks;
  }
  EXPECT_GT(looks, 3U);  // when it is served, before receiving more, and before going to sleep
}

}  // namespace
}  // namespace muster::testing
