// Decisions of parser/GRAMMAR.md that no other test pins.

#include <gtest/gtest.h>

#include "muster/parser/header_values.h"
#include "sample.h"

namespace muster::parser {
namespace {

using test::ErrorOf;
using test::Parse;
using test::Parsed;
using test::RegisterWith;
using test::Replaced;

Parsed Accepted(std::string bytes) {
  Parsed parsed = Parse(std::move(bytes));
  EXPECT_EQ(parsed.result.outcome, ParseOutcome::kComplete)
      << Describe(parsed.result.error.code) << "\n"
      << parsed.bytes;
  return parsed;
}

TEST(Grammar, MaxForwardsMayBeAbsent) {
  EXPECT_EQ(Accepted(RegisterWith(""))->Find(HeaderId::kMaxForwards), nullptr);
}

TEST(Grammar, CompactAndLongFormAreOneHeaderField) {
  for (const std::string_view line :
       {"i: x", "f: <sip:a@h>;tag=1", "t: <sip:a@h>", "CALL-ID: x", "l: 0"}) {
    EXPECT_EQ(ErrorOf(RegisterWith(std::string(line) + "\r\n")), ErrorCode::kDuplicateHeader)
        << line;
  }
}

TEST(Grammar, DoubledHeaderFieldsThatNothingDependsOnPass) {
  const Parsed parsed = Accepted(RegisterWith(
      "User-Agent: a\r\nUser-Agent: b\r\nContent-Type: text/plain\r\nc: text/html\r\n"
      "Date: x\r\nDate: y\r\nEvent: reg\r\no: presence\r\nMin-Expires: 1\r\nMin-Expires: 2\r\n"));
  EXPECT_EQ(parsed->Find(HeaderId::kUserAgent)->value, "a") << "the first is found";
  EXPECT_EQ(parsed->Find(HeaderId::kContentType)->value, "text/plain");
}

TEST(Grammar, RawValuesMayHoldControlCharacters) {
  EXPECT_EQ(Accepted(RegisterWith("X: a\x01\x7F\xFF z\r\n"))->Find("X")->value, "a\x01\x7F\xFF z");
}

TEST(Grammar, QuotedStringsMayHoldControlCharacters) {
  const Parsed parsed = Accepted(RegisterWith("m: \"\x01\t\x7F\" <sip:a@h>\r\n"));
  EXPECT_EQ(parsed->contacts()[0].address.display_name, "\"\x01\t\x7F\"");
}

TEST(Grammar, ControlCharactersAreNoWhiteSpace) {
  EXPECT_EQ(ErrorOf(RegisterWith("m:\x0B<sip:a@h>\r\n")), ErrorCode::kBadNameAddr);
  EXPECT_EQ(ErrorOf(RegisterWith("m: <sip:a@h>\x01\r\n")), ErrorCode::kBadNameAddr);
  EXPECT_EQ(ErrorOf(Replaced(RegisterWith(""), "1826 REG", "1826\x0C REG")), ErrorCode::kBadCSeq);
}

TEST(Grammar, CSeqNumbersReach32Bits) {
  const std::string good = RegisterWith("");
  EXPECT_EQ(Accepted(Replaced(good, "1826", "2147483648"))->cseq.number, 2147483648u);
  EXPECT_EQ(Accepted(Replaced(good, "1826", "000000000000007"))->cseq.number, 7u);
}

TEST(Grammar, MethodOfAResponseIsTheCSeqs) {
  const Parsed parsed = Accepted(
      Replaced(RegisterWith(""), "REGISTER sip:registrar.biloxi.com SIP/2.0", "SIP/2.0 200 OK"));
  EXPECT_EQ(parsed->method_text, "");
  EXPECT_EQ(parsed->cseq.method, Method::kRegister);
}

TEST(Grammar, CallIdMayHoldAnyVisibleCharacter) {
  EXPECT_EQ(
      Accepted(Replaced(RegisterWith(""), "843817637684230@998sdasdh09", "a=b&c;d,e@@f"))->call_id,
      "a=b&c;d,e@@f");
}

TEST(Grammar, WhiteSpaceAndFoldsMayStandAroundSeparators) {
  const Parsed parsed = Accepted(
      RegisterWith("m: <sip:a@h>\r\n ;\texpires\r\n =\r\n\t60 ; q = 0.5 \r\n ,\t<sip:b@h>\r\n"));
  ASSERT_EQ(parsed->contacts().size(), 2u);
  EXPECT_EQ(parsed->contacts()[0].expires_seconds, 60u);
  EXPECT_EQ(parsed->contacts()[0].q_thousandths, 500);
  EXPECT_EQ(parsed->contacts()[1].address.text, "<sip:b@h>");
}

TEST(Grammar, TagsMayHoldBase64) {
  EXPECT_EQ(Accepted(Replaced(RegisterWith(""), "456248", "aB3/+w=="))->from_tag, "aB3/+w==");
}

TEST(Grammar, FirstOfADoubledTagCounts) {
  EXPECT_EQ(Accepted(Replaced(RegisterWith(""), "456248", "1;tag=2"))->from_tag, "1");
}

TEST(Grammar, ParameterValuesMayHoldAddresses) {
  const Parsed parsed = Accepted(RegisterWith("m: <sip:a@h>;x=[::1]:5060/a@b&c$\r\n"));
  EXPECT_EQ(FindParameter(parsed->contacts()[0].address.params, "x").value_or(Parameter()).value,
            "[::1]:5060/a@b&c$");
  EXPECT_EQ(ErrorOf(RegisterWith("m: <sip:a@h>;x=a?b\r\n")), ErrorCode::kBadNameAddr);
}

TEST(Grammar, FirstOfADoubledContactParameterCounts) {
  const Parsed parsed = Accepted(RegisterWith(
      "m: "
      "<sip:a@h>;q=0.1;q=0.2;reg-id=1;reg-id=2;+sip.instance=\"<a>\";+sip.instance=\"<b>\"\r\n"));
  const Contact& contact = parsed->contacts()[0];
  EXPECT_EQ(contact.q_thousandths, 100);
  EXPECT_EQ(contact.reg_id, 1u);
  EXPECT_EQ(contact.instance, "a");
}

TEST(Grammar, InstanceMayLackQuotesOrBrackets) {
  const Parsed parsed =
      Accepted(RegisterWith("m: <sip:a@h>;+sip.instance=urn:uuid:1,\r\n"
                            " <sip:b@h>;+sip.instance=\"urn:uuid:2\"\r\n"));
  EXPECT_EQ(parsed->contacts()[0].instance, "urn:uuid:1");
  EXPECT_EQ(parsed->contacts()[1].instance, "urn:uuid:2");
}

TEST(Grammar, ContactStarDoesNotJudgeExpires) {
  EXPECT_TRUE(Accepted(RegisterWith("m: *\r\nExpires: 60\r\n"))->contact_star);
}

TEST(Grammar, ViaTakesAnyTransportAndVersion) {
  const Parsed parsed =
      Accepted(Replaced(RegisterWith(""), "SIP/2.0/UDP 192", "sip/3.1/X-carrier.pigeon 192"));
  EXPECT_EQ(parsed->top_via.transport, "X-carrier.pigeon");
}

TEST(Grammar, FirstOfADoubledViaParameterCounts) {
  const Parsed parsed = Accepted(Replaced(RegisterWith(""), "branch=z9hG4bK776asdhds",
                                          "branch=1;branch=2;received=a;received=b;rport;rport=9"));
  EXPECT_EQ(parsed->top_via.branch, "1");
  EXPECT_EQ(parsed->top_via.received, "a");
  EXPECT_TRUE(parsed->top_via.has_rport);
  EXPECT_EQ(parsed->top_via.rport, 0);
}

TEST(Grammar, ReceivedIsNotCheckedToBeAnAddress) {
  EXPECT_EQ(
      Accepted(Replaced(RegisterWith(""), "branch=", "received=nowhere;maddr=x;ttl=999;branch="))
          ->top_via.received,
      "nowhere");
}

TEST(Grammar, HostLabelsMayBeginAndEndWithHyphens) {
  Uri uri;
  ParseError error;
  EXPECT_TRUE(ParseUri("sip:-a-.b-", uri, error));
  EXPECT_EQ(uri.host_kind, HostKind::kName);
}

TEST(Grammar, Ipv4GroupsMayHaveLeadingZeros) {
  Uri uri;
  ParseError error;
  EXPECT_TRUE(ParseUri("sip:a@192.000.002.001", uri, error));
  EXPECT_EQ(uri.host_kind, HostKind::kIpv4);
  EXPECT_FALSE(ParseUri("sip:a@192.0000.2.1", uri, error));
}

TEST(Grammar, FirstOfADoubledUriParameterCounts) {
  Uri uri;
  ParseError error;
  ASSERT_TRUE(ParseUri("sip:h;transport=tcp;transport=udp", uri, error));
  EXPECT_EQ(FindParameter(uri.params, "transport").value_or(Parameter()).value, "tcp");
}

TEST(Grammar, FirstOfADoubledCredentialCounts) {
  Credentials credentials;
  ParseError error;
  ASSERT_TRUE(ParseCredentials("Digest realm=\"a\", REALM=\"b\"", credentials, error));
  EXPECT_EQ(FindAuthParameter(credentials, "realm"), "\"a\"");
}

TEST(Grammar, RawUtf8InAUriIsRefused) {
  EXPECT_EQ(ErrorOf(RegisterWith("m: <sip:J\xC3\xBCrgen@h>\r\n")), ErrorCode::kBadUri);
}

TEST(Grammar, PathMayBeADisplayNameWithParameters) {
  EXPECT_EQ(ErrorOf(RegisterWith("Path: \"p\" <sip:p;lr>;x=1, <sip:q>\r\n")), ErrorCode::kNone);
}

}  // namespace
}  // namespace muster::parser
