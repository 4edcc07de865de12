// Request handling as a user agent server, RFC 3261 sections 8.2, 20 and 21. One test for each line
// of the checklist, and named after it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "checklist.h"

namespace muster::testing {
namespace {

using ::testing::ElementsAre;

/// `text` without the line that begins with `name`.
std::string Without(const std::string& text, const std::string& name) {
  const std::size_t begin = text.find("\r\n" + name) + 2;
  return text.substr(0, begin) + text.substr(text.find("\r\n", begin) + 2);
}

/// `text` with the line that begins with `name` twice.
std::string Doubled(const std::string& text, const std::string& name) {
  const std::size_t begin = text.find("\r\n" + name) + 2;
  const std::string line = text.substr(begin, text.find("\r\n", begin) + 2 - begin);
  return text.substr(0, begin) + line + text.substr(begin);
}

TEST_F(ChecklistB, B01_AnswerCopiesWhatNamesTheRequest) {
  UdpClient client(muster().udp());
  Request request = RegisterOf(kAlice, "Call.ID-1@host", 7).Contact("<sip:alice@192.0.2.1>");
  request.from = "\"A. <Liddell>\"   <sip:alice@example.com;x=%41>;tag=a%b;other=\"q\"";
  request.to = "Alice <sip:alice@example.com;user=phone>;x=1";
  const std::string own_via = client.Via();
  request.via = own_via + "\r\nVia: SIP/2.0/TCP second.example.com:5070;branch=z9hG4bK2;x=\"y,z\"" +
                ", SIP / 2.0 / SCTP third.example.com\r\nv: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK4";
  const Reply reply = client.Ask(request.Text());
  EXPECT_EQ(reply.code, 200);
  EXPECT_EQ(reply.reason, "OK");
  EXPECT_EQ(reply.Header("From"), request.from);
  EXPECT_EQ(reply.Header("Call-ID"), request.call_id);
  EXPECT_EQ(reply.Header("CSeq"), "7 REGISTER");
  EXPECT_EQ(reply.Header("Content-Length"), "0");

  const std::vector<std::string> vias = reply.Headers("Via");
  ASSERT_EQ(vias.size(), 3U);
  const std::string branch = own_via.substr(own_via.find("branch="));
  EXPECT_EQ(vias[0], "SIP/2.0/UDP " + client.local().ToString() +
                         ";rport=" + std::to_string(client.local().port) + ";" + branch +
                         ";received=127.0.0.1");
  EXPECT_EQ(vias[1], "SIP/2.0/TCP second.example.com:5070;branch=z9hG4bK2;x=\"y,z\"" +
                         std::string(", SIP / 2.0 / SCTP third.example.com"));
  EXPECT_EQ(vias[2], "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK4");

  EXPECT_EQ(reply.Header("To").rfind(request.to + ";tag=", 0), 0U) << reply.Header("To");
  EXPECT_GE(reply.ToTag().size(), 8U);
  const Reply again = client.Ask(request.Text());  // a retransmission
  EXPECT_EQ(again.ToTag(), reply.ToTag());
  EXPECT_EQ(again.bytes, reply.bytes);
  const Reply other = client.Ask(RegisterOf(kAlice, "another", 1));
  EXPECT_NE(other.ToTag(), reply.ToTag());
}

TEST_F(ChecklistB, B01_ToTagOfTheRequestStays) {
  UdpClient client(muster().udp());
  Request request = RegisterOf(kAlice, "c", 1);
  request.to += ";tag=theirs";
  const Reply reply = client.Ask(request);
  EXPECT_EQ(reply.code, 200);
  EXPECT_EQ(reply.Header("To"), request.to);
}

TEST_F(ChecklistB, B02_UnknownMethodIs501AndUnsupportedOneIs405) {
  UdpClient client(muster().udp());
  const auto ask = [&](const std::string& method) {
    Request request = RegisterOf(kAlice, "c-" + method, 1).Contact("<sip:alice@192.0.2.1>");
    request.method = method;
    return client.Ask(request);
  };
  for (const std::string unknown : {"FOO", "register", "REGISTERS", "RE%47ISTER"}) {
    const Reply reply = ask(unknown);
    EXPECT_EQ(reply.code, 501) << unknown;
    EXPECT_EQ(reply.Header("CSeq"), "1 " + unknown);
  }
  for (const std::string known : {"INVITE", "BYE", "INFO", "MESSAGE", "NOTIFY", "PRACK", "PUBLISH",
                                  "REFER", "SUBSCRIBE", "UPDATE"}) {
    const Reply reply = ask(known);
    EXPECT_EQ(reply.code, 405) << known;
    EXPECT_EQ(reply.Header("Allow"), "OPTIONS, REGISTER") << known;
  }
  EXPECT_EQ(CountAll(), 0U);
}

TEST_F(ChecklistB, B03_RequiredExtensionNotSupportedIs420) {
  UdpClient client(muster().udp());
  const Reply two = client.Ask(
      RegisterOf(kAlice, "1", 1).Contact("<sip:alice@192.0.2.1>").Line("Require: path, foo"));
  EXPECT_EQ(two.code, 420);
  EXPECT_THAT(two.Headers("Unsupported"), ElementsAre("foo"));
  const Reply more = client.Ask(RegisterOf(kAlice, "2", 1)
                                    .Contact("<sip:alice@192.0.2.1>")
                                    .Line("Require: foo , bar")
                                    .Line("Proxy-Require: proxies-only")
                                    .Line("Require: PATH,gin"));
  EXPECT_EQ(more.code, 420);
  EXPECT_THAT(SplitOutsideQuotes(more.Header("Unsupported"), ','),
              ElementsAre("foo", "bar", "gin"));
  EXPECT_EQ(more.Headers("Unsupported").size(), 1U);
  EXPECT_EQ(CountAll(), 0U);

  const Reply fine = client.Ask(RegisterOf(kAlice, "3", 1)
                                    .Contact("<sip:alice@192.0.2.1>")
                                    .Line("Require: path")
                                    .Line("Proxy-Require: proxies-only"));
  EXPECT_EQ(fine.code, 200);
  EXPECT_FALSE(fine.Has("Unsupported"));
  EXPECT_EQ(CountAll(), 1U);
}

TEST_F(ChecklistB, B04_UnknownRequestUriSchemeIs416) {
  UdpClient client(muster().udp());
  for (const std::string uri : {"nobodyKnowsThisScheme:totallyopaquecontent", "tel:+4930123456",
                                "soap.beep://192.0.2.103:3002"}) {
    Request request = RegisterOf(kAlice, "c-" + uri, 1).Contact("<sip:alice@192.0.2.1>");
    request.uri = uri;
    EXPECT_EQ(client.Ask(request).code, 416) << uri;
    request.method = "OPTIONS";
    EXPECT_EQ(client.Ask(request).code, 416) << uri;
  }
  EXPECT_EQ(CountAll(), 0U);
}

TEST_F(ChecklistB, B05_CSeqMethodDiffersFromTheRequestLines) {
  UdpClient client(muster().udp());
  Request request = RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>");
  request.via = client.Via();
  const std::string text = request.Text();
  for (const std::string method : {"INVITE", "register", "REGISTERX", "OPTIONS"}) {
    std::string wrong = text;
    wrong.replace(wrong.find("1 REGISTER"), 10, "1 " + method);
    const Reply reply = client.Ask(wrong);
    EXPECT_EQ(reply.code, 400) << method;
    EXPECT_EQ(reply.Header("CSeq"), "1 " + method);
  }
  EXPECT_EQ(CountAll(), 0U);
  EXPECT_EQ(client.Ask(text).code, 200);
}

TEST_F(ChecklistB, B06_EachMandatoryHeaderStandsOnce) {
  UdpClient client(muster().udp());
  Request request = RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>");
  request.via = client.Via();
  const std::string text = request.Text();
  for (const std::string name : {"To", "From", "Call-ID", "CSeq"}) {
    EXPECT_EQ(client.Ask(Without(text, name)).code, 400) << "without " << name;
    EXPECT_EQ(client.Ask(Doubled(text, name)).code, 400) << "with two " << name;
  }
  EXPECT_EQ(client.Ask(Doubled(text, "Content-Length")).code, 400);
  // Two Vias are a path. Without any there is nothing that an answer could follow: refused,
  // unheard.
  client.Send(Without(text, "Via"));
  EXPECT_TRUE(client.HeardNothing());
  ASSERT_FALSE(muster().refusals.entries().empty());
  EXPECT_EQ(muster().refusals.entries().back().code, 400);
  EXPECT_EQ(CountAll(), 0U);
  EXPECT_EQ(client.Ask(text).code, 200);
}

TEST_F(ChecklistB, B07_OtherVersionIs505AndTheNameHasNoCase) {
  UdpClient client(muster().udp());
  Request request = RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>");
  request.via = client.Via();
  const std::string text = request.Text();
  for (const std::string version : {"SIP/7.0", "SIP/1.0", "SIP/2.1", "sip/3.0", "SIP/20.0"}) {
    std::string wrong = text;
    wrong.replace(wrong.find(" SIP/2.0\r\n"), 8, " " + version);
    EXPECT_EQ(client.Ask(wrong).code, 505) << version;
  }
  EXPECT_EQ(CountAll(), 0U);
  std::string lower = text;
  lower.replace(lower.find(" SIP/2.0\r\n"), 8, " sIp/2.0");
  lower.replace(lower.find("Via: SIP/2.0/UDP"), 16, "Via: sip/2.0/udp");
  EXPECT_EQ(client.Ask(lower).code, 200);
  EXPECT_EQ(CountAll(), 1U);
}

TEST_F(ChecklistB, B08_MergedRequestIs482) {
  UdpClient one_way(muster().udp());
  UdpClient other_way(muster().udp());
  const Request request = RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>;expires=600");
  EXPECT_EQ(one_way.Ask(request).code, 200);
  const std::string before = EveryListing();
  const Reply merged = other_way.Ask(request);
  EXPECT_EQ(merged.code, 482);
  EXPECT_FALSE(merged.Has("Contact"));
  EXPECT_EQ(EveryListing(), before);
  // One with another From tag, CSeq or Call-ID is another request; one in a dialog is not merged.
  Request other_tag = request;
  other_tag.from = "<sip:alice@example.com>;tag=other";
  EXPECT_EQ(other_way.Ask(other_tag).code, 500);  // whose CSeq is stale
  Request in_dialog = request;
  in_dialog.to += ";tag=ours";
  EXPECT_EQ(other_way.Ask(in_dialog).code, 500);
  EXPECT_EQ(other_way.Ask(RegisterOf(kAlice, "c", 2)).code, 200);
  // After Timer J the first is forgotten.
  clock().Advance(absl::Seconds(33));
  EXPECT_EQ(other_way.Ask(request).code, 500);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 567}});
}

TEST_F(ChecklistB, B09_OptionsTellsWhatTheServerCan) {
  const auto check = [](const Reply& reply) {
    EXPECT_EQ(reply.code, 200);
    EXPECT_EQ(reply.Header("Allow"), "OPTIONS, REGISTER");
    EXPECT_EQ(reply.Header("Supported"), "path");
    EXPECT_TRUE(reply.Has("Accept"));
    EXPECT_TRUE(reply.Has("Accept-Encoding"));
    EXPECT_TRUE(reply.Has("Accept-Language"));
    EXPECT_FALSE(reply.ToTag().empty());
  };
  check(UdpClient(muster().udp()).Ask(Options("udp")));
  check(TcpClient(muster().tcp()).Ask(Options("tcp")));
  Request last_hop = Options("zero-hops").Line("Max-Forwards: 0");
  check(UdpClient(muster().udp()).Ask(last_hop));
}

TEST_F(ChecklistB, B10_AcksAndResponsesAreNeverAnswered) {
  UdpClient client(muster().udp());
  Request ack = RegisterOf(kAlice, "c", 1);
  ack.method = "ACK";
  client.Send(ack);
  EXPECT_TRUE(client.HeardNothing());
  ack.uri = "nobodyKnowsThisScheme:x";
  client.Send(ack);
  EXPECT_TRUE(client.HeardNothing());
  ack.from = "broken <";
  client.Send(ack);
  EXPECT_TRUE(client.HeardNothing());

  const std::string tail = "\r\nVia: " + client.Via() +
                           "\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: r\r\n"
                           "CSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n";
  for (const std::string line : {"SIP/2.0 200 OK", "SIP/2.0 100 ", "SIP/2.0 999 No", "SIP/2.0 "}) {
    client.Send(line + tail);
    EXPECT_TRUE(client.HeardNothing()) << line;
  }
}

TEST_F(ChecklistB, B10_CancelIs481WithoutATransactionAnd200WithAnAnsweredOne) {
  UdpClient client(muster().udp());
  Request unknown = RegisterOf(kAlice, "never-seen", 1);
  unknown.method = "CANCEL";
  EXPECT_EQ(client.Ask(unknown).code, 481);

  Request request = RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>");
  request.via = client.Via();
  const Reply answer = client.Ask(request);
  EXPECT_EQ(answer.code, 200);
  Request cancel = RegisterOf(kAlice, "c", 1);
  cancel.method = "CANCEL";
  Request of_other_branch = cancel;
  of_other_branch.via = client.Via();
  EXPECT_EQ(client.Ask(of_other_branch).code, 481);
  cancel.via = request.via;
  EXPECT_EQ(client.Ask(cancel).code, 200);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 3600}});
  // The transaction still knows its answer.
  EXPECT_EQ(client.Ask(request).bytes, answer.bytes);
}

TEST_F(ChecklistB, B11_AnyFormOfAHeaderMeansTheSame) {
  UdpClient client(muster().udp());
  const std::string via = client.local().ToString();
  const std::string folded =
      "REGISTER sip:example.com SIP/2.0\r\n"
      "t:\r\n  Alice\r\n\t<sip:alice@example.com>\r\n"
      "F  : <sip:alice@example.com>\r\n ;\r\n  tag\r\n =\t1\r\n"
      "i\t:\r\n folded@call.id\r\n"
      "cSEQ:  0001\r\n  REGISTER\r\n"
      "V: SIP / 2.0\r\n / UDP " +
      via +
      "\r\n ;rport ; branch = z9hG4bKfold\r\n"
      "m: <sip:alice@192.0.2.1> ; expires\r\n = 100 , sip:alice@192.0.2.2;expires=200\r\n"
      "CONTACT \t:\r\n\t\"x, y; <z>\"\r\n <sip:alice@192.0.2.3>\r\n"
      "eXpires :\r\n\t300\r\n"
      "K: path\r\n"
      "L : 0\r\n"
      "\r\n";
  const Reply reply = client.Ask(folded);
  EXPECT_EQ(reply.code, 200) << reply.bytes;
  EXPECT_EQ(reply.Header("Call-ID"), "folded@call.id");
  EXPECT_EQ(reply.Contacts().size(), 3U);
  ExpectEveryView(
      kAlice,
      {{"sip:alice@192.0.2.1", 100}, {"sip:alice@192.0.2.2", 200}, {"sip:alice@192.0.2.3", 300}});
  EXPECT_THAT(Field(kAlice, &core::Binding::call_id),
              ElementsAre("folded@call.id", "folded@call.id", "folded@call.id"));

  // A comma list, or the header field repeated.
  client.Ask(RegisterOf("l@example.com", "l", 1).Contact("<sip:l@192.0.2.1>, <sip:l@192.0.2.2>"));
  client.Ask(RegisterOf("r@example.com", "r", 1)
                 .Contact("<sip:l@192.0.2.1>")
                 .Line("Subject: between")
                 .Contact("<sip:l@192.0.2.2>"));
  EXPECT_EQ(Fetched("l@example.com"), Fetched("r@example.com"));
  EXPECT_EQ(Fetched("l@example.com").size(), 2U);
}

TEST_F(ChecklistB, B12_FullServerIs503ToNewBindingsAndStillRefreshes) {
  MusterOptions options;
  options.limits.max_bindings = 3;
  Start(options);
  UdpClient client(muster().udp());
  for (const std::string user : {"a", "b", "c"}) {
    EXPECT_EQ(
        client.Ask(RegisterOf(user + "@example.com", user, 1).Contact("<sip:x@192.0.2.1>")).code,
        200);
  }
  const std::string before = EveryListing();
  const Reply full = client.Ask(RegisterOf("d@example.com", "d", 1).Contact("<sip:d@192.0.2.1>"));
  EXPECT_EQ(full.code, 503);
  EXPECT_GT(std::atoi(full.Header("Retry-After").c_str()), 0);
  EXPECT_EQ(client.Ask(RegisterOf("a@example.com", "a", 2).Contact("<sip:y@192.0.2.1>")).code, 503);
  EXPECT_EQ(EveryListing(), before);

  // Who is here already stays, and may leave; then there is room.
  EXPECT_EQ(client.Ask(RegisterOf("a@example.com", "a", 3).Contact("<sip:x@192.0.2.1>")).code, 200);
  EXPECT_EQ(client.Ask(RegisterOf("d@example.com", "f", 1)).code, 200);  // a fetch adds nothing
  // Trouble of one AoR alone is 500, without a word about later.
  const Reply stale = client.Ask(RegisterOf("a@example.com", "a", 1).Contact("<sip:x@192.0.2.1>"));
  EXPECT_EQ(stale.code, 482);  // the datagram's transaction is known still
  const Reply out_of_order =
      TcpClient(muster().tcp())
          .Ask(RegisterOf("a@example.com", "a", 1).Contact("<sip:x@192.0.2.1>"));
  EXPECT_EQ(out_of_order.code, 500);
  EXPECT_FALSE(out_of_order.Has("Retry-After"));
  EXPECT_EQ(
      client.Ask(RegisterOf("b@example.com", "b", 2).Contact("<sip:x@192.0.2.1>;expires=0")).code,
      200);
  EXPECT_EQ(client.Ask(RegisterOf("d@example.com", "d", 2).Contact("<sip:d@192.0.2.1>")).code, 200);
  EXPECT_EQ(CountAll(), 3U);
}

TEST_F(ChecklistB, B13_TooLargeIsSaidAndServiceGoesOn) {
  UdpClient client(muster().udp());
  Request large_body = RegisterOf(kAlice, "body", 1).Contact("<sip:alice@192.0.2.1>");
  large_body.body = std::string(16'385, 'x');
  EXPECT_EQ(client.Ask(large_body).code, 413);
  large_body.body = std::string(64'000, 'x');
  EXPECT_EQ(client.Ask(large_body).code, 413);
  Request long_uri = RegisterOf(kAlice, "uri", 1).Contact("<sip:alice@192.0.2.1>");
  long_uri.uri = "sip:" + std::string(2'048, 'x') + "@example.com";
  EXPECT_EQ(client.Ask(long_uri).code, 414);
  Request many_headers = RegisterOf(kAlice, "headers", 1).Contact("<sip:alice@192.0.2.1>");
  for (int i = 0; i < 200; ++i) many_headers.Line("X-" + std::to_string(i) + ": x");
  EXPECT_EQ(client.Ask(many_headers).code, 513);
  EXPECT_EQ(CountAll(), 0U);
  // 64 kB of one header field is within what a datagram may have.
  EXPECT_EQ(
      client.Ask(RegisterOf(kAlice, "64k", 1).Line("Subject: " + std::string(60'000, 'x'))).code,
      200);
}

TEST_F(ChecklistB, B13_TooLargeOnAStreamEndsThatStreamAlone) {
  TcpClient bystander(muster().tcp());
  EXPECT_EQ(bystander.Ask(Options("before")).code, 200);
  {
    TcpClient client(muster().tcp());
    Request request = RegisterOf(kAlice, "header", 1).Contact("<sip:alice@192.0.2.1>");
    request.Line("Subject: " + std::string(1'000'000, 'x'));
    EXPECT_EQ(client.Ask(request).code, 513);
  }
  {
    TcpClient client(muster().tcp());
    Request request = RegisterOf(kAlice, "body", 1).Contact("<sip:alice@192.0.2.1>");
    request.body = std::string(1'000'000, 'x');
    EXPECT_EQ(client.Ask(request).code, 413);
  }
  {
    TcpClient client(muster().tcp());
    Request request = RegisterOf(kAlice, "uri", 1).Contact("<sip:alice@192.0.2.1>");
    request.uri = "sip:" + std::string(4'000, 'x') + "@example.com";
    EXPECT_EQ(client.Ask(request).code, 414);
    EXPECT_TRUE(client.IsClosed());
  }
  EXPECT_EQ(CountAll(), 0U);
  EXPECT_EQ(bystander.Ask(Options("after")).code, 200);
  EXPECT_EQ(TcpClient(muster().tcp()).Ask(Options("anew")).code, 200);
}

}  // namespace
}  // namespace muster::testing
