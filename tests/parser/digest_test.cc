#include "muster/parser/digest.h"

#include "value.h"

namespace muster::parser {
namespace {

using test::Accepted;
using test::Is;
using test::Refused;

constexpr std::string_view kRequired =
    "Digest username=\"bob\",realm=\"biloxi.com\",nonce=\"84a4cc6f\",uri=\"sip:biloxi.com\","
    "response=\"6629fae4\"";
constexpr std::uint32_t kRequiredSize = kRequired.size();

std::string With(std::string_view more) { return std::string(kRequired) + std::string(more); }

TEST(ParseDigestCredentials, ReadsEachField) {
  const DigestCredentials credentials =
      Accepted(ParseDigestCredentials,
               " DIGEST Username = \"b\\\"ob, B\" ,\r\n realm=\"biloxi.com\", nonce=\"84a4cc6f\", "
               "uri=\"sip:biloxi.com\", qop=auth, nc=0000001A, cnonce=\"0a4f113b\", "
               "response=\"6629FAE4\", opaque=\"\", algorithm=SHA-256, auts=\"x\" ");
  EXPECT_EQ(credentials.username, "b\\\"ob, B");
  EXPECT_EQ(credentials.realm, "biloxi.com");
  EXPECT_EQ(credentials.nonce, "84a4cc6f");
  EXPECT_EQ(credentials.uri, "sip:biloxi.com");
  EXPECT_EQ(credentials.response, "6629FAE4");
  EXPECT_EQ(credentials.algorithm, "SHA-256");
  EXPECT_EQ(credentials.qop, "auth");
  EXPECT_EQ(credentials.nc, "0000001A");
  EXPECT_EQ(credentials.nonce_count, 26u);
  EXPECT_EQ(credentials.cnonce, "0a4f113b");
  EXPECT_EQ(credentials.opaque, "");
}

TEST(ParseDigestCredentials, KnowsWhatIsAbsent) {
  const DigestCredentials credentials = Accepted(ParseDigestCredentials, kRequired);
  EXPECT_EQ(credentials.algorithm, "");
  EXPECT_EQ(credentials.qop, "");
  EXPECT_EQ(credentials.nc, "");
  EXPECT_EQ(credentials.cnonce, std::nullopt);
  EXPECT_EQ(credentials.opaque, std::nullopt);
}

TEST(ParseDigestCredentials, TakesEmptyStringsAndTokensInQuotes) {
  const DigestCredentials credentials = Accepted(
      ParseDigestCredentials,
      "Digest username=\"\",realm=\"\",nonce=\"\",uri=\"\",response=\"\",algorithm=\"MD5\","
      "qop=\"auth\",cnonce=\"\",nc=\"ffffFFFF\"");
  EXPECT_EQ(credentials.username, "");
  EXPECT_EQ(credentials.algorithm, "MD5");
  EXPECT_EQ(credentials.qop, "auth");
  EXPECT_EQ(credentials.cnonce, "");
  EXPECT_EQ(credentials.nonce_count, 0xFFFF'FFFFu);
}

TEST(ParseDigestCredentials, RefusesAFieldThatIsMissing) {
  for (const std::string_view name : {"username", "realm", "nonce", "uri", "response"}) {
    std::string text(kRequired);
    text.replace(text.find(name), name.size(), "x");
    EXPECT_THAT(Refused(ParseDigestCredentials, text),
                Is(ErrorCode::kBadCredentials, static_cast<std::uint32_t>(text.size())));
  }
  EXPECT_THAT(Refused(ParseDigestCredentials, With(",qop=auth,nc=00000001")).code,
              ErrorCode::kBadCredentials);
  EXPECT_THAT(Refused(ParseDigestCredentials, With(",qop=auth,cnonce=\"x\"")).code,
              ErrorCode::kBadCredentials);
}

TEST(ParseDigestCredentials, RefusesAFieldThatIsDoubled) {
  for (const std::string_view field :
       {"username=\"bob\"", "Realm=\"x\"", "nonce=\"\"", "uri=\"x\"", "response=\"00\""}) {
    EXPECT_THAT(Refused(ParseDigestCredentials, With(", " + std::string(field))),
                Is(ErrorCode::kDuplicateParameter, kRequiredSize + 2));
  }
  EXPECT_THAT(Refused(ParseDigestCredentials, With(",opaque=\"\",opaque=\"\"")),
              Is(ErrorCode::kDuplicateParameter, kRequiredSize + 11));
  Accepted(ParseDigestCredentials, With(",x=1,x=2"));
}

TEST(ParseDigestCredentials, RefusesValuesOfAnotherForm) {
  for (const std::string_view field :
       {"opaque=x", "cnonce=x", "nc=1", "nc=0000001", "nc=000000010", "nc=0000000g", "nc=-0000001",
        "algorithm=\"a b\"", "algorithm=\"\"", "qop=\"\"", "qop=\"auth,,x\"", "algorithm=a:b"}) {
    EXPECT_THAT(Refused(ParseDigestCredentials, With("," + std::string(field))),
                Is(ErrorCode::kBadCredentials, kRequiredSize + 1))
        << field;
  }
  EXPECT_THAT(Refused(ParseDigestCredentials, "Digest realm=biloxi.com"),
              Is(ErrorCode::kBadCredentials, 7));
  EXPECT_THAT(Refused(ParseDigestCredentials, "Digest response=\"xyz\""),
              Is(ErrorCode::kBadCredentials, 7));
  EXPECT_EQ(
      Refused(ParseDigestCredentials, With(",qop=\"auth,auth-int\",nc=00000001,cnonce=\"\"")).code,
      ErrorCode::kBadCredentials)
      << "credentials choose one";
}

TEST(ParseDigestCredentials, RefusesWhatIsNoDigest) {
  EXPECT_THAT(Refused(ParseDigestCredentials, ""), Is(ErrorCode::kBadCredentials, 0));
  EXPECT_THAT(Refused(ParseDigestCredentials, "Basic YTpi"), Is(ErrorCode::kBadCredentials, 0));
  EXPECT_THAT(Refused(ParseDigestCredentials, "Digest"), Is(ErrorCode::kBadParameter, 6));
  EXPECT_THAT(Refused(ParseDigestCredentials, "Digest,realm=\"\""),
              Is(ErrorCode::kBadCredentials, 6));
  EXPECT_THAT(Refused(ParseDigestCredentials, With(",")),
              Is(ErrorCode::kBadParameter, kRequiredSize + 1));
  EXPECT_THAT(Refused(ParseDigestCredentials, With(" x=y")),
              Is(ErrorCode::kBadCredentials, kRequiredSize + 1));
  EXPECT_THAT(Refused(ParseDigestCredentials, With(",x")),
              Is(ErrorCode::kBadCredentials, kRequiredSize + 2));
  EXPECT_THAT(Refused(ParseDigestCredentials, With(",opaque=\"x")),
              Is(ErrorCode::kUnterminatedQuote, kRequiredSize + 8));
}

TEST(ParseDigestCredentials, ReadsAsManyParametersAsTheLimitSays) {
  std::string text(kRequired);
  for (std::size_t i = 5; i < kMaxParameters; ++i) text += ",x=y";
  Accepted(ParseDigestCredentials, text);
  EXPECT_THAT(Refused(ParseDigestCredentials, text + ",x=y"),
              Is(ErrorCode::kTooManyParameters, static_cast<std::uint32_t>(text.size()) + 1));
}

TEST(ParseDigestChallenge, ReadsEachField) {
  DigestChallenge challenge =
      Accepted(ParseDigestChallenge,
               "Digest realm=\"biloxi.com\", domain=\"sip:a sip:b\", qop=\"auth , auth-int\", "
               "nonce=\"dcd98b\", stale=TRUE, opaque=\"5ccc\", algorithm=SHA-512-256");
  EXPECT_EQ(challenge.realm, "biloxi.com");
  EXPECT_EQ(challenge.nonce, "dcd98b");
  EXPECT_EQ(challenge.qop, "auth , auth-int");
  EXPECT_TRUE(challenge.offers_auth);
  EXPECT_TRUE(challenge.offers_auth_int);
  EXPECT_TRUE(challenge.stale);
  EXPECT_EQ(challenge.opaque, "5ccc");
  EXPECT_EQ(challenge.algorithm, "SHA-512-256");

  challenge = Accepted(ParseDigestChallenge, "Digest nonce=\"\",realm=\"\",stale=maybe");
  EXPECT_EQ(challenge.qop, "");
  EXPECT_FALSE(challenge.offers_auth);
  EXPECT_FALSE(challenge.stale);
  EXPECT_EQ(challenge.opaque, std::nullopt);
  EXPECT_EQ(challenge.algorithm, "");

  challenge = Accepted(ParseDigestChallenge, "Digest nonce=\"\",realm=\"\",qop=auth-int");
  EXPECT_FALSE(challenge.offers_auth);
  EXPECT_TRUE(challenge.offers_auth_int);
}

TEST(ParseDigestChallenge, RefusesBrokenOnes) {
  EXPECT_THAT(Refused(ParseDigestChallenge, "Digest realm=\"a\""),
              Is(ErrorCode::kBadCredentials, 16));
  EXPECT_THAT(Refused(ParseDigestChallenge, "Digest nonce=\"a\""),
              Is(ErrorCode::kBadCredentials, 16));
  EXPECT_THAT(Refused(ParseDigestChallenge, "Digest realm=\"a\",nonce=\"b\",realm=\"a\""),
              Is(ErrorCode::kDuplicateParameter, 27));
  EXPECT_THAT(Refused(ParseDigestChallenge, "Digest realm=\"a\",nonce=\"b\",qop=\"a b\""),
              Is(ErrorCode::kBadCredentials, 27));
  EXPECT_THAT(Refused(ParseDigestChallenge, "Digest realm=\"a\",nonce=\"b\", Basic realm=\"c\""),
              Is(ErrorCode::kBadCredentials, 33))
      << "one challenge a field";
}

TEST(ParseAuthenticationInfo, ReadsEachField) {
  const AuthenticationInfo info =
      Accepted(ParseAuthenticationInfo,
               " nextnonce=\"47364c\", qop=auth, rspauth=\"6629fa\",cnonce=\"\", nc=00000010");
  EXPECT_EQ(info.nextnonce, "47364c");
  EXPECT_EQ(info.qop, "auth");
  EXPECT_EQ(info.rspauth, "6629fa");
  EXPECT_EQ(info.cnonce, "");
  EXPECT_EQ(info.nc, "00000010");
  EXPECT_EQ(info.nonce_count, 16u);
  EXPECT_EQ(Accepted(ParseAuthenticationInfo, "nc=00000001").nextnonce, std::nullopt);
}

TEST(ParseAuthenticationInfo, RefusesBrokenOnes) {
  EXPECT_THAT(Refused(ParseAuthenticationInfo, ""), Is(ErrorCode::kBadParameter, 0));
  EXPECT_THAT(Refused(ParseAuthenticationInfo, "nextnonce=x"), Is(ErrorCode::kBadCredentials, 0));
  EXPECT_THAT(Refused(ParseAuthenticationInfo, "nc=00000001,rspauth=\"0g\""),
              Is(ErrorCode::kBadCredentials, 12));
  EXPECT_THAT(Refused(ParseAuthenticationInfo, "nc=00000001,nc=00000001"),
              Is(ErrorCode::kDuplicateParameter, 12));
  EXPECT_THAT(Refused(ParseAuthenticationInfo, "nc=00000001 qop=auth"),
              Is(ErrorCode::kBadCredentials, 12));
  EXPECT_EQ(Refused(ParseAuthenticationInfo, "qop=\"a,b\"").code, ErrorCode::kBadCredentials);
}

TEST(ParseCredentials, SaysWhereItBroke) {
  EXPECT_THAT(Refused(ParseCredentials, "Digest a=b,, c=d"), Is(ErrorCode::kBadParameter, 11));
  EXPECT_THAT(Refused(ParseCredentials, " Digest a=\"b"), Is(ErrorCode::kUnterminatedQuote, 10));
  EXPECT_THAT(Refused(ParseCredentials, "Bearer a b"), Is(ErrorCode::kBadCredentials, 8));
  EXPECT_THAT(Refused(ParseCredentials, "Bearer a\"b"), Is(ErrorCode::kBadCredentials, 8));
  EXPECT_EQ(Accepted(ParseCredentials, " Bearer ab== ").params, "ab==");
  EXPECT_THAT(Refused(ParseCredentials, "Digest ab"), Is(ErrorCode::kBadCredentials, 9));
}

}  // namespace
}  // namespace muster::parser
