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

}  // namespace
}  // namespace muster::parser
