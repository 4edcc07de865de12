// Answers over TCP wait for the journal.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "commit_fixture.h"

namespace muster::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::chrono::milliseconds kAMoment{50};

class StreamCommitTest : public HeldMusterTest {
 protected:
  static Request From(const TcpClient& client, Request request) {
    request.via = client.Via();
    return request;
  }
  /// Sends what changes something, and returns when its answer waits.
  void SendAndAwait(TcpClient& client, const std::string& bytes) {
    const std::size_t requests = commits().requests();
    client.Send(bytes);
    ASSERT_TRUE(commits().AwaitRequests(requests + 1));
  }
  void SendAndAwait(TcpClient& client, Request request) {
    SendAndAwait(client, From(client, std::move(request)).Text());
  }
  /// Its answer goes to `acceptor` when the connection is gone.
  static Request ViaElsewhere(Request request, const TcpAcceptor& acceptor) {
    request.via = "SIP/2.0/TCP gone.example.com:" + std::to_string(acceptor.local().port) +
                  ";branch=" + NewBranch();
    return request;
  }
  /// When it returns the loop has done all that it was to do before.
  void AwaitTurn() { EXPECT_EQ(TcpClient(muster().tcp()).Ask(Options("turn")).code, 200); }
};

TEST_F(StreamCommitTest, AnswerComesOnceItsBatchIsStored) {
  TcpClient client(muster().tcp());
  SendAndAwait(client, Put(kAlice));
  EXPECT_FALSE(client.IsReadable(kAMoment));
  AwaitTurn();  // others are served
  EXPECT_EQ(Registers(200), 0U);
  Store();
  const Reply reply = client.Receive();
  EXPECT_EQ(reply.code, 200);
  EXPECT_THAT(reply.ContactUris(), ElementsAre("sip:alice@example.com:5061"));
  EXPECT_EQ(Registers(200), 1U);
  EXPECT_EQ(client.Ask(Options("next")).code, 200);
}

TEST_F(StreamCommitTest, WithdrawnAnswerIsA500AndTheStreamGoesOn) {
  TcpClient client(muster().tcp());
  SendAndAwait(client, Put(kAlice));
  Lose();
  const Reply reply = client.Receive();
  EXPECT_EQ(reply.code, 500);
  EXPECT_EQ(reply.Header("Content-Length"), "0");
  EXPECT_FALSE(reply.Has("Contact"));
  EXPECT_EQ(Registers(500), 1U);
  EXPECT_EQ(Registers(200), 0U);
  EXPECT_EQ(client.Ask(Options("next")).code, 200);
  EXPECT_THAT(LookedUp(kAlice), IsEmpty());
}

TEST_F(StreamCommitTest, AnswersStayInOrderWhateverBecomesOfThem) {
  TcpClient client(muster().tcp());
  std::string segment;
  for (const char* user : {"a", "b", "c", "d", "e"}) {
    segment += From(client, Put(user + std::string("@h"))).Text();
    segment += From(client, Options("behind-" + std::string(user))).Text() + "\r\n\r\n";
  }
  TakeAfterEach(5);
  ASSERT_NO_FATAL_FAILURE(SendAndAwait(client, segment));
  AwaitTurn();
  const auto expect = [&](const std::string& user, int code) {
    const Reply reply = client.Receive();
    EXPECT_EQ(reply.Header("Call-ID"), "put-" + user + "@h");
    EXPECT_EQ(reply.code, code);
    EXPECT_EQ(reply.Contacts().size(), code == 200 ? 1U : 0U);
    EXPECT_EQ(client.Receive().Header("Call-ID"), "behind-" + user);
    EXPECT_EQ(client.ReceiveBytes(2), "\r\n");
  };
  EXPECT_FALSE(client.IsReadable(kAMoment));
  commits().Fail(1);
  expect("a", 500);
  EXPECT_FALSE(client.IsReadable(kAMoment));
  commits().Settle(2);
  commits().Fail(4);
  commits().Settle(5);
  expect("b", 200);
  expect("c", 500);
  expect("d", 500);
  expect("e", 200);
  EXPECT_EQ(client.Ask(Options("next")).code, 200);
  EXPECT_EQ(Registers(200), 2U);
  EXPECT_EQ(Registers(500), 3U);
}

TEST_F(StreamCommitTest, EveryMixOfOutcomesLeavesTheFramingIntact) {
  for (unsigned failed = 0; failed < 16; ++failed) {
    StartHeld({});
    TcpClient client(muster().tcp());
    std::string segment;
    for (std::uint32_t i = 0; i < 4; ++i) {
      segment += From(client, Put("user" + std::to_string(i) + "@h", i + 1)).Text();
    }
    TakeAfterEach(4);
    ASSERT_NO_FATAL_FAILURE(SendAndAwait(client, segment));
    for (unsigned i = 0; i < 4; ++i) {
      (failed >> i & 1U) != 0 ? commits().Fail(i + 1) : commits().Settle(i + 1);
    }
    for (unsigned i = 0; i < 4; ++i) {
      const Reply reply = client.Receive();
      EXPECT_EQ(reply.Header("CSeq"), std::to_string(i + 1) + " REGISTER");
      EXPECT_EQ(reply.code, (failed >> i & 1U) != 0 ? 500 : 200);
    }
    EXPECT_FALSE(client.IsReadable(std::chrono::milliseconds(0)));
  }
}

TEST_F(StreamCommitTest, AnswersBeyondTheSendQueueWaitAndNothingIsLost) {
  MusterOptions options;
  options.limits.max_stream_send_queue_bytes = 1;  // one answer at a time
  StartHeld(options);
  TcpClient client(muster().tcp());
  std::string segment;
  for (std::uint32_t i = 1; i <= 5; ++i) segment += From(client, Put(kAlice, i)).Text();
  ASSERT_NO_FATAL_FAILURE(SendAndAwait(client, segment));
  for (std::uint32_t i = 1; i <= 5; ++i) {
    EXPECT_TRUE(commits().AwaitRequests(i));
    EXPECT_EQ(muster().sip.counters().messages, i);
    Store();
    const Reply reply = client.Receive();
    EXPECT_EQ(reply.code, 200);
    EXPECT_EQ(reply.Header("CSeq"), std::to_string(i) + " REGISTER");
  }
}

TEST_F(StreamCommitTest, ChangeIsCommittedEvenIfThePeerDoesNotReadItsAnswers) {
  constexpr std::uint32_t kFetches = 160;
  MusterOptions options;
  options.registrar.max_contacts = 20;
  options.limits.max_stream_send_queue_bytes = std::size_t{64} << 20;
  StartHeld(options);
  TcpClient setup(muster().tcp());
  for (std::uint32_t i = 1; i <= 15; ++i) {
    const std::string contact = "<sip:a@h:" + std::to_string(i) + ">;x=" + std::string(3'800, 'x');
    SendAndAwait(setup, RegisterOf(kAlice, "c", i).Contact(contact));
    Store();
    EXPECT_EQ(setup.Receive().code, 200);
  }
  // More answers than the kernels hold, and behind them, in the same turn, one that is held.
  TcpClient client(muster().tcp(), 4'096);
  EXPECT_EQ(client.Ask(Options("connected")).code, 200);
  const std::size_t requests = commits().requests();
  std::string segment;
  for (std::uint32_t i = 1; i <= kFetches; ++i) {
    segment += From(client, RegisterOf(kAlice, "f", i)).Text();
  }
  segment += From(client, Put(kBob)).Text();
  clock().Hold();
  client.Send(segment);
  clock().WaitForCaller();
  clock().Release();
  EXPECT_TRUE(commits().AwaitRequests(requests + 1));
  EXPECT_EQ(LookedUp(kBob).size(), 1U);
  Lose();
  for (std::uint32_t i = 1; i <= kFetches; ++i) {
    ASSERT_EQ(client.Receive().Headers("Contact").size(), 15U);
  }
  EXPECT_EQ(client.Receive().code, 500);
}

TEST_F(StreamCommitTest, PeerThatHasClosedItsSideStillGetsItsAnswer) {
  TcpClient client(muster().tcp());
  SendAndAwait(client, Put(kAlice));
  client.FinishSending();
  AwaitTurn();
  Store();
  EXPECT_EQ(client.Receive().code, 200);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(StreamCommitTest, AnswerOfAConnectionThatIsGoneGoesElsewhere) {
  for (const bool reset : {false, true}) {
    for (const int code : {200, 500}) {
      StartHeld({});
      TcpAcceptor acceptor("127.0.0.1");
      TcpClient client(muster().tcp());
      SendAndAwait(client, ViaElsewhere(Put(kAlice), acceptor).Text());
      reset ? client.Reset() : client.Close();
      code == 200 ? Store() : Lose();
      EXPECT_EQ(Reply::From(acceptor.AcceptAndReadAll()).code, code);
    }
  }
}

TEST_F(StreamCommitTest, AnswersOfAConnectionThatIsGoneGoElsewhereTogether) {
  for (const bool reset : {false, true}) {
    StartHeld({});
    TcpAcceptor acceptor("127.0.0.1");
    TcpClient client(muster().tcp());
    TakeAfterEach(2);
    SendAndAwait(client, ViaElsewhere(Put(kAlice), acceptor).Text() +
                             ViaElsewhere(Put(kBob), acceptor).Text());
    reset ? client.Reset() : client.Close();
    commits().Fail(1);
    AwaitTurn();
    AwaitTurn();
    commits().Settle(2);
    const std::string bytes = acceptor.AcceptAndReadAll();
    const std::size_t end = std::min(bytes.find("\r\n\r\n"), bytes.size() - 4) + 4;
    const Reply first = Reply::From(bytes.substr(0, end));
    const Reply second = Reply::From(bytes.substr(end));
    EXPECT_EQ(first.code, 500);
    EXPECT_EQ(second.code, 200);
    EXPECT_THAT(second.ContactUris(), ElementsAre("sip:bob@example.com:5061"));
  }
}

TEST_F(StreamCommitTest, ConnectionsThatAreGoneWhileTheyWaitLeaveNothingBehind) {
  for (std::uint32_t i = 1; i <= 20; ++i) {
    TcpClient client(muster().tcp());
    ASSERT_NO_FATAL_FAILURE(SendAndAwait(client, From(client, Put(kAlice, 2 * i - 1)).Text() +
                                                     From(client, Put(kAlice, 2 * i)).Text()));
    i % 2 == 0 ? client.Reset() : client.Close();
  }
  AwaitTurn();
  Lose();
  AwaitTurn();
  location().AcceptChanges();
  TcpClient next(muster().tcp());
  SendAndAwait(next, Put(kAlice));
  Store();
  EXPECT_EQ(next.Receive().code, 200);
}

TEST_F(StreamCommitTest, IdleConnectionIsClosedThoughItsAnswerWaits) {
  MusterOptions options;
  options.limits.stream_idle_timeout = absl::Milliseconds(200);
  StartHeld(options);
  TcpClient client(muster().tcp());
  SendAndAwait(client, Put(kAlice));
  EXPECT_TRUE(client.IsClosed());
  Lose();
  AwaitTurn();
}

TEST_F(StreamCommitTest, WaitingForTheJournalIsNotThePeersSlowness) {
  MusterOptions options;
  options.limits.stream_message_timeout = absl::Milliseconds(500);
  StartHeld(options);
  TcpClient client(muster().tcp());
  const std::string behind = From(client, Options("behind")).Text();
  SendAndAwait(client, From(client, Put(kAlice)).Text() + behind.substr(0, 20));
  client.Send(behind.substr(20, 20));
  EXPECT_FALSE(client.IsReadable(std::chrono::milliseconds(800)));
  Store();
  EXPECT_EQ(client.Receive().code, 200);
  EXPECT_FALSE(client.IsReadable(std::chrono::milliseconds(200)));
  client.Send(behind.substr(40));
  EXPECT_EQ(client.Receive().Header("Call-ID"), "behind");
  client.Send(behind.substr(0, 20));
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(StreamCommitTest, OutcomeThatComesWhileTheLoopLooksForItIsNotMissed) {
  std::size_t looks = 0;
  for (bool looked = true; looked;) {
    StartHeld({});
    std::atomic<bool> settled{false};
    commits().AfterLooks(++looks, [&] {
      commits().SettleAll();
      settled = true;
    });
    TcpClient client(muster().tcp());
    client.Send(Put(kAlice));
    bool answered = client.IsReadable(std::chrono::milliseconds(300));
    looked = settled;
    if (looked) {
      EXPECT_EQ(client.Receive().code, 200) << looks;
    } else {
      EXPECT_FALSE(answered);
    }
  }
  EXPECT_GT(looks, 3U);  // when it is served, before it is sent, and once it is waited for
}

TEST_F(StreamCommitTest, OutcomeThatComesWhileAnotherIsDealtWithIsNotMissed) {
  std::size_t looks = 0;
  for (bool looked = true; looked;) {
    StartHeld({});
    TcpClient first(muster().tcp());
    TcpClient second(muster().tcp());
    SendAndAwait(first, Put(kAlice));
    Take();
    SendAndAwait(second, Put(kBob));
    Take();
    AwaitTurn();
    AwaitTurn();
    std::atomic<bool> settled{false};
    commits().AfterLooks(++looks, [&] {
      commits().Settle(2);
      settled = true;
    });
    commits().Settle(1);
    EXPECT_EQ(first.Receive().code, 200);
    AwaitTurn();
    looked = settled;
    if (looked) {
      EXPECT_EQ(second.Receive().code, 200) << looks;
    }
  }
  EXPECT_GT(looks, 1U);
}

/// Stops the server on a thread of its own, and gets to where it waits.
std::thread BeginToStop(Muster& muster, HeldCommits& commits) {
  std::thread stopping([&muster] { muster.sip.Stop(); });
  EXPECT_TRUE(commits.AwaitWaiter());
  return stopping;
}

TEST_F(StreamCommitTest, StopSendsWhatWaitsOnceItIsSettled) {
  TcpClient first(muster().tcp());
  TcpClient second(muster().tcp());
  SendAndAwait(first, Put(kAlice));
  Take();
  SendAndAwait(second, Put(kBob));
  Take();
  std::thread stopping = BeginToStop(muster(), commits());
  EXPECT_FALSE(first.IsReadable(kAMoment));
  EXPECT_FALSE(second.IsReadable(kAMoment));
  commits().Settle(1);
  commits().Fail(2);
  stopping.join();
  EXPECT_EQ(first.Receive().code, 200);
  EXPECT_EQ(second.Receive().code, 500);
  EXPECT_TRUE(first.IsClosed());
  EXPECT_TRUE(second.IsClosed());
}

TEST_F(StreamCommitTest, StopAnswersWhatWasReceivedWhileAnAnswerWaited) {
  TcpClient client(muster().tcp());
  SendAndAwait(client, Put(kAlice));
  client.Send(Options("behind"));
  client.Send(Put(kBob));
  AwaitTurn();
  std::thread stopping = BeginToStop(muster(), commits());
  commits().SettleAll();
  stopping.join();
  EXPECT_EQ(client.Receive().code, 200);
  EXPECT_EQ(client.Receive().Header("Call-ID"), "behind");
  EXPECT_EQ(client.Receive().code, 200);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(StreamCommitTest, StopWaitsForAllAnswersOfAConnectionInWhateverOrderTheirBatchesAre) {
  // A fetch may have to wait for an earlier batch than the change before it.
  TcpClient setup(muster().tcp());
  SendAndAwait(setup, Put(kAlice));
  EXPECT_EQ(Take(), 1U);
  TcpClient client(muster().tcp());
  SendAndAwait(client, From(client, Put(AorOfOtherShard())).Text() +
                           From(client, RegisterOf(kAlice, "fetch", 1)).Text());
  EXPECT_EQ(Take(), 2U);
  std::thread stopping = BeginToStop(muster(), commits());
  commits().Settle(1);
  EXPECT_FALSE(client.IsReadable(kAMoment));
  commits().Settle(2);
  stopping.join();
  EXPECT_EQ(client.Receive().code, 200);
  EXPECT_EQ(client.Receive().ContactUris(), std::vector<std::string>{"sip:alice@example.com:5061"});
  EXPECT_TRUE(client.IsClosed());
}

}  // namespace
}  // namespace muster::testing
