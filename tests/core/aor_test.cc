#include "muster/core/aor.h"

#include <gtest/gtest.h>

#include <string>

namespace muster::core {
namespace {

std::string Canonical(std::string_view text) {
  const auto aor = Aor::Parse(text);
  return aor ? std::string(aor->text()) : "none";
}

TEST(AorTest, SpellingsOfOneUserAreOneAor) {
  for (const std::string_view text :
       {"alice@example.com", "sip:alice@example.com", "SIP:alice@EXAMPLE.com",
        "sips:alice@example.com", "sip:%61lice@example.com", "sip:alice:secret@example.com:5080",
        "sip:alice@example.com;transport=tcp", "sip:alice@example.com?Subject=x"}) {
    EXPECT_EQ(Canonical(text), "alice@example.com") << text;
    EXPECT_EQ(Aor::Parse(text)->hash(), Aor::Parse("alice@example.com")->hash()) << text;
  }
}

TEST(AorTest, UserPartsDifferByCase) {
  EXPECT_EQ(Canonical("sip:Alice@example.com"), "Alice@example.com");
}

TEST(AorTest, EscapesWhatMayNotStandUnescapedInUpperCaseHex) {
  EXPECT_EQ(Canonical("sip:j%40s0n@example.com"), "j%40s0n@example.com");
  EXPECT_EQ(Canonical("sip:a%2fb%3a%23@example.com"), "a/b%3A%23@example.com");
  EXPECT_EQ(Canonical("sip:%00%c3%bc@example.com"), "%00%C3%BC@example.com");
  EXPECT_EQ(Canonical("sip:%2B49%20@example.com"), "+49%20@example.com");
}

TEST(AorTest, KeepsEachOctetThatUserAllows) {
  const std::string allowed = "azAZ09-_.!~*'()&=+$,;?/";
  EXPECT_EQ(Canonical("sip:" + allowed + "@example.com"), allowed + "@example.com");
}

TEST(AorTest, CanonicalTextIsItsOwnCanonicalText) {
  for (const std::string_view text : {"a%25%00@h.example", "x;y=z@[2001:db8::1]", "h.example"}) {
    EXPECT_EQ(Canonical(text), text);
  }
}

TEST(AorTest, WithoutUserItIsTheHostAlone) {
  const Aor aor = Aor::Parse("sip:Example.com:5060").value();
  EXPECT_EQ(aor.text(), "example.com");
  EXPECT_EQ(aor.user(), "");
  EXPECT_EQ(aor.domain(), "example.com");
}

TEST(AorTest, SplitsUserAndDomain) {
  const Aor aor = Aor::Parse("sip:alice@example.com").value();
  EXPECT_EQ(aor.user(), "alice");
  EXPECT_EQ(aor.domain(), "example.com");
}

TEST(AorTest, WritesIpv6HostsInTheirShortestForm) {
  EXPECT_EQ(Canonical("sip:a@[2001:0DB8:0:0::0001]:5060"), "a@[2001:db8::1]");
  EXPECT_EQ(Canonical("sip:a@[::FFFF:10.0.0.1]"), "a@[::ffff:10.0.0.1]");
}

TEST(AorTest, OtherSchemesAreNoAors) {
  EXPECT_EQ(Canonical("tel:+4930123"), "none");
  for (const auto scheme : {parser::UriScheme::kTel, parser::UriScheme::kOther}) {
    parser::Uri uri;
    uri.scheme = scheme;
    uri.user = "+4930123";
    EXPECT_FALSE(Aor::FromUri(uri));
  }
}

TEST(AorTest, NonsenseIsNoAor) {
  for (const std::string_view text :
       {"", "@", "sip:", "a@", "a b@example.com", "a@b@c", "a@[::1"}) {
    EXPECT_EQ(Canonical(text), "none") << text;
  }
}

TEST(AorTest, LengthIsLimitedAndTheLimitIsReached) {
  const std::string domain = "@example.com";
  const std::string longest(Limits::kMaxAorBytes - domain.size(), 'a');
  EXPECT_EQ(Canonical(longest + domain), longest + domain);
  EXPECT_EQ(Canonical(longest + "a" + domain), "none");
  // It is the canonical text that counts.
  const std::string escaped(Limits::kMaxAorBytes / 3, '#');
  parser::Uri uri;
  uri.scheme = parser::UriScheme::kSip;
  uri.user = escaped;
  uri.host = "h";
  uri.has_user = true;
  EXPECT_EQ(Aor::FromUri(uri)->text().size(), 3 * escaped.size() + 2);
  uri.host = "host.example";
  EXPECT_FALSE(Aor::FromUri(uri));
}

TEST(AorTest, BrokenEscapesAreEscapedThemselves) {
  char out[32];
  EXPECT_EQ(std::string_view(out, CanonicalUser("a%2", out)), "a%252");
  EXPECT_EQ(std::string_view(out, CanonicalUser("%zz%", out)), "%25zz%25");
}

}  // namespace
}  // namespace muster::core
