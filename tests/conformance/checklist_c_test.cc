// Transactions and transports, RFC 3261 sections 17 and 18, and RFC 3581. One test for each line of
// the checklist, and named after it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checklist.h"

namespace muster::testing {
namespace {

using ::testing::ElementsAre;

TEST_F(ChecklistC, C01_RetransmissionGetsTheSameBytesAndIsNotApplied) {
  UdpClient client(muster().udp());
  const auto updated_at = [&] {
    core::BindingPage page;
    muster().location.Lookup(core::Aor::Parse(kAlice).value(), clock().Now(), page);
    return page.size() == 1 ? page[0].updated_at : absl::InfinitePast();
  };
  for (std::uint32_t cseq = 1; cseq <= 3; ++cseq) {
    Request request = RegisterOf(kAlice, "c", cseq).Contact("<sip:alice@192.0.2.1>;expires=600");
    request.via = client.Via();
    const Reply first = client.Ask(request);
    EXPECT_EQ(first.code, 200);
    const absl::Time applied = updated_at();
    EXPECT_EQ(applied, clock().Now());
    for (int again = 0; again < 2; ++again) {
      clock().Advance(absl::Seconds(1));
      EXPECT_EQ(client.Ask(request).bytes, first.bytes);
      EXPECT_EQ(updated_at(), applied);
    }
  }
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 598}});
  EXPECT_EQ(muster().sip.counters().retransmissions, 6U);
  EXPECT_TRUE(muster().refusals.entries().empty());
}

TEST_F(ChecklistC, C01_RetransmittedRefusalIsTheSameBytesToo) {
  UdpClient client(muster().udp());
  Request brief = RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>;expires=1");
  brief.via = client.Via();
  const Reply first = client.Ask(brief);
  EXPECT_EQ(first.code, 423);
  EXPECT_EQ(client.Ask(brief).bytes, first.bytes);
  EXPECT_EQ(client.Ask(brief).bytes, first.bytes);
  EXPECT_EQ(muster().refusals.entries().size(), 1U);
}

TEST_F(ChecklistC, C02_WithoutRportTheAnswerGoesToTheSentByPort) {
  const std::string host = OwnLoopbackAddress();
  UdpClient sender(muster().udp(), host);
  UdpClient on_5060(muster().udp(), host, 5060);
  UdpClient on_other(muster().udp(), host, 5070);
  ASSERT_EQ(on_5060.local().port, 5060);
  const auto send = [&](const std::string& call_id, const std::string& sent_by) {
    Request request = Options(call_id);
    request.via = "SIP/2.0/UDP " + sent_by + ";branch=" + NewBranch();
    sender.Send(request);
  };
  send("no-port", host);
  Reply reply = on_5060.Receive();
  EXPECT_EQ(reply.Header("Call-ID"), "no-port");
  EXPECT_EQ(reply.Header("Via").find("received"), std::string::npos);

  send("with-port", host + ":5070");
  EXPECT_EQ(on_other.Receive().Header("Call-ID"), "with-port");

  // A sent-by that is not where it came from is told so, and the answer goes where it came from.
  for (const std::string other : {"phone.example.com:5070", "192.0.2.1:5070"}) {
    send(other, other);
    reply = on_other.Receive();
    EXPECT_EQ(reply.Header("Call-ID"), other);
    EXPECT_EQ(reply.ViaParam("received"), host);
    EXPECT_EQ(reply.Header("Via").find("rport"), std::string::npos);
  }
  // A received of the sender's own is not believed.
  send("lying", host + ":5070;received=192.0.2.66");
  reply = on_other.Receive();
  EXPECT_EQ(reply.Header("Call-ID"), "lying");
  EXPECT_EQ(reply.Header("Via").find("192.0.2.66"), std::string::npos);
  EXPECT_TRUE(sender.HeardNothing());
}

TEST_F(ChecklistC, C03_WithRportTheAnswerGoesWhereTheRequestCameFrom) {
  UdpClient natted(muster().udp());
  for (const std::string rport : {"rport", "RPORT", "rport=9"}) {
    Request request = Options("c-" + rport);
    request.via = "SIP/2.0/UDP 10.1.2.3:5999;" + rport + ";branch=" + NewBranch();
    natted.Send(request);
    const auto datagram = natted.ReceiveDatagram();
    ASSERT_TRUE(datagram.has_value()) << rport;
    EXPECT_EQ(datagram->from, muster().udp());
    const Reply reply = Reply::From(datagram->bytes);
    EXPECT_EQ(reply.code, 200);
    EXPECT_EQ(reply.ViaParam("rport"), std::to_string(natted.local().port));
    EXPECT_EQ(reply.ViaParam("received"), "127.0.0.1");
  }
}

TEST_F(ChecklistC, C03_AnswerLeavesFromTheAddressThatWasAsked) {
  MusterOptions options;
  options.listen = {"udp:0.0.0.0:0", "udp:[::]:0"};
  Start(options);
  const auto& listening = muster().sip.listening();
  const auto check = [](const HostPort& asked, const std::string& own) {
    UdpClient client(asked, own);
    client.Send(Options("at-" + asked.ToString()));
    const auto datagram = client.ReceiveDatagram();
    ASSERT_TRUE(datagram.has_value()) << asked.ToString();
    EXPECT_EQ(datagram->from, asked);
  };
  check({"127.0.0.1", listening[0].port}, "127.0.0.1");
  check({"127.0.0.2", listening[0].port}, "127.0.0.1");
  check({"127.9.8.7", listening[0].port}, "127.0.0.3");
  check({"::1", listening[1].port}, "::1");
  // The binding tells at which of them its phone registered.
  UdpClient client({"127.0.0.2", listening[0].port});
  client.Ask(RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>"));
  const HttpReply listing = HttpAsk(muster().http.port(), "GET", "/registrations/server/127.0.0.2");
  const auto rows = RegistrationsOf(listing.body);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("primary"), "127.0.0.2");
}

TEST_F(ChecklistC, C04_AnswerGoesDownTheConnectionTheRequestCameOn) {
  TcpClient first(muster().tcp());
  TcpClient second(muster().tcp());
  Request of_second = Options("second");
  of_second.via = "SIP/2.0/TCP " + first.local().ToString() + ";branch=" + NewBranch();
  second.Send(of_second);
  first.Send(Options("first"));
  EXPECT_EQ(second.Receive().Header("Call-ID"), "second");
  EXPECT_EQ(first.Receive().Header("Call-ID"), "first");
  // Also when the peer has finished sending.
  second.Send(Options("last"));
  second.FinishSending();
  EXPECT_EQ(second.Receive().Header("Call-ID"), "last");
  EXPECT_TRUE(second.IsClosed());
}

/// Asks, has the connection ended by `end` while the server has the request in hand, and says what
/// then comes to the sent-by port.
template <typename End>
Reply AnswerElsewhere(Muster& muster, End end) {
  TcpAcceptor acceptor("127.0.0.1");
  TcpClient client(muster.tcp());
  EXPECT_EQ(client.Ask(Options("connected")).code, 200);
  Request request = RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>");
  request.via = "SIP/2.0/TCP gone.example.com:" + std::to_string(acceptor.local().port) +
                ";branch=z9hG4bKgone";
  muster.clock.Hold();
  client.Send(request);
  muster.clock.WaitForCaller();
  end(client);
  muster.clock.Release();
  return Reply::From(acceptor.AcceptAndReadAll());
}

TEST_F(ChecklistC, C04_WhenThatConnectionWasResetANewOneIsMade) {
  const Reply reply = AnswerElsewhere(muster(), [](TcpClient& client) { client.Reset(); });
  EXPECT_EQ(reply.code, 200);
  EXPECT_EQ(reply.Header("Call-ID"), "c");
  EXPECT_EQ(reply.ViaParam("branch"), "z9hG4bKgone");
  EXPECT_EQ(reply.ContactUris(), std::vector<std::string>{"sip:alice@192.0.2.1"});
}

TEST_F(ChecklistC, C04_WhenThatConnectionWasClosedANewOneIsMade) {
  const Reply reply = AnswerElsewhere(muster(), [](TcpClient& client) { client.Close(); });
  EXPECT_EQ(reply.code, 200);
  EXPECT_EQ(reply.Header("Call-ID"), "c");
  EXPECT_EQ(reply.ContactUris(), std::vector<std::string>{"sip:alice@192.0.2.1"});
}

TEST_F(ChecklistC, C05_StreamIsFramedByContentLength) {
  TcpClient client(muster().tcp());
  Request request = RegisterOf(kAlice, "c", 1)
                        .Contact("\"\xC3\x84lice \xF0\x9F\x93\x9E\" <sip:alice@192.0.2.1>")
                        .Line("Subject: body follows");
  request.via = client.Via();
  request.body = "REGISTER sip:not.a.message SIP/2.0\r\n\r\n\r\n\r\nand more";
  client.SendByteByByte(request.Text());
  EXPECT_EQ(client.Receive().code, 200);
  EXPECT_EQ(Listed(kAlice).size(), 1U);
  EXPECT_EQ(muster().sip.counters().messages, 1U);

  // Two in one segment, and a third cut within a character of two bytes.
  Request second = RegisterOf(kAlice, "c", 2).Contact("<sip:alice@192.0.2.1>;expires=100");
  Request third =
      RegisterOf(kAlice, "c", 3).Contact("\"\xC3\xA4\" <sip:alice@192.0.2.1>;expires=200");
  second.via = third.via = client.Via();
  const std::string glued = second.Text() + third.Text();
  const std::size_t cut = glued.rfind("\xA4");
  client.Send(glued.substr(0, cut));
  EXPECT_EQ(client.Receive().Header("CSeq"), "2 REGISTER");
  client.Send(glued.substr(cut));
  EXPECT_EQ(client.Receive().Header("CSeq"), "3 REGISTER");
  client.Send(Options("x"));
  client.Send(Options("y"));
  EXPECT_EQ(client.Receive().Header("Call-ID"), "x");
  EXPECT_EQ(client.Receive().Header("Call-ID"), "y");
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 200}});
}

TEST_F(ChecklistC, C05_StreamWithoutContentLengthIsRefused) {
  TcpClient client(muster().tcp());
  Request request = RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>");
  request.with_content_length = false;
  request.via = client.Via();
  const Reply reply = client.Ask(request.Text() + Options("behind").Text());
  EXPECT_EQ(reply.code, 400);
  EXPECT_TRUE(client.IsClosed());
  EXPECT_EQ(CountAll(), 0U);
}

TEST_F(ChecklistC, C06_DatagramEndsWhereContentLengthSays) {
  UdpClient client(muster().udp());
  Request request = RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>");
  request.via = client.Via();
  Request behind = RegisterOf("bob@example.com", "d", 1).Contact("<sip:bob@192.0.2.1>");
  behind.via = client.Via();
  EXPECT_EQ(client.Ask(request.Text() + behind.Text()).code, 200);
  EXPECT_TRUE(client.HeardNothing());
  EXPECT_EQ(CountAll(), 1U);

  Request cut = RegisterOf("carol@example.com", "e", 1).Contact("<sip:carol@192.0.2.1>");
  cut.via = client.Via();
  cut.body = "0123456789";
  const std::string text = cut.Text();
  EXPECT_EQ(client.Ask(text.substr(0, text.size() - 1)).code, 400);
  EXPECT_EQ(client.Ask(text.substr(0, text.size() - 10)).code, 400);
  EXPECT_EQ(CountAll(), 1U);
  EXPECT_EQ(client.Ask(text).code, 200);
  // Without Content-Length the body is the rest of the datagram.
  Request open = RegisterOf("dave@example.com", "f", 1).Contact("<sip:dave@192.0.2.1>");
  open.with_content_length = false;
  open.body = "any";
  EXPECT_EQ(client.Ask(open).code, 200);
}

TEST_F(ChecklistC, C07_CrlfsBeforeAStartLineAreSkipped) {
  UdpClient datagrams(muster().udp());
  Request request = RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>;expires=100");
  request.via = datagrams.Via();
  EXPECT_EQ(datagrams.Ask("\r\n\r\n" + request.Text()).code, 200);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 100}});
  datagrams.Send("\r\n\r\n");  // and nothing: a keep-alive
  EXPECT_TRUE(datagrams.HeardNothing());

  TcpClient stream(muster().tcp());
  Request next = RegisterOf(kAlice, "c", 2).Contact("<sip:alice@192.0.2.1>;expires=200");
  next.via = stream.Via();
  stream.Send("\r\n\r\n" + next.Text());
  EXPECT_EQ(stream.ReceiveBytes(2), "\r\n");  // the pong (RFC 5626)
  EXPECT_EQ(stream.Receive().code, 200);
  next.cseq = 3;
  EXPECT_EQ(stream.Ask("\r\n" + next.Text()).code, 200);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 200}});
}

TEST_F(ChecklistC, C08_BadContentLengthOnAStreamEndsIt) {
  const auto smuggle = [&](const std::vector<std::string>& lengths) {
    TcpClient client(muster().tcp());
    Request outer = RegisterOf(kAlice, "outer", 1).Contact("<sip:alice@192.0.2.1>");
    outer.via = client.Via();
    outer.with_content_length = false;
    for (const std::string& length : lengths) outer.Line("Content-Length: " + length);
    Request inner = RegisterOf("mallory@example.com", "inner", 1).Contact("<sip:m@192.0.2.2>");
    inner.via = client.Via();
    const Reply reply = client.Ask(outer.Text() + inner.Text());
    EXPECT_EQ(reply.code, 400);
    EXPECT_EQ(reply.Header("Call-ID"), "outer");
    EXPECT_TRUE(client.IsClosed());
    EXPECT_EQ(CountAll(), 0U);
  };
  smuggle({"-1"});
  smuggle({"-999"});
  smuggle({"0", "300"});
  smuggle({"300", "0"});
  smuggle({"0", "0"});
  smuggle({"0x0"});
  smuggle({"0, 0"});
  smuggle({""});
  smuggle({"+0"});
  smuggle({"1 0"});
}

TEST_F(ChecklistC, C11_RegistersOverIPv6) {
  MusterOptions options;
  options.listen = {"udp:[::1]:0", "tcp:[::1]:0"};
  Start(options);
  UdpClient client(muster().udp(), "::1");
  Request request = RegisterOf("alice@[2001:db8::10]", "c@[::1]", 1)
                        .Contact("<sip:alice@[::1]:5070;transport=udp>");
  request.uri = "sip:[::1]";
  const Reply reply = client.Ask(request);
  ASSERT_EQ(reply.code, 200) << reply.bytes;
  EXPECT_EQ(reply.ViaParam("received"), "::1");
  EXPECT_EQ(reply.ViaParam("rport"), std::to_string(client.local().port));
  EXPECT_THAT(reply.ContactUris(), ElementsAre("sip:alice@[::1]:5070;transport=udp"));
  ExpectEveryView("alice@[2001:db8::10]", {{"sip:alice@[::1]:5070;transport=udp", 3600}});

  TcpClient stream(muster().tcp());
  Request over_tcp = RegisterOf("bob@example.com", "d", 1).Contact("<sip:bob@[2001:DB8:0::1]>");
  const Reply streamed = stream.Ask(over_tcp);
  EXPECT_EQ(streamed.code, 200);
  EXPECT_THAT(streamed.ContactUris(), ElementsAre("sip:bob@[2001:DB8:0::1]"));

  // Found by address, in any spelling.
  const auto by_ip = [&](const std::string& ip) {
    const HttpReply listing =
        HttpAsk(muster().http.port(), "GET", "/registrations/ip/" + PercentEncoded(ip));
    return RegistrationsOf(listing.body).size();
  };
  EXPECT_EQ(by_ip("2001:db8::1"), 1U);
  EXPECT_EQ(by_ip("2001:0DB8:0:0::0001"), 1U);
  EXPECT_EQ(by_ip("::1"), 2U);  // the source of both
  // And without rport, to the sent-by port.
  Request plain = Options("plain");
  plain.via = "SIP/2.0/UDP [::1]:" + std::to_string(client.local().port) + ";branch=z9hG4bKv6";
  EXPECT_EQ(client.Ask(plain).Header("Via"), plain.via);
}

}  // namespace
}  // namespace muster::testing
