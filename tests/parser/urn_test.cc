#include "value.h"

namespace muster::parser {
namespace {

using test::Accepted;
using test::Is;
using test::Refused;

TEST(ParseUrn, ReadsEachPart) {
  Urn urn = Accepted(ParseUrn, "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  EXPECT_EQ(urn.nid, "uuid");
  EXPECT_EQ(urn.nss, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  urn = Accepted(ParseUrn, "URN:ex-1:a/b%2F:@!$&'()*+,;=-._~?+r/x?y?=q?=z?+#f?/");
  EXPECT_EQ(urn.nid, "ex-1");
  EXPECT_EQ(urn.nss, "a/b%2F:@!$&'()*+,;=-._~");
  EXPECT_EQ(urn.r_component, "r/x?y");
  EXPECT_EQ(urn.q_component, "q?=z?+");
  EXPECT_EQ(urn.f_component, "f?/");
  urn = Accepted(ParseUrn, "urn:gsma:imei:90420156-025763-0?=vers=0#");
  EXPECT_EQ(urn.q_component, "vers=0");
  EXPECT_EQ(urn.r_component, "");
  EXPECT_EQ(urn.f_component, "");
}

TEST(ParseUrn, RefusesABadNamespace) {
  EXPECT_THAT(Refused(ParseUrn, ""), Is(ErrorCode::kBadUri, 0));
  EXPECT_THAT(Refused(ParseUrn, "uri:uuid:x"), Is(ErrorCode::kBadUri, 0));
  EXPECT_THAT(Refused(ParseUrn, "urn:"), Is(ErrorCode::kBadUri, 4));
  EXPECT_THAT(Refused(ParseUrn, "urn:u:x"), Is(ErrorCode::kBadUri, 4));
  EXPECT_THAT(Refused(ParseUrn, "urn:-uuid:x"), Is(ErrorCode::kBadUri, 4));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid-:x"), Is(ErrorCode::kBadUri, 4));
  EXPECT_THAT(Refused(ParseUrn, "urn:uu.id:x"), Is(ErrorCode::kBadUri, 6));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid"), Is(ErrorCode::kBadUri, 8));
  const std::string longest = "urn:" + std::string(32, 'n');
  Accepted(ParseUrn, longest + ":x");
  EXPECT_THAT(Refused(ParseUrn, longest + "n:x"), Is(ErrorCode::kBadUri, 4));
}

TEST(ParseUrn, RefusesBadStrings) {
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:"), Is(ErrorCode::kBadUri, 9));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:/x"), Is(ErrorCode::kBadUri, 9));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:a b"), Is(ErrorCode::kBadUri, 10));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:a%2"), Is(ErrorCode::kBadUri, 10));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:a%gg"), Is(ErrorCode::kBadUri, 10));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:a[1]"), Is(ErrorCode::kBadUri, 10));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:a\xC3\xA4"), Is(ErrorCode::kBadUri, 10));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:a?"), Is(ErrorCode::kBadUri, 10));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:a?x"), Is(ErrorCode::kBadUri, 10));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:a?+"), Is(ErrorCode::kBadUri, 12));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:a?+/b"), Is(ErrorCode::kBadUri, 12));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:a?=?b"), Is(ErrorCode::kBadUri, 12));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:a?+b?="), Is(ErrorCode::kBadUri, 15));
  EXPECT_THAT(Refused(ParseUrn, "urn:uuid:a#b#c"), Is(ErrorCode::kBadUri, 12));
}

TEST(ParseUrn, ReadsNoMoreThanAUriMayHave) {
  std::string text = "urn:x-y:";
  text.append(kMaxUriBytes - text.size(), 'z');
  Accepted(ParseUrn, text);
  EXPECT_THAT(Refused(ParseUrn, text + "z"), Is(ErrorCode::kUriTooLong, kMaxUriBytes));
}

TEST(ParseUri, ChecksAUrnToItsLastByte) {
  const Uri uri = Accepted(ParseUri, "Urn:service:sos.fire?+a#b");
  EXPECT_EQ(uri.scheme, UriScheme::kUrn);
  EXPECT_EQ(uri.text, "Urn:service:sos.fire?+a#b");
  EXPECT_EQ(uri.scheme_text, "Urn");
  EXPECT_EQ(uri.user, "");
  EXPECT_EQ(uri.host, "");
  EXPECT_EQ(uri.headers, "");
  EXPECT_FALSE(uri.has_user);
  EXPECT_THAT(Refused(ParseUri, "urn:service"), Is(ErrorCode::kBadUri, 11));
  EXPECT_THAT(Refused(ParseUri, "urn:service:sos?x"), Is(ErrorCode::kBadUri, 15));
}

bool Same(std::string_view a, std::string_view b) {
  const Uri uri_a = Accepted(ParseUri, a), uri_b = Accepted(ParseUri, b);
  EXPECT_EQ(Equivalent(uri_a, uri_b), Equivalent(uri_b, uri_a));
  return Equivalent(uri_a, uri_b);
}

// The examples are those of RFC 8141 3.2.
TEST(Equivalent, ComparesUrnsByNamespaceAndString) {
  constexpr std::string_view kUrn = "urn:example:a123,z456";
  for (const std::string_view same :
       {"URN:example:a123,z456", "urn:EXAMPLE:a123,z456", "urn:example:a123,z456?+abc",
        "urn:example:a123,z456?=xyz", "urn:example:a123,z456#789"}) {
    EXPECT_TRUE(Same(kUrn, same)) << same;
  }
  for (const std::string_view other :
       {"urn:example:a123,z456/foo", "urn:example:A123,z456", "urn:example:a123%2Cz456",
        "urn:example:%D0%B0123,z456", "urn:example2:a123,z456"}) {
    EXPECT_FALSE(Same(kUrn, other)) << other;
  }
  EXPECT_TRUE(Same("urn:example:a123%2Cz456", "URN:EXAMPLE:a123%2cz456"));
  EXPECT_FALSE(Same("urn:example:a%2CB", "urn:example:a%2Cb"));
}

TEST(Equivalent, ComparesTheDigitsOfUuids) {
  EXPECT_TRUE(Same("urn:uuid:F81D4FAE-7dec-11d0-a765-00a0c91e6bf6",
                   "urn:UUID:f81d4fae-7dec-11d0-A765-00A0C91E6BF6"));
  EXPECT_FALSE(Same("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
                    "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf7"));
}

}  // namespace
}  // namespace muster::parser
