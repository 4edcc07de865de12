#include "muster/parser/header_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace muster::parser {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Items(std::string_view list, bool fails = false) {
  ListReader reader(list);
  std::vector<std::string> items;
  for (std::string_view item; reader.Next(item);) items.emplace_back(item);
  EXPECT_EQ(reader.failed(), fails) << list;
  std::string_view item;
  EXPECT_FALSE(reader.Next(item));
  return items;
}

TEST(ListReader, SplitsAtCommas) {
  EXPECT_THAT(Items("path"), ElementsAre("path"));
  EXPECT_THAT(Items(" a ,b\t,\r\n c "), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Items(""), IsEmpty());
  EXPECT_THAT(Items("  "), IsEmpty());
}

TEST(ListReader, KeepsCommasInsideQuotesAndBrackets) {
  EXPECT_THAT(Items("\"a, \\\", b\" <sip:x,y@h>;p=\",\", <sip:z>"),
              ElementsAre("\"a, \\\", b\" <sip:x,y@h>;p=\",\"", "<sip:z>"));
}

TEST(ListReader, RefusesEmptyValuesAndWhatDoesNotEnd) {
  EXPECT_THAT(Items(",", true), IsEmpty());
  EXPECT_THAT(Items("a,", true), ElementsAre("a"));
  EXPECT_THAT(Items("a,,b", true), ElementsAre("a"));
  EXPECT_THAT(Items(",a", true), IsEmpty());
  EXPECT_THAT(Items("a,\"b", true), ElementsAre("a"));
  EXPECT_THAT(Items("a,<b", true), ElementsAre("a"));
}

NameAddr Address(std::string_view text) {
  NameAddr address;
  ParseError error;
  EXPECT_TRUE(ParseNameAddr(text, address, error)) << text << " at " << error.offset;
  return address;
}

ErrorCode AddressError(std::string_view text) {
  NameAddr address;
  ParseError error;
  EXPECT_FALSE(ParseNameAddr(text, address, error)) << text;
  return error.code;
}

TEST(ParseNameAddr, ReadsEachForm) {
  NameAddr address = Address("\"A. \\\"B\\\"\"  <sip:a@h;lr>;tag=1;x=\"y;z\"");
  EXPECT_EQ(address.text, "\"A. \\\"B\\\"\"  <sip:a@h;lr>;tag=1;x=\"y;z\"");
  EXPECT_EQ(address.display_name, "\"A. \\\"B\\\"\"");
  EXPECT_EQ(address.uri.text, "sip:a@h;lr");
  EXPECT_EQ(address.uri.params, "lr");
  EXPECT_EQ(address.params, "tag=1;x=\"y;z\"");
  EXPECT_TRUE(address.bracketed);

  address = Address(" Watson Thomas<sip:t@h> ");
  EXPECT_EQ(address.text, "Watson Thomas<sip:t@h>");
  EXPECT_EQ(address.display_name, "Watson Thomas");
  EXPECT_EQ(address.params, "");

  address = Address("<tel:+1>");
  EXPECT_EQ(address.display_name, "");
  EXPECT_EQ(address.uri.scheme, UriScheme::kTel);
}

TEST(ParseNameAddr, GivesParametersBehindAUriWithoutBracketsToTheHeader) {
  const NameAddr address = Address("sip:a@h:5070 ;\r\n user=phone ; x");
  EXPECT_FALSE(address.bracketed);
  EXPECT_EQ(address.uri.text, "sip:a@h:5070");
  EXPECT_EQ(address.uri.params, "");
  EXPECT_EQ(address.params, "user=phone ; x");
}

TEST(ParseNameAddr, TakesAnyBytesAboveAsciiInNames) {
  EXPECT_EQ(Address("\"\xFF\xC3\xA4\" <sip:a@h>").display_name, "\"\xFF\xC3\xA4\"");
  EXPECT_EQ(Address("J\xC3\xBCrgen <sip:a@h>").display_name, "J\xC3\xBCrgen");
}

TEST(ParseNameAddr, RefusesBrokenAddresses) {
  EXPECT_EQ(AddressError(""), ErrorCode::kBadNameAddr);
  EXPECT_EQ(AddressError("Bell, Alexander <sip:a@h>"), ErrorCode::kBadNameAddr);
  EXPECT_EQ(AddressError("\"A <sip:a@h>"), ErrorCode::kUnterminatedQuote);
  EXPECT_EQ(AddressError("\"A\\"), ErrorCode::kUnterminatedQuote);
  EXPECT_EQ(AddressError("\"A\" sip:a@h"), ErrorCode::kBadNameAddr);
  EXPECT_EQ(AddressError("\"A\" b <sip:a@h>"), ErrorCode::kBadNameAddr);
  EXPECT_EQ(AddressError("<sip:a@h"), ErrorCode::kBadNameAddr);
  EXPECT_EQ(AddressError("< sip:a@h>"), ErrorCode::kBadUri);
  EXPECT_EQ(AddressError("<sip:a@h >"), ErrorCode::kBadUri);
  EXPECT_EQ(AddressError("<>"), ErrorCode::kBadUri);
  EXPECT_EQ(AddressError("sip:a@h?Route=x"), ErrorCode::kBadNameAddr);
  EXPECT_EQ(AddressError("<sip:a@h> x"), ErrorCode::kBadNameAddr);
  EXPECT_EQ(AddressError("<sip:a@h>, <sip:b@h>"), ErrorCode::kBadNameAddr);
  EXPECT_EQ(AddressError("<sip:a@h>;"), ErrorCode::kBadParameter);
  EXPECT_EQ(AddressError("<sip:a@h>;;x"), ErrorCode::kBadParameter);
  EXPECT_EQ(AddressError("<sip:a@h>;x="), ErrorCode::kBadParameter);
  EXPECT_EQ(AddressError("<sip:a@h>;x=\"y"), ErrorCode::kUnterminatedQuote);
  EXPECT_EQ(AddressError("<sip:a@h>;x=y z"), ErrorCode::kBadNameAddr);
}

TEST(ParseNameAddr, TakesNoLineEndButAFold) {
  Address("A\r\n B <sip:a@h>\r\n\t;x");
  EXPECT_EQ(AddressError("A\r\nB <sip:a@h>"), ErrorCode::kBadNameAddr);
  EXPECT_EQ(AddressError("A\n B <sip:a@h>"), ErrorCode::kBadNameAddr);
  EXPECT_EQ(AddressError("\"A\r\nB\" <sip:a@h>"), ErrorCode::kUnterminatedQuote);
  EXPECT_EQ(AddressError("\"A\\\r\n B\" <sip:a@h>"), ErrorCode::kUnterminatedQuote);
  EXPECT_EQ(AddressError("<sip:a@h>\r\n"), ErrorCode::kBadNameAddr);
}

TEST(ParseNameAddr, SaysWhereAUriBroke) {
  NameAddr address;
  ParseError error;
  EXPECT_FALSE(ParseNameAddr("Bob <sip:b@h:0>", address, error));
  EXPECT_EQ(error.code, ErrorCode::kBadUri);
  EXPECT_EQ(error.offset, 14u);
}

Contact ContactOf(std::string_view text) {
  Contact contact;
  ParseError error;
  EXPECT_TRUE(ParseContact(text, contact, error)) << text;
  return contact;
}

TEST(ParseContact, DecodesItsParameters) {
  const Contact contact = ContactOf(
      "\"x\" <sip:a@h;ob>;q=0.75;Expires=1800;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-"
      "000A95A0E128>\";reg-id=2;methods=\"INVITE, BYE\"");
  EXPECT_EQ(contact.address.uri.text, "sip:a@h;ob");
  EXPECT_EQ(contact.q_text, "0.75");
  EXPECT_EQ(contact.q_thousandths, 750);
  EXPECT_TRUE(contact.has_expires);
  EXPECT_EQ(contact.expires_seconds, 1800u);
  EXPECT_EQ(contact.instance, "urn:uuid:00000000-0000-1000-8000-000A95A0E128");
  EXPECT_EQ(contact.reg_id, 2u);
  EXPECT_EQ(FindParameter(contact.address.params, "methods")->value, "\"INVITE, BYE\"");
}

TEST(ParseContact, KnowsWhatIsAbsent) {
  const Contact contact = ContactOf("sip:a@h");
  EXPECT_EQ(contact.q_text, "");
  EXPECT_EQ(contact.q_thousandths, 1000);
  EXPECT_FALSE(contact.has_expires);
  EXPECT_EQ(contact.instance, "");
  EXPECT_EQ(contact.reg_id, 0u);
}

TEST(ParseContact, IgnoresABadQ) {
  for (const std::string_view q :
       {"1.5", "2", "-1", "0.1234", "1.001", "00.5", "0,5", ".5", "\"0.5\"", "x", "0.5x", "0.x"}) {
    Contact contact;
    ParseError error;
    const std::string text = "<sip:a@h>;q=" + std::string(q);
    if (!ParseContact(text, contact, error)) {
      EXPECT_EQ(q, "0,5");
      continue;
    }
    EXPECT_EQ(contact.q_text, "") << q;
    EXPECT_EQ(contact.q_thousandths, 1000) << q;
  }
  EXPECT_EQ(ContactOf("<sip:a@h>;q=0").q_thousandths, 0);
  EXPECT_EQ(ContactOf("<sip:a@h>;q=0.").q_thousandths, 0);
  EXPECT_EQ(ContactOf("<sip:a@h>;q=1.000").q_thousandths, 1000);
  EXPECT_EQ(ContactOf("<sip:a@h>;q=0.007").q_thousandths, 7);
  EXPECT_EQ(ContactOf("<sip:a@h>;q").q_thousandths, 1000);
}

TEST(ParseContact, TakesABadExpiresForAnHour) {
  EXPECT_EQ(ContactOf("<sip:a@h>;expires=280297596632815").expires_seconds, 3600u);
  EXPECT_EQ(ContactOf("<sip:a@h>;expires=abc").expires_seconds, 3600u);
  EXPECT_EQ(ContactOf("<sip:a@h>;expires").expires_seconds, 3600u);
  EXPECT_EQ(ContactOf("<sip:a@h>;expires=4294967295").expires_seconds, 4294967295u);
  EXPECT_EQ(ContactOf("<sip:a@h>;expires=0").expires_seconds, 0u);
  EXPECT_EQ(ContactOf("<sip:a@h>;expires=7;expires=8").expires_seconds, 7u);
}

TEST(ParseContact, TakesABadRegIdForNone) {
  EXPECT_EQ(ContactOf("<sip:a@h>;reg-id=0").reg_id, 0u);
  EXPECT_EQ(ContactOf("<sip:a@h>;reg-id=2147483647").reg_id, 2147483647u);
  EXPECT_EQ(ContactOf("<sip:a@h>;reg-id=2147483648").reg_id, 0u);
  EXPECT_EQ(ContactOf("<sip:a@h>;reg-id=x").reg_id, 0u);
}

Via ViaOf(std::string_view text) {
  Via via;
  ParseError error;
  EXPECT_TRUE(ParseVia(text, via, error)) << text << " at " << error.offset;
  return via;
}

TEST(ParseVia, ReadsEachPart) {
  const Via via =
      ViaOf("SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1;received=10.0.0.1;rport=1024;x");
  EXPECT_EQ(via.transport, "UDP");
  EXPECT_EQ(via.host, "192.0.2.1");
  EXPECT_EQ(via.port, 5070);
  EXPECT_EQ(via.params, "branch=z9hG4bK1;received=10.0.0.1;rport=1024;x");
  EXPECT_EQ(via.branch, "z9hG4bK1");
  EXPECT_EQ(via.received, "10.0.0.1");
  EXPECT_TRUE(via.has_rport);
  EXPECT_EQ(via.rport, 1024);
}

TEST(ParseVia, TakesWhiteSpaceAndFoldsEverywhere) {
  const Via via = ViaOf(" SIP  /   2.0\r\n /UDP\r\n    192.0.2.2 : 5060 ; branch = 390skdjuw ");
  EXPECT_EQ(via.host, "192.0.2.2");
  EXPECT_EQ(via.port, 5060);
  EXPECT_EQ(via.branch, "390skdjuw");
  EXPECT_TRUE(via.text.starts_with("SIP"));
  EXPECT_TRUE(via.text.ends_with("390skdjuw"));
}

TEST(ParseVia, ReadsIpv6AndNames) {
  EXPECT_EQ(ViaOf("SIP/2.0/TCP [2001:db8::1]:5060;rport;received=2001:db8::2").host,
            "[2001:db8::1]");
  EXPECT_EQ(ViaOf("SIP/2.0/TCP [::1];received=2001:db8::2").received, "2001:db8::2");
  EXPECT_EQ(ViaOf("sip/2.0/ws df7jal23ls0d.invalid;rport").has_rport, true);
  EXPECT_EQ(ViaOf("SIP/2.0/UDP 3f2a9c1b8d7e").port, 0);
  EXPECT_EQ(ViaOf("SIP/7.0/UDP c.example.com").host, "c.example.com");
}

TEST(ParseVia, RefusesBrokenOnes) {
  for (const std::string_view text :
       {"", "SIP", "SIP/2.0", "SIP/2.0/", "SIP/2.0/UDP", "SIP/2.0/UDP ", "SIP/2.0UDP h",
        "HTTP/1.1/TCP h", "SIP/2.0/UDP h:0", "SIP/2.0/UDP h:65536",
        "SIP/2.0/UDP h:", "SIP/2.0/UDP a b", "SIP/2.0/UDP [::1", "SIP/2.0/UDP\r\nh",
        "SIP/2.0/UDP h, SIP/2.0/UDP i"}) {
    Via via;
    ParseError error;
    EXPECT_FALSE(ParseVia(text, via, error)) << text;
    EXPECT_EQ(error.code, ErrorCode::kBadVia) << text;
  }
  for (const std::string_view text : {"SIP/2.0/UDP h;", "SIP/2.0/UDP h;;x", "SIP/2.0/UDP h;branch",
                                      "SIP/2.0/UDP h;branch=", "SIP/2.0/UDP h;rport=x",
                                      "SIP/2.0/UDP h;rport=65536", "SIP/2.0/UDP h;received"}) {
    Via via;
    ParseError error;
    EXPECT_FALSE(ParseVia(text, via, error)) << text;
    EXPECT_EQ(error.code, ErrorCode::kBadParameter) << text;
  }
}

Credentials CredentialsOf(std::string_view text) {
  Credentials credentials;
  ParseError error;
  EXPECT_TRUE(ParseCredentials(text, credentials, error)) << text;
  return credentials;
}

TEST(ParseCredentials, FindsDigestParameters) {
  const Credentials credentials = CredentialsOf(
      "Digest username=\"bob, \\\"b\\\"\", realm = \"h\" ,\r\n nonce=\"84a4=\",qop=auth, "
      "nc=00000001");
  EXPECT_EQ(credentials.scheme, "Digest");
  EXPECT_EQ(FindAuthParameter(credentials, "username"), "\"bob, \\\"b\\\"\"");
  EXPECT_EQ(FindAuthParameter(credentials, "REALM"), "\"h\"");
  EXPECT_EQ(FindAuthParameter(credentials, "nonce"), "\"84a4=\"");
  EXPECT_EQ(FindAuthParameter(credentials, "qop"), "auth");
  EXPECT_EQ(FindAuthParameter(credentials, "nc"), "00000001");
  EXPECT_EQ(FindAuthParameter(credentials, "opaque"), std::nullopt);
  EXPECT_EQ(FindAuthParameter(credentials, "b"), std::nullopt);
}

TEST(ParseCredentials, TakesSchemesItDoesNotKnow) {
  const Credentials credentials = CredentialsOf("NoOneKnowsThisScheme opaque-data=here");
  EXPECT_EQ(credentials.scheme, "NoOneKnowsThisScheme");
  EXPECT_EQ(FindAuthParameter(credentials, "opaque-data"), "here");
  EXPECT_EQ(CredentialsOf("Bearer eyJh.eyJz/+==").params, "eyJh.eyJz/+==");
  EXPECT_EQ(CredentialsOf("NTLM").params, "");
}

TEST(ParseCredentials, RefusesBrokenOnes) {
  for (const std::string_view text :
       {"", "=", "Digest,", "Digest username", "Digest a=\"b", "Digest a=b c=d", "Digest a=b,",
        "Digest ,a=b", "Digest a=", "Bearer a b"}) {
    Credentials credentials;
    ParseError error;
    EXPECT_FALSE(ParseCredentials(text, credentials, error)) << text;
    EXPECT_NE(error.code, ErrorCode::kNone);
  }
}

TEST(ExpiresFrom, TakesWhatIsNoNumberForAnHour) {
  EXPECT_EQ(ExpiresFrom("60"), 60u);
  EXPECT_EQ(ExpiresFrom(" 0068 "), 68u);
  EXPECT_EQ(ExpiresFrom("4294967295"), 4294967295u);
  for (const std::string_view text : {"", "4294967296", "-1", "abc", "6 0", "1e3", "+5"}) {
    EXPECT_EQ(ExpiresFrom(text), 3600u) << text;
  }
  EXPECT_EQ(ExpiresFrom(std::string(100, '9')), 3600u);
}

std::string Unquoted(std::string_view text) {
  std::string out(text.size(), '?');
  out.resize(Unquote(text, out.data()));
  return out;
}

TEST(Unquote, DropsQuotesAndBackslashes) {
  EXPECT_EQ(Unquoted("token"), "token");
  EXPECT_EQ(Unquoted("\"quoted \\\"x\\\"\""), "quoted \"x\"");
  EXPECT_EQ(Unquoted("\"a\\\\b\""), "a\\b");
  EXPECT_EQ(Unquoted("\"\""), "");
  EXPECT_EQ(Unquoted(std::string_view("\"a\\\0b\"", 6)), std::string("a\0b", 3));
  EXPECT_EQ(Unquoted("\"a\r\n\t b\""), "a b");
  EXPECT_EQ(Unquoted("\""), "\"");
  EXPECT_EQ(Unquoted(""), "");
}

}  // namespace
}  // namespace muster::parser
