#include "muster/parser/uri_parameters.h"

#include "value.h"

namespace muster::parser {
namespace {

using test::Accepted;
using test::Is;

SipUriParameters ParametersOf(std::string_view text) {
  SipUriParameters parameters;
  ParseError error;
  EXPECT_TRUE(ParseSipUriParameters(Accepted(ParseUri, text), parameters, error)) << text;
  return parameters;
}

ParseError ParametersError(std::string_view text) {
  SipUriParameters parameters;
  ParseError error;
  EXPECT_FALSE(ParseSipUriParameters(Accepted(ParseUri, text), parameters, error)) << text;
  return error;
}

TEST(ParseSipUriParameters, ReadsEach) {
  const SipUriParameters parameters = ParametersOf(
      "sip:a@h:5060;Transport=tcp;lr;x;ob;gr=urn:uuid:f81d4fae;pn-provider=apns;"
      "pn-prid=00fc13%3aab;pn-param=TEAM.com.example.voip;pn-purr=purr1?X=y");
  EXPECT_EQ(parameters.transport, "tcp");
  EXPECT_TRUE(parameters.lr);
  EXPECT_TRUE(parameters.ob);
  EXPECT_EQ(parameters.gr, "urn:uuid:f81d4fae");
  EXPECT_EQ(parameters.push.provider, "apns");
  EXPECT_EQ(parameters.push.prid, "00fc13%3aab");
  EXPECT_EQ(parameters.push.param, "TEAM.com.example.voip");
  EXPECT_EQ(parameters.push.purr, "purr1");
}

TEST(ParseSipUriParameters, KnowsWhatIsAbsent) {
  const SipUriParameters parameters = ParametersOf("sip:h;l;lrx;x=lr");
  EXPECT_EQ(parameters.transport, "");
  EXPECT_FALSE(parameters.lr);
  EXPECT_FALSE(parameters.ob);
  EXPECT_EQ(parameters.gr, std::nullopt);
  EXPECT_EQ(parameters.push.provider, std::nullopt);
  EXPECT_EQ(parameters.push.prid, "");
}

TEST(ParseSipUriParameters, TakesGrAndProviderWithoutAndFlagsWithAValue) {
  const SipUriParameters parameters = ParametersOf("sip:h;gr;pn-provider;lr=on;ob=1");
  EXPECT_EQ(parameters.gr, "");
  EXPECT_EQ(parameters.push.provider, "");
  EXPECT_TRUE(parameters.lr);
  EXPECT_TRUE(parameters.ob);
}

TEST(ParseSipUriParameters, KnowsNamesThroughTheirEscapes) {
  EXPECT_TRUE(ParametersOf("sip:h;%6cR").lr);
  EXPECT_EQ(ParametersOf("sip:h;%70%6E%2D%70%72%6F%76%69%64%65%72=fcm").push.provider, "fcm");
  EXPECT_THAT(ParametersError("sip:h;lr;%4c%52"), Is(ErrorCode::kDuplicateParameter, 9));
  EXPECT_FALSE(ParametersOf("sip:h;" + std::string(100, 'l')).lr);
}

TEST(ParseSipUriParameters, RefusesWhatIsDoubledOrHasNoValue) {
  EXPECT_THAT(ParametersError("sip:h;lr;LR"), Is(ErrorCode::kDuplicateParameter, 9));
  EXPECT_THAT(ParametersError("sip:h;gr;gr=x"), Is(ErrorCode::kDuplicateParameter, 9));
  EXPECT_THAT(ParametersError("sip:h;transport=udp;transport=tcp"),
              Is(ErrorCode::kDuplicateParameter, 20));
  EXPECT_THAT(ParametersError("sip:h;x;transport"), Is(ErrorCode::kBadParameter, 8));
  EXPECT_THAT(ParametersError("sip:h;pn-prid"), Is(ErrorCode::kBadParameter, 6));
  EXPECT_THAT(ParametersError("sip:h;pn-param"), Is(ErrorCode::kBadParameter, 6));
  EXPECT_THAT(ParametersError("sip:h;pn-purr"), Is(ErrorCode::kBadParameter, 6));
}

ParseError UrisError(std::string_view text) {
  ContactUris uris;
  ParseError error;
  EXPECT_FALSE(ParseContactUris(Accepted(ParseNameAddr, text), uris, error)) << text;
  return error;
}

TEST(ParseContactUris, ReadsInstanceAndGruus) {
  ContactUris uris;
  ParseError error;
  ASSERT_TRUE(ParseContactUris(
      Accepted(ParseNameAddr,
               "\"a\" <sip:a@192.0.2.1>;pub-gruu=\"sip:a@h;gr=urn:uuid:f81d4fae-7dec\""
               ";Temp-GRUU=\"sips:tgruu.7hs%3d@h;gr\";+sip.instance=\"<urn:uuid:f81d4fae-7dec>\""
               ";expires=3600"),
      uris, error));
  EXPECT_EQ(uris.instance.scheme, UriScheme::kUrn);
  EXPECT_EQ(uris.instance.text, "urn:uuid:f81d4fae-7dec");
  EXPECT_EQ(Accepted(ParseUrn, uris.instance.text).nss, "f81d4fae-7dec");
  EXPECT_EQ(uris.pub_gruu.params, "gr=urn:uuid:f81d4fae-7dec");
  EXPECT_EQ(uris.temp_gruu.user, "tgruu.7hs%3d");
}

TEST(ParseContactUris, KnowsWhatIsAbsent) {
  ContactUris uris;
  ParseError error;
  ASSERT_TRUE(ParseContactUris(Accepted(ParseNameAddr, "<sip:a@h;pub-gruu=x>"), uris, error));
  EXPECT_EQ(uris.instance.scheme, UriScheme::kNone);
  EXPECT_EQ(uris.pub_gruu.scheme, UriScheme::kNone);
  EXPECT_EQ(uris.temp_gruu.scheme, UriScheme::kNone);
}

TEST(ParseContactUris, RefusesBrokenOnes) {
  EXPECT_THAT(UrisError("<sip:h>;+sip.instance"), Is(ErrorCode::kBadParameter, 8));
  EXPECT_THAT(UrisError("<sip:h>;+sip.instance=urn:x-y:z"), Is(ErrorCode::kBadParameter, 8));
  EXPECT_THAT(UrisError("<sip:h>;+sip.instance=\"urn:x-y:z\""), Is(ErrorCode::kBadParameter, 8));
  EXPECT_THAT(UrisError("<sip:h>;+sip.instance=\"<>\""), Is(ErrorCode::kBadUri, 24));
  EXPECT_THAT(UrisError("<sip:h>;+sip.instance=\"<urn:x-y:z z>\""), Is(ErrorCode::kBadUri, 33));
  EXPECT_THAT(UrisError("<sip:h>;+sip.instance=\"<urn:x-y:z>\";+sip.instance=\"<urn:x-y:z>\""),
              Is(ErrorCode::kDuplicateParameter, 36));
  EXPECT_THAT(UrisError("<sip:h>;pub-gruu=\"sip:a@h\""), Is(ErrorCode::kBadParameter, 8));
  EXPECT_THAT(UrisError("<sip:h>;pub-gruu=\"tel:+1;gr\""), Is(ErrorCode::kBadParameter, 8));
  EXPECT_THAT(UrisError("<sip:h>;temp-gruu=\"sip:a b@h;gr\""), Is(ErrorCode::kBadUri, 24));
}

}  // namespace
}  // namespace muster::parser
