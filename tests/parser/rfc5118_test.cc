// The torture tests of RFC 5118: IPv6 addresses in each place where SIP has hosts. A test is named
// by the clause that describes its message.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "muster/parser/header_values.h"
#include "sample.h"

namespace muster::parser {
namespace {

using test::Parse;
using test::Parsed;

constexpr std::string_view kTopVia = "Via: SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3\r\n";

struct Request {
  std::string method;
  std::string uri;
  std::string vias = std::string(kTopVia);
  std::string to = "sip:user@example.com";
  std::string lines = {};  // more header fields
  std::string body = {};

  std::string Text() const {
    return method + " " + uri + " SIP/2.0\r\n" + vias + "To: " + to +
           "\r\nFrom: sip:user@example.com;tag=81x2\r\nCall-ID: 9559905523997077@host_4100\r\n" +
           "CSeq: 612 " + method + "\r\nMax-Forwards: 70\r\n" + lines +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
};

Parsed Good(const Request& request) {
  Parsed parsed = Parse(request.Text(), Framing::kStream);
  EXPECT_EQ(parsed.result.outcome, ParseOutcome::kComplete) << Describe(parsed.result.error.code);
  EXPECT_EQ(parsed.result.size, parsed.bytes.size());
  return parsed;
}

std::vector<Via> Vias(const Parsed& parsed) {
  std::vector<Via> vias;
  for (const HeaderField& field : parsed->headers()) {
    if (field.id != HeaderId::kVia) continue;
    ParseError error;
    EXPECT_TRUE(ParseVia(field.value, vias.emplace_back(), error)) << field.value;
  }
  return vias;
}

// 4.1: references in Request-URI, Via and Contact.
TEST(Rfc5118, Section41ValidIpv6Reference) {
  const Parsed parsed = Good({.method = "REGISTER",
                              .uri = "sip:[2001:db8::10]",
                              .lines = "Contact: \"Caller\" <sip:caller@[2001:db8::1]>\r\n"});
  EXPECT_EQ(parsed->request_uri.host, "[2001:db8::10]");
  EXPECT_EQ(parsed->request_uri.host_kind, HostKind::kIpv6);
  EXPECT_EQ(parsed->request_uri.port, 0);
  EXPECT_FALSE(parsed->request_uri.has_user);
  EXPECT_EQ(parsed->top_via.host, "[2001:db8::9:1]");
  EXPECT_EQ(parsed->top_via.port, 0);
  ASSERT_EQ(parsed->contacts().size(), 1u);
  EXPECT_EQ(parsed->contacts()[0].address.uri.user, "caller");
  EXPECT_EQ(parsed->contacts()[0].address.uri.host, "[2001:db8::1]");
  EXPECT_EQ(parsed->contacts()[0].address.uri.host_kind, HostKind::kIpv6);
}

// 4.2: without brackets it is no URI, and the answer is 400, for which the rest must be there.
TEST(Rfc5118, Section42ReferenceWithoutBracketsIsRefused) {
  const Parsed parsed = Parse(Request{.method = "REGISTER",
                                      .uri = "sip:2001:db8::10",
                                      .lines = "Contact: <sip:caller@[2001:db8::1]>\r\n"}
                                  .Text());
  EXPECT_EQ(parsed.result.outcome, ParseOutcome::kMalformed);
  EXPECT_EQ(parsed.result.error.code, ErrorCode::kBadUri);
  EXPECT_LT(parsed.result.error.offset, parsed.bytes.find(" SIP/2.0"));
  EXPECT_TRUE(parsed->request_uri.text.empty());
  EXPECT_EQ(parsed->top_via.host, "[2001:db8::9:1]");
  EXPECT_EQ(parsed->contacts().size(), 1u);
}

TEST(Rfc5118, Section42ReferenceWithoutBracketsIsRefusedInEachPlace) {
  const auto code = [](const Request& request) { return test::ErrorOf(request.Text()); };
  EXPECT_EQ(
      code(
          {.method = "REGISTER", .uri = "sip:h", .lines = "Contact: <sip:caller@2001:db8::1>\r\n"}),
      ErrorCode::kBadUri);
  EXPECT_EQ(code({.method = "REGISTER", .uri = "sip:h", .to = "sip:user@2001:db8::10"}),
            ErrorCode::kBadUri);
  EXPECT_EQ(code({.method = "REGISTER",
                  .uri = "sip:h",
                  .vias = "Via: SIP/2.0/UDP 2001:db8::9:1;branch=z9hG4bKas3\r\n"}),
            ErrorCode::kBadVia);
}

// 4.3: what looks like a port inside the brackets is the last group of the address.
TEST(Rfc5118, Section43PortInsideTheBracketsIsNone) {
  const Parsed parsed = Good({.method = "REGISTER",
                              .uri = "sip:[2001:db8::10:5070]",
                              .lines = "Contact: <sip:caller@[2001:db8::1]>\r\n"});
  EXPECT_EQ(parsed->request_uri.host, "[2001:db8::10:5070]");
  EXPECT_EQ(parsed->request_uri.host_kind, HostKind::kIpv6);
  EXPECT_EQ(parsed->request_uri.port, 0);
}

// 4.4: behind them it is one.
TEST(Rfc5118, Section44PortBehindTheBracketsIsOne) {
  const Parsed parsed = Good({.method = "REGISTER",
                              .uri = "sip:[2001:db8::10]:5070",
                              .lines = "Contact: <sip:caller@[2001:db8::1]:5080>\r\n"});
  EXPECT_EQ(parsed->request_uri.host, "[2001:db8::10]");
  EXPECT_EQ(parsed->request_uri.port, 5070);
  EXPECT_EQ(parsed->contacts()[0].address.uri.port, 5080);
}

TEST(Rfc5118, Section44IsAnotherUriThanSection43) {
  Uri inside, behind;
  ParseError error;
  ASSERT_TRUE(ParseUri("sip:[2001:db8::10:5070]", inside, error));
  ASSERT_TRUE(ParseUri("sip:[2001:db8::10]:5070", behind, error));
  EXPECT_FALSE(Equivalent(inside, behind));
}

// 4.5: the grammar has no brackets around the address of "received", many senders have.
TEST(Rfc5118, Section45ReceivedWithBrackets) {
  const Parsed parsed = Good({.method = "BYE",
                              .uri = "sip:[2001:db8::10]",
                              .vias = "Via: SIP/2.0/UDP [2001:db8::9:1];"
                                      "received=[2001:db8::9:255];branch=z9hG4bKas3-111\r\n"});
  EXPECT_EQ(parsed->top_via.host, "[2001:db8::9:1]");
  EXPECT_EQ(parsed->top_via.received, "[2001:db8::9:255]");
  EXPECT_EQ(parsed->top_via.branch, "z9hG4bKas3-111");
}

TEST(Rfc5118, Section45ReceivedWithoutBrackets) {
  const Parsed parsed = Good({.method = "OPTIONS",
                              .uri = "sip:[2001:db8::10]",
                              .vias = "Via: SIP/2.0/UDP [2001:db8::9:1];"
                                      "received=2001:db8::9:255;branch=z9hG4bKas3\r\n"});
  EXPECT_EQ(parsed->top_via.host, "[2001:db8::9:1]");
  EXPECT_EQ(parsed->top_via.received, "2001:db8::9:255");
  EXPECT_EQ(parsed->top_via.branch, "z9hG4bKas3");
}

// 4.6: SDP has no brackets, and is none of this parser's business: it comes out byte by byte.
TEST(Rfc5118, Section46Ipv6InTheBody) {
  const std::string sdp =
      "v=0\r\no=assistant 971731711378798081 0 IN IP6 2001:db8::20\r\ns=Live video feed\r\n"
      "c=IN IP6 2001:db8::20\r\nt=3338481189 3370017201\r\nm=audio 6000 RTP/AVP 2\r\n";
  const Parsed parsed = Good({.method = "INVITE",
                              .uri = "sip:user@[2001:db8::10]",
                              .to = "sip:user@[2001:db8::10]",
                              .lines = "Contact: \"Caller\" <sip:caller@[2001:db8::20]>\r\n"
                                       "Content-Type: application/sdp\r\n",
                              .body = sdp});
  EXPECT_EQ(parsed->request_uri.user, "user");
  EXPECT_EQ(parsed->to.uri.host, "[2001:db8::10]");
  EXPECT_FALSE(parsed->to.bracketed);
  EXPECT_EQ(parsed->contacts()[0].address.uri.host, "[2001:db8::20]");
  EXPECT_EQ(parsed->body, sdp);
}

// 4.7: addresses of both families side by side.
TEST(Rfc5118, Section47BothFamiliesInOneMessage) {
  const Parsed parsed =
      Good({.method = "BYE",
            .uri = "sip:user@host.example.net",
            .vias = "Via: SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111\r\n"
                    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144\r\n"
                    "Via: SIP/2.0/TCP [2001:db8::9:255];branch=z9hG4bK451jj;\r\n"
                    " received=192.0.2.200\r\n"});
  const std::vector<Via> vias = Vias(parsed);
  ASSERT_EQ(vias.size(), 3u);
  EXPECT_EQ(vias[0].host, "[2001:db8::9:1]");
  EXPECT_EQ(vias[0].port, 6050);
  EXPECT_EQ(vias[1].host, "192.0.2.1");
  EXPECT_EQ(vias[1].port, 0);
  EXPECT_EQ(vias[2].host, "[2001:db8::9:255]");
  EXPECT_EQ(vias[2].transport, "TCP");
  EXPECT_EQ(vias[2].received, "192.0.2.200");
  EXPECT_EQ(parsed->top_via.text, vias[0].text);
}

// 4.8: and in a body.
TEST(Rfc5118, Section48BothFamiliesInTheBody) {
  const std::string sdp =
      "v=0\r\no=bob 280744730 28977631 IN IP4 host.example.com\r\ns=\r\nt=0 0\r\n"
      "m=audio 22334 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n"
      "m=video 6024 RTP/AVP 107\r\nc=IN IP6 2001:db8::1\r\n";
  const Parsed parsed = Good({.method = "INVITE",
                              .uri = "sip:user@[2001:db8::10]",
                              .lines = "Contact: <sip:caller@[2001:db8::9:1]>\r\n"
                                       "Content-Type: application/sdp\r\n",
                              .body = sdp});
  EXPECT_EQ(parsed->contacts()[0].address.uri.host, "[2001:db8::9:1]");
  EXPECT_EQ(parsed->body, sdp);
}

// 4.9: IPv4-mapped addresses.
TEST(Rfc5118, Section49Ipv4MappedAddresses) {
  const std::string sdp = "v=0\r\nc=IN IP6 ::ffff:192.0.2.2\r\n";
  const Parsed parsed =
      Good({.method = "INVITE",
            .uri = "sip:user@example.com",
            .vias = "Via: SIP/2.0/UDP [::ffff:192.0.2.10]:19823;branch=z9hG4bKbh19\r\n"
                    "Via: SIP/2.0/UDP [::ffff:192.0.2.2];branch=z9hG4bKas3-111\r\n",
            .lines = "Contact: \"T. desk phone\" <sip:ted@[::ffff:192.0.2.2]>\r\n",
            .body = sdp});
  const std::vector<Via> vias = Vias(parsed);
  ASSERT_EQ(vias.size(), 2u);
  EXPECT_EQ(vias[0].host, "[::ffff:192.0.2.10]");
  EXPECT_EQ(vias[0].port, 19823);
  EXPECT_EQ(vias[1].host, "[::ffff:192.0.2.2]");
  const Uri& contact = parsed->contacts()[0].address.uri;
  EXPECT_EQ(contact.host, "[::ffff:192.0.2.2]");
  EXPECT_EQ(contact.host_kind, HostKind::kIpv6);
  EXPECT_EQ(parsed->body, sdp);
  Uri hexadecimal;
  ParseError error;
  ASSERT_TRUE(ParseUri("sip:ted@[0:0:0:0:0:ffff:c000:202]", hexadecimal, error));
  EXPECT_TRUE(Equivalent(contact, hexadecimal));
}

// 4.10: an address as the first grammar of RFC 3261 wrote it, with a third colon. RFC 5118 asks
// for it to be understood; RFC 5954 4.1, which is newer and changes RFC 3261 itself, has only RFC
// 3986's addresses, and two parsers that disagree on a host are the greater evil.
TEST(Rfc5118, Section410ThirdColonIsRefusedSinceRfc5954) {
  const std::string uri = "sip:user@[2001:db8:::192.0.2.1]";
  const Parsed parsed = Parse(Request{.method = "OPTIONS", .uri = uri, .to = uri}.Text());
  EXPECT_EQ(parsed.result.error.code, ErrorCode::kBadUri);
  EXPECT_EQ(parsed->top_via.host, "[2001:db8::9:1]") << "it can still be answered";
  EXPECT_EQ(parsed->from_tag, "81x2");
}

TEST(Rfc5118, Section410TwoColonsAreRight) {
  const std::string uri = "sip:user@[2001:db8::192.0.2.1]";
  const Parsed parsed = Good({.method = "OPTIONS", .uri = uri, .to = uri});
  EXPECT_EQ(parsed->request_uri.host, "[2001:db8::192.0.2.1]");
  Uri hexadecimal;
  ParseError error;
  ASSERT_TRUE(ParseUri("sip:user@[2001:db8::c000:201]", hexadecimal, error));
  EXPECT_TRUE(Equivalent(parsed->to.uri, hexadecimal));
}

}  // namespace
}  // namespace muster::parser
