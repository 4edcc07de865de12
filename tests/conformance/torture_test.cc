// The torture messages of RFC 4475 over UDP and TCP. (Index of the table: torture_outcomes.cc.)

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "muster_under_test.h"
#include "torture_outcomes.h"

namespace muster::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class TortureTest : public MusterTest, public ::testing::WithParamInterface<TortureOutcome> {
 protected:
  void SetUp() override {
    MusterOptions options;
    options.registrar.domains = {"example.com", "example.org", "example.net"};
    options.limits.stream_message_timeout = absl::Milliseconds(300);
    Start(options);
  }

  /// The port that an answer to it goes to when it came as a datagram.
  static std::uint16_t SentByPort() {
    if (GetParam().name == "quotbal") return 5050;
    return GetParam().name == "mpart01" ? 5070 : 5060;
  }

  /// The message as it is on a stream: the file of baddn ends before the empty line.
  static std::string StreamMessage() {
    const std::string message = TortureMessage(GetParam().name);
    return GetParam().name == "baddn" ? message + "\r\n" : message;
  }

  /// What the table says of the bindings, and that the server still serves.
  void ExpectServingWith(std::size_t stored) {
    EXPECT_EQ(CountAll(), stored);
    UdpClient client(muster().udp());
    const Request good =
        RegisterOf("good@example.com", "good-" + NewBranch(), 1).Contact("<sip:good@192.0.2.1>");
    EXPECT_EQ(client.Ask(good).code, 200);
    EXPECT_EQ(Fetched("good@example.com").size(), 1U);
  }

  /// The answer, if there is to be one, and whether the connection then lives on.
  void ExpectOutcome(TcpClient& client) {
    const TortureOutcome& outcome = GetParam();
    if (outcome.over_tcp != 0) {
      EXPECT_EQ(client.Receive().code, outcome.over_tcp);
    }
    if (outcome.name == "dblreq") {  // the second message of the stream
      const Reply second = client.Receive();
      EXPECT_EQ(second.code, 405);
      EXPECT_EQ(second.Header("Call-ID"), "dblreq.0ha0isnda977644900765@192.0.2.15");
    }
    if (outcome.stream == Stream::kStays) {
      EXPECT_EQ(client.Ask(Options("behind")).Header("Call-ID"), "behind");
    } else {
      EXPECT_TRUE(client.IsClosed());
    }
  }
};

TEST_P(TortureTest, OverUdp) {
  const TortureOutcome& outcome = GetParam();
  const std::string message = TortureMessage(outcome.name);
  ASSERT_FALSE(message.empty());
  UdpClient client(muster().udp(), OwnLoopbackAddress(), SentByPort());
  ASSERT_EQ(client.local().port, SentByPort());
  client.Send(message);
  if (outcome.over_udp != 0) {
    const Reply reply = client.Receive();
    EXPECT_EQ(reply.code, outcome.over_udp) << reply.bytes;
    if (reply.code == 405 || reply.code == 501) {
      EXPECT_EQ(reply.Header("Allow"), "OPTIONS, REGISTER");
    }
  }
  EXPECT_TRUE(client.HeardNothing());
  ExpectServingWith(outcome.stored);
}

TEST_P(TortureTest, OverTcp) {
  TcpClient client(muster().tcp());
  client.Send(StreamMessage());
  ExpectOutcome(client);
  ExpectServingWith(GetParam().stored);
}

TEST_P(TortureTest, OverTcpByteByByte) {
  TcpClient client(muster().tcp());
  client.SendByteByByte(StreamMessage());
  ExpectOutcome(client);
  ExpectServingWith(GetParam().stored);
}

TEST_P(TortureTest, OverTcpGluedToAnother) {
  const TortureOutcome& outcome = GetParam();
  TcpClient client(muster().tcp());
  Request first = Options("first");
  Request last = Options("last");
  first.via = last.via = client.Via();
  client.Send(first.Text() + StreamMessage() + last.Text());
  EXPECT_EQ(client.Receive().Header("Call-ID"), "first");
  if (outcome.over_tcp != 0) {
    EXPECT_EQ(client.Receive().code, outcome.over_tcp);
  }
  if (outcome.name == "dblreq") {
    EXPECT_EQ(client.Receive().code, 405);
  }
  if (outcome.stream == Stream::kStays) {
    EXPECT_EQ(client.Receive().Header("Call-ID"), "last");
  } else {
    EXPECT_TRUE(client.IsClosed());  // `last` was never looked at
  }
  ExpectServingWith(outcome.stored);
}

INSTANTIATE_TEST_SUITE_P(Rfc4475, TortureTest,
                         ::testing::ValuesIn(TortureOutcomes().begin(), TortureOutcomes().end()),
                         [](const auto& test) { return std::string(test.param.name); });

class TortureDetailTest : public MusterTest {
 protected:
  Reply AskOverTcp(std::string_view name) {
    return TcpClient(muster().tcp()).Ask(TortureMessage(name));
  }
};

TEST_F(TortureDetailTest, EscnullKeepsBothContactsOfTheUserWithANul) {
  EXPECT_THAT(AskOverTcp("escnull").ContactUris(),
              ElementsAre("sip:%00%00@host5.example.com", "sip:%00@host5.example.com"));
  ExpectEveryView("null-%00-null@example.com",
                  {{"sip:%00%00@host5.example.com", 3600}, {"sip:%00@host5.example.com", 3600}});
  EXPECT_EQ(Listed("null-%00-null@example.com").size(), 2U);
}

TEST_F(TortureDetailTest, DblreqStoresTheFirstMessagesContact) {
  EXPECT_EQ(AskOverTcp("dblreq").code, 200);
  ExpectEveryView("j.user@example.com", {{"sip:j.user@host.example.com", 3600}});
}

TEST_F(TortureDetailTest, Cparam01IsAParameterOfTheContact) {
  EXPECT_EQ(AskOverTcp("cparam01").code, 200);
  ExpectEveryView("watson@example.com", {{"sip:+19725552222@gw1.example.net", 3600}});
  const Reply fetched = UdpClient(muster().udp()).Ask(RegisterOf("watson@example.com", "f", 1));
  ASSERT_EQ(fetched.Contacts().size(), 1U);
  EXPECT_TRUE(fetched.Contacts()[0].Has("unknownparam"));
}

TEST_F(TortureDetailTest, Cparam02IsAParameterOfTheUri) {
  EXPECT_EQ(AskOverTcp("cparam02").code, 200);
  ExpectEveryView("watson@example.com", {{"sip:+19725552222@gw1.example.net;unknownparam", 3600}});
  const Reply fetched = UdpClient(muster().udp()).Ask(RegisterOf("watson@example.com", "f", 1));
  ASSERT_EQ(fetched.Contacts().size(), 1U);
  EXPECT_FALSE(fetched.Contacts()[0].Has("unknownparam"));
}

TEST_F(TortureDetailTest, RegescrtKeepsTheUrisHeaders) {
  EXPECT_EQ(AskOverTcp("regescrt").code, 200);
  ExpectEveryView("user@example.com",
                  {{"sip:user@example.com?Route=%3Csip:sip.example.com%3E", 3600}});
}

TEST_F(TortureDetailTest, StreamWaitsForTheEmptyLineThatTheFileOfBaddnLacks) {
  MusterOptions options;
  options.limits.stream_message_timeout = absl::Milliseconds(300);
  Start(options);
  TcpClient client(muster().tcp());
  client.Send(TortureMessage("baddn"));
  EXPECT_TRUE(client.IsClosed());
  EXPECT_EQ(muster().sip.counters().messages, 0U);
}

TEST_F(TortureDetailTest, Bext01NamesTheRequiredExtensionsAlone) {
  EXPECT_THAT(SplitOutsideQuotes(AskOverTcp("bext01").Header("Unsupported"), ','),
              ElementsAre("nothingSupportsThis", "nothingSupportsThisEither"));
}

TEST_F(TortureDetailTest, LongreqAndTransportsGetTheirViasBackInOrder) {
  const Reply longreq = AskOverTcp("longreq");
  std::vector<std::string> hosts;
  for (const std::string& field : longreq.Headers("Via")) {
    for (const std::string& via : SplitOutsideQuotes(field, ',')) {
      const std::size_t begin = via.find(' ') + 1;
      hosts.push_back(via.substr(begin, via.find('.', begin) - begin));
    }
  }
  ASSERT_EQ(hosts.size(), 34U);
  for (std::size_t i = 0; i + 1 < hosts.size(); ++i) {
    EXPECT_EQ(hosts[i], "sip" + std::to_string(33 - i));
  }
  EXPECT_EQ(hosts.back(), "host");
  const Reply transports = AskOverTcp("transports");
  EXPECT_EQ(transports.Headers("Via").size(), 5U);
  EXPECT_THAT(transports.Headers("Via")[1], ::testing::StartsWith("SIP/2.0/SCTP t2.example.com"));
}

TEST_F(TortureDetailTest, WsinvIsEchoedCorrectly) {
  const Reply reply = AskOverTcp("wsinv");
  EXPECT_EQ(reply.Header("Call-ID"), "wsinv.ndaksdj@192.0.2.1");
  EXPECT_EQ(reply.ToTag(), "1918181833n");
  EXPECT_THAT(reply.Header("From"), ::testing::HasSubstr("98asjd8"));
  EXPECT_THAT(reply.Header("CSeq"), ::testing::EndsWith("INVITE"));
  EXPECT_EQ(reply.Headers("Via").size(), 2U);
}

TEST_F(TortureDetailTest, Esc02IsNotARegister) {
  const Reply reply = AskOverTcp("esc02");
  EXPECT_EQ(reply.code, 501);
  EXPECT_EQ(reply.Header("CSeq"), "29344 RE%47IST%45R");
}

TEST_F(TortureDetailTest, Scalar02IsRefusedForItsCSeqAlone) {
  const std::string message = TortureMessage("scalar02");
  const auto with = [&](std::string_view number, std::string_view instead) {
    std::string changed = message;
    changed.replace(changed.find(number), number.size(), instead);
    return changed;
  };
  EXPECT_EQ(TcpClient(muster().tcp()).Ask(message).code, 400);
  const std::string fine = with("36893488147419103232 REGISTER", "139122385 REGISTER");
  const Reply reply = TcpClient(muster().tcp()).Ask(fine);
  EXPECT_EQ(reply.code, 200) << reply.bytes;
  ASSERT_EQ(reply.Contacts().size(), 1U);
  EXPECT_EQ(reply.Contacts()[0].Expires(), 3600);
}

TEST_F(TortureDetailTest, BadbranchDoesNotMergeDifferentRequests) {
  const std::string message = TortureMessage("badbranch");
  std::string other = message;
  other.replace(other.find("badbranch."), 10, "different.");
  UdpClient client(muster().udp(), OwnLoopbackAddress(), 5060);
  const Reply first = client.Ask(message);
  const Reply second = client.Ask(other);
  EXPECT_EQ(first.code, 200);
  EXPECT_EQ(second.code, 200);
  EXPECT_THAT(second.Header("Call-ID"), ::testing::StartsWith("different."));
}

TEST_F(TortureDetailTest, RegisterWithMaxForwardsZeroIsServed) {
  const Reply reply = UdpClient(muster().udp())
                          .Ask(RegisterOf("a@example.com", "c", 1)
                                   .Line("Max-Forwards: 0")
                                   .Contact("<sip:a@192.0.2.1>"));
  EXPECT_EQ(reply.code, 200);
  EXPECT_EQ(CountAll(), 1U);
}

}  // namespace
}  // namespace muster::testing
