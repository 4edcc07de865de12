#include "muster/parser/media_type.h"

#include "value.h"

namespace muster::parser {
namespace {

using test::Accepted;
using test::Is;
using test::Refused;

TEST(ParseMediaType, ReadsTypeSubtypeAndParameters) {
  MediaType media = Accepted(ParseMediaType, "application/sdp");
  EXPECT_EQ(media.type, "application");
  EXPECT_EQ(media.subtype, "sdp");
  EXPECT_EQ(media.params, "");
  media = Accepted(ParseMediaType, " multipart / mixed ;\r\n boundary=\"a;b\" ; charset = utf-8 ");
  EXPECT_EQ(media.type, "multipart");
  EXPECT_EQ(media.subtype, "mixed");
  EXPECT_EQ(FindParameter(media.params, "boundary")->value, "\"a;b\"");
  EXPECT_EQ(FindParameter(media.params, "CHARSET")->value, "utf-8");
}

TEST(ParseMediaType, RefusesBrokenOnes) {
  EXPECT_THAT(Refused(ParseMediaType, ""), Is(ErrorCode::kBadToken, 0));
  EXPECT_THAT(Refused(ParseMediaType, "text"), Is(ErrorCode::kBadValue, 4));
  EXPECT_THAT(Refused(ParseMediaType, "text/"), Is(ErrorCode::kBadToken, 5));
  EXPECT_THAT(Refused(ParseMediaType, "/plain"), Is(ErrorCode::kBadToken, 0));
  EXPECT_THAT(Refused(ParseMediaType, "text/plain/x"), Is(ErrorCode::kBadValue, 10));
  EXPECT_THAT(Refused(ParseMediaType, "text/plain x"), Is(ErrorCode::kBadValue, 11));
  EXPECT_THAT(Refused(ParseMediaType, "text/plain, text/html"), Is(ErrorCode::kBadValue, 10));
  EXPECT_THAT(Refused(ParseMediaType, "text/plain;"), Is(ErrorCode::kBadParameter, 11));
  EXPECT_THAT(Refused(ParseMediaType, "text/plain;a=b;x"), Is(ErrorCode::kBadParameter, 15));
  EXPECT_THAT(Refused(ParseMediaType, "text/plain;x=\"y"), Is(ErrorCode::kUnterminatedQuote, 13));
  EXPECT_THAT(Refused(ParseMediaType, "*/*"), Is(ErrorCode::kBadValue, 0));
  EXPECT_THAT(Refused(ParseMediaType, "text/*"), Is(ErrorCode::kBadValue, 0));
}

TEST(MediaRangeReader, ReadsEachRange) {
  MediaRangeReader reader("application/sdp;level=1, text/*;q=0.5;flag,*/*");
  MediaType range;
  ASSERT_TRUE(reader.Next(range));
  EXPECT_EQ(range.subtype, "sdp");
  ASSERT_TRUE(reader.Next(range));
  EXPECT_EQ(range.type, "text");
  EXPECT_EQ(range.subtype, "*");
  EXPECT_EQ(range.params, "q=0.5;flag");
  ASSERT_TRUE(reader.Next(range));
  EXPECT_EQ(range.type, "*");
  EXPECT_EQ(range.params, "");
  EXPECT_FALSE(reader.Next(range));
  EXPECT_FALSE(reader.failed());
}

TEST(MediaRangeReader, TakesAnEmptyList) {
  MediaRangeReader reader("");
  MediaType range;
  EXPECT_FALSE(reader.Next(range));
  EXPECT_FALSE(reader.failed());
}

TEST(ParseMediaRange, RefusesAnyTypeOfOneSubtype) {
  EXPECT_THAT(Refused(ParseMediaRange, "*/sdp"), Is(ErrorCode::kBadValue, 0));
  EXPECT_THAT(Refused(ParseMediaRange, "*"), Is(ErrorCode::kBadValue, 1));
}

}  // namespace
}  // namespace muster::parser
