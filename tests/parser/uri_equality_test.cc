#include <gtest/gtest.h>

#include <string_view>

#include "muster/parser/uri.h"

namespace muster::parser {
namespace {

bool Equal(std::string_view a, std::string_view b) {
  Uri first, second;
  ParseError error;
  EXPECT_TRUE(ParseUri(a, first, error)) << a;
  EXPECT_TRUE(ParseUri(b, second, error)) << b;
  EXPECT_EQ(Equivalent(first, second), Equivalent(second, first)) << a << " " << b;
  return Equivalent(first, second);
}

// The examples of RFC 3261 19.1.4, all of them.
TEST(Equivalent, HoldsForTheExamplesOfTheRfc) {
  EXPECT_TRUE(
      Equal("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
  EXPECT_TRUE(Equal("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
  EXPECT_TRUE(Equal("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(Equal("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(Equal("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                    "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
  EXPECT_TRUE(Equal("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                    "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
}

TEST(Equivalent, FailsForTheCounterExamplesOfTheRfc) {
  EXPECT_FALSE(Equal("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
  EXPECT_FALSE(Equal("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
  EXPECT_FALSE(Equal("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
  EXPECT_FALSE(Equal("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
  EXPECT_FALSE(Equal("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
  EXPECT_FALSE(Equal("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
  // "Equality is not transitive": on one side only a parameter is ignored, on both it counts.
  EXPECT_FALSE(Equal("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
}

TEST(Equivalent, ComparesUsersByCaseAndHostsWithout) {
  EXPECT_TRUE(Equal("sip:a@EXAMPLE.com", "SIP:a@example.COM"));
  EXPECT_FALSE(Equal("sip:A@h", "sip:a@h"));
  EXPECT_FALSE(Equal("sip:a:Pw@h", "sip:a:pw@h"));
  EXPECT_FALSE(Equal("sip:a:pw@h", "sip:a@h"));
  EXPECT_FALSE(Equal("sip:a@h", "sip:h"));
  EXPECT_FALSE(Equal("sip:a@h", "sips:a@h"));
}

TEST(Equivalent, TakesAnEscapeForItsCharacterUnlessReserved) {
  EXPECT_TRUE(Equal("sip:%61%6c@h", "sip:al@h"));
  EXPECT_TRUE(Equal("sip:%4A@h", "sip:%4a@h"));
  EXPECT_TRUE(Equal("sip:a%2Db@h", "sip:a-b@h"));
  EXPECT_FALSE(Equal("sip:a%3Bb@h", "sip:a;b@h"));
  EXPECT_TRUE(Equal("sip:a%3Bb@h", "sip:a%3bb@h"));
  EXPECT_FALSE(Equal("sip:%00@h", "sip:%00%00@h"));
  EXPECT_TRUE(Equal("sip:h;n%61me=v%61l", "sip:h;NAME=VAL"));
  EXPECT_FALSE(Equal("sip:h;%75ser=phone", "sip:h"));
}

TEST(Equivalent, MissesNoParameterThatCountsOnOneSide) {
  for (const std::string_view name : {"user", "ttl", "method", "maddr", "transport"}) {
    const std::string with = "sip:a@h;" + std::string(name) + "=x";
    EXPECT_FALSE(Equal(with, "sip:a@h")) << name;
    EXPECT_FALSE(Equal(with, "sip:a@h;" + std::string(name) + "=y")) << name;
    EXPECT_TRUE(Equal(with, with + ";other=1")) << name;
  }
  EXPECT_TRUE(Equal("sip:a@h;lr", "sip:a@h"));
  EXPECT_FALSE(Equal("sip:a@h;lr", "sip:a@h;lr=on"));
  EXPECT_TRUE(Equal("sip:a@h;a=1;b=2;c", "sip:a@h;c;B=2;A=1"));
}

TEST(Equivalent, ComparesHeadersAsSets) {
  EXPECT_TRUE(Equal("sip:h?a=1&b=2", "sip:h?B=2&A=1"));
  EXPECT_FALSE(Equal("sip:h?a=1&b=2", "sip:h?a=1"));
  EXPECT_FALSE(Equal("sip:h?a=1", "sip:h?a=2"));
  EXPECT_TRUE(Equal("sip:h?a=%31", "sip:h?a=1"));
  EXPECT_FALSE(Equal("sip:h?Route=%3Csip:A%40h%3E", "sip:h?Route=%3Csip:a%40h%3E"));
}

TEST(Equivalent, ComparesIpv6AddressesByValue) {
  EXPECT_TRUE(Equal("sip:[2001:db8::1]", "sip:[2001:DB8:0:0:0:0:0:1]"));
  EXPECT_TRUE(Equal("sip:[::ffff:1.2.3.4]", "sip:[::FFFF:0102:0304]"));
  EXPECT_FALSE(Equal("sip:[2001:db8::1]", "sip:[2001:db8::2]"));
}

TEST(Equivalent, ComparesTelNumbersWithoutSeparators) {
  EXPECT_TRUE(Equal("tel:+1-201-555-0123", "TEL:+1(201)555.0123"));
  EXPECT_FALSE(Equal("tel:+12015550123", "tel:+12015550124"));
  EXPECT_FALSE(Equal("tel:+1;ext=1", "tel:+1"));
  EXPECT_TRUE(Equal("tel:+1;ext=1-2;x=Y", "tel:+1;X=y;EXT=12"));
  EXPECT_TRUE(Equal("tel:70-42;phone-context=Example.com", "tel:7042;phone-context=example.COM"));
  EXPECT_TRUE(Equal("tel:1;phone-context=+1-2", "tel:1;phone-context=+12"));
  EXPECT_FALSE(Equal("tel:1;phone-context=+1", "tel:1;phone-context=+2"));
  EXPECT_FALSE(Equal("tel:+1", "tel:1;phone-context=+1"));
  EXPECT_FALSE(Equal("tel:+1", "sip:+1@h"));
}

TEST(Equivalent, ComparesOtherSchemesByTheirBytes) {
  EXPECT_TRUE(Equal("isbn:123", "isbn:123"));
  EXPECT_FALSE(Equal("isbn:123", "ISBN:123"));
}

}  // namespace
}  // namespace muster::parser
