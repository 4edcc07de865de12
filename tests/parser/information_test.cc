#include "muster/parser/information.h"

#include "value.h"

namespace muster::parser {
namespace {

using test::Accepted;
using test::Is;
using test::Refused;
using ::testing::ElementsAre;

TEST(ParseDate, CountsSecondsSince1970) {
  EXPECT_EQ(Accepted(ParseDate, "Thu, 01 Jan 1970 00:00:00 GMT"), 0);
  EXPECT_EQ(Accepted(ParseDate, "Sat, 13 Nov 2010 23:29:00 GMT"), 1'289'690'940);
  EXPECT_EQ(Accepted(ParseDate, " Thu, 29 Feb 2024 23:59:59 GMT "), 1'709'251'199);
  EXPECT_EQ(Accepted(ParseDate, "Tue, 29 Feb 2000 00:00:00 GMT"), 951'782'400);
  EXPECT_EQ(Accepted(ParseDate, "Wed, 01 Mar 2000 00:00:00 GMT"), 951'868'800);
  EXPECT_EQ(Accepted(ParseDate, "Thu, 01 Mar 1900 00:00:00 GMT"), -2'203'891'200);
  EXPECT_EQ(Accepted(ParseDate, "Mon, 01 Jan 0001 00:00:00 GMT"), -62'135'596'800);
  EXPECT_EQ(Accepted(ParseDate, "Wed, 31 Dec 1969 23:59:59 GMT"), -1);
  EXPECT_EQ(Accepted(ParseDate, "Fri, 31 Dec 9999 23:59:59 GMT"), 253'402'300'799);
}

TEST(ParseDate, TakesNoZoneButGmt) {
  EXPECT_THAT(Refused(ParseDate, "Fri, 01 Jan 2010 16:00:00 EST"), Is(ErrorCode::kBadValue, 25));
  EXPECT_THAT(Refused(ParseDate, "Fri, 01 Jan 2010 16:00:00 +0000"), Is(ErrorCode::kBadValue, 25));
  EXPECT_THAT(Refused(ParseDate, "Fri, 01 Jan 2010 16:00:00 gmt"), Is(ErrorCode::kBadValue, 25));
  EXPECT_THAT(Refused(ParseDate, "Fri, 01 Jan 2010 16:00:00"), Is(ErrorCode::kBadValue, 25));
}

TEST(ParseDate, TakesNoDayThatNeverWas) {
  EXPECT_THAT(Refused(ParseDate, "Wed, 29 Feb 2023 00:00:00 GMT"), Is(ErrorCode::kBadValue, 0));
  EXPECT_THAT(Refused(ParseDate, "Thu, 29 Feb 1900 00:00:00 GMT"), Is(ErrorCode::kBadValue, 0));
  EXPECT_THAT(Refused(ParseDate, "Sat, 01 Jan 0000 00:00:00 GMT"), Is(ErrorCode::kBadValue, 0));
  EXPECT_THAT(Refused(ParseDate, "Fri, 31 Apr 2010 00:00:00 GMT"), Is(ErrorCode::kBadValue, 0));
  EXPECT_THAT(Refused(ParseDate, "Fri, 00 Jan 2010 00:00:00 GMT"), Is(ErrorCode::kBadValue, 0));
  EXPECT_THAT(Refused(ParseDate, "Sun, 13 Nov 2010 23:29:00 GMT"), Is(ErrorCode::kBadValue, 0))
      << "a Saturday";
}

TEST(ParseDate, TakesNoOtherForm) {
  EXPECT_THAT(Refused(ParseDate, ""), Is(ErrorCode::kBadValue, 0));
  EXPECT_THAT(Refused(ParseDate, "sat, 13 Nov 2010 23:29:00 GMT"), Is(ErrorCode::kBadValue, 0));
  EXPECT_THAT(Refused(ParseDate, "Saturday, 13 Nov 2010 23:29:00 GMT"),
              Is(ErrorCode::kBadValue, 3));
  EXPECT_THAT(Refused(ParseDate, "Sat,  13 Nov 2010 23:29:00 GMT"), Is(ErrorCode::kBadValue, 5));
  EXPECT_THAT(Refused(ParseDate, "Sat, 32 Nov 2010 23:29:00 GMT"), Is(ErrorCode::kBadValue, 5));
  EXPECT_THAT(Refused(ParseDate, "Sat, 3 Nov 2010 23:29:00 GMT"), Is(ErrorCode::kBadValue, 5));
  EXPECT_THAT(Refused(ParseDate, "Sat, 13 NOV 2010 23:29:00 GMT"), Is(ErrorCode::kBadValue, 8));
  EXPECT_THAT(Refused(ParseDate, "Sat, 13 Nov 10 23:29:00 GMT"), Is(ErrorCode::kBadValue, 12));
  EXPECT_THAT(Refused(ParseDate, "Sat, 13 Nov 2010 24:00:00 GMT"), Is(ErrorCode::kBadValue, 17));
  EXPECT_THAT(Refused(ParseDate, "Sat, 13 Nov 2010 23:60:00 GMT"), Is(ErrorCode::kBadValue, 20));
  EXPECT_THAT(Refused(ParseDate, "Sat, 31 Dec 2016 23:59:60 GMT"), Is(ErrorCode::kBadValue, 23));
  EXPECT_THAT(Refused(ParseDate, "Sat, 13 Nov 2010 23:29 GMT"), Is(ErrorCode::kBadValue, 22));
  EXPECT_THAT(Refused(ParseDate, "Sat, 13 Nov 2010 23:29:00 GMT;x"), Is(ErrorCode::kBadValue, 29));
}

TEST(ParseRetryAfter, ReadsCommentAndDuration) {
  RetryAfter retry = Accepted(ParseRetryAfter, "18000;duration=3600");
  EXPECT_EQ(retry.seconds, 18'000u);
  EXPECT_EQ(retry.comment, "");
  EXPECT_EQ(retry.duration_seconds, 3'600u);
  retry = Accepted(ParseRetryAfter, " 120 (I'm in\r\n a (long) \\) meeting) ; x=y");
  EXPECT_EQ(retry.seconds, 120u);
  EXPECT_EQ(retry.comment, "(I'm in\r\n a (long) \\) meeting)");
  EXPECT_EQ(retry.duration_seconds, std::nullopt);
  EXPECT_EQ(retry.params, "x=y");
  EXPECT_EQ(Accepted(ParseRetryAfter, "5()").comment, "()");
}

TEST(ParseRetryAfter, RefusesBrokenOnes) {
  const auto refused = [](std::string_view text) { return Refused(ParseRetryAfter, text); };
  EXPECT_THAT(refused(""), Is(ErrorCode::kBadNumber, 0));
  EXPECT_THAT(refused("-1"), Is(ErrorCode::kBadNumber, 0));
  EXPECT_THAT(refused("4294967296"), Is(ErrorCode::kBadNumber, 0));
  EXPECT_THAT(refused("soon"), Is(ErrorCode::kBadNumber, 0));
  EXPECT_THAT(refused("5 soon"), Is(ErrorCode::kBadValue, 2));
  EXPECT_THAT(refused("5 (a"), Is(ErrorCode::kBadValue, 4));
  EXPECT_THAT(refused("5 (a(b)"), Is(ErrorCode::kBadValue, 7));
  EXPECT_THAT(refused("5 (a\\"), Is(ErrorCode::kBadValue, 4));
  EXPECT_THAT(refused("5 (a\r\nb)"), Is(ErrorCode::kBadValue, 4));
  EXPECT_THAT(refused("5 (a\x01)"), Is(ErrorCode::kBadValue, 4));
  EXPECT_THAT(refused("5 (a\\\xC3\xA4)"), Is(ErrorCode::kBadValue, 4));
  EXPECT_THAT(refused("5 (a) (b)"), Is(ErrorCode::kBadValue, 6));
  EXPECT_THAT(refused("5;duration"), Is(ErrorCode::kBadNumber, 2));
  EXPECT_THAT(refused("5;duration=x"), Is(ErrorCode::kBadNumber, 2));
  EXPECT_THAT(refused("5;duration=1;Duration=1"), Is(ErrorCode::kDuplicateParameter, 13));
}

TEST(WarningReader, ReadsEachWarning) {
  WarningReader reader(
      "307 isi.edu:5060 \"Session, \\\"x\\\" not\",\r\n 301 [2001:db8::1]  \"\" , 399 me* \"a\"");
  Warning warning;
  ASSERT_TRUE(reader.Next(warning));
  EXPECT_EQ(warning.code, 307);
  EXPECT_EQ(warning.agent, "isi.edu:5060");
  EXPECT_EQ(warning.text, "\"Session, \\\"x\\\" not\"");
  ASSERT_TRUE(reader.Next(warning));
  EXPECT_EQ(warning.agent, "[2001:db8::1]");
  EXPECT_EQ(warning.text, "\"\"");
  ASSERT_TRUE(reader.Next(warning));
  EXPECT_EQ(warning.agent, "me*");
  EXPECT_FALSE(reader.Next(warning));
  EXPECT_FALSE(reader.failed());
}

TEST(WarningReader, SaysWhereInTheListItBroke) {
  WarningReader reader("399 a \"b\", 399 a b");
  Warning warning;
  EXPECT_TRUE(reader.Next(warning));
  EXPECT_FALSE(reader.Next(warning));
  EXPECT_THAT(reader.error(), Is(ErrorCode::kBadValue, 17));
  WarningReader empty("");
  EXPECT_FALSE(empty.Next(warning));
  EXPECT_THAT(empty.error(), Is(ErrorCode::kBadValue, 0));
}

TEST(ParseWarning, RefusesBrokenOnes) {
  EXPECT_THAT(Refused(ParseWarning, "39 a \"b\""), Is(ErrorCode::kBadNumber, 0));
  EXPECT_THAT(Refused(ParseWarning, "3999 a \"b\""), Is(ErrorCode::kBadNumber, 0));
  EXPECT_THAT(Refused(ParseWarning, "39x a \"b\""), Is(ErrorCode::kBadNumber, 0));
  EXPECT_THAT(Refused(ParseWarning, "399a \"b\""), Is(ErrorCode::kBadValue, 3));
  EXPECT_THAT(Refused(ParseWarning, "399 \"b\""), Is(ErrorCode::kBadValue, 4));
  EXPECT_THAT(Refused(ParseWarning, "399 a:0 \"b\""), Is(ErrorCode::kBadValue, 4));
  EXPECT_THAT(Refused(ParseWarning, "399 [::1 \"b\""), Is(ErrorCode::kBadValue, 4));
  EXPECT_THAT(Refused(ParseWarning, "399 a\"b\""), Is(ErrorCode::kBadValue, 5));
  EXPECT_THAT(Refused(ParseWarning, "399 a \"b"), Is(ErrorCode::kUnterminatedQuote, 6));
  EXPECT_THAT(Refused(ParseWarning, "399 a \"b\" c"), Is(ErrorCode::kBadValue, 10));
}

struct Products {
  std::vector<std::string> parts;  // "name|version" or the comment
  ParseError error;
};

Products ProductsOf(std::string_view value) {
  ProductReader reader(value);
  Products products;
  for (Product product; reader.Next(product);) {
    products.parts.emplace_back(product.comment);
    if (!product.comment.empty()) continue;
    products.parts.back() = std::string(product.name) + "|" + std::string(product.version);
  }
  products.error = reader.error();
  Product product;
  EXPECT_FALSE(reader.Next(product)) << "it stays at its end";
  return products;
}

TEST(ProductReader, ReadsProductsAndComments) {
  EXPECT_THAT(ProductsOf("Yealink SIP-T46S 66.84.0.15").parts,
              ElementsAre("Yealink|", "SIP-T46S|", "66.84.0.15|"));
  EXPECT_THAT(ProductsOf("Linphone/4.1 (iPhone (14) de J\xC3\xA9) eXosip2 / 1.0").parts,
              ElementsAre("Linphone|4.1", "(iPhone (14) de J\xC3\xA9)", "eXosip2|1.0"));
  EXPECT_THAT(ProductsOf("a(b)c").parts, ElementsAre("a|", "(b)", "c|")) << "tolerated";
  EXPECT_THAT(ProductsOf(" a\r\n b ").error, Is(ErrorCode::kNone, 0));
}

TEST(ProductReader, StopsAtWhatIsNeither) {
  EXPECT_THAT(ProductsOf("").error, Is(ErrorCode::kBadToken, 0));
  EXPECT_THAT(ProductsOf("PBX 13@home").parts, ElementsAre("PBX|", "13|"));
  EXPECT_THAT(ProductsOf("PBX 13@home").error, Is(ErrorCode::kBadToken, 6));
  EXPECT_THAT(ProductsOf("a/b/c").error, Is(ErrorCode::kBadToken, 3));
  EXPECT_THAT(ProductsOf("a/").error, Is(ErrorCode::kBadToken, 2));
  EXPECT_THAT(ProductsOf("a (b").error, Is(ErrorCode::kBadValue, 4));
  EXPECT_THAT(ProductsOf("a )").error, Is(ErrorCode::kBadToken, 2));
  EXPECT_THAT(ProductsOf("a\r\n").error, Is(ErrorCode::kBadToken, 1));
}

TEST(ProductReader, ReadsCommentsHoweverDeep) {
  const std::string deep = std::string(30'000, '(') + std::string(30'000, ')');
  EXPECT_THAT(ProductsOf(deep).parts, ElementsAre(deep));
  EXPECT_THAT(ProductsOf(deep.substr(1)).error, Is(ErrorCode::kBadToken, 59'998));
  EXPECT_THAT(ProductsOf(deep.substr(0, 59'999)).error, Is(ErrorCode::kBadValue, 59'999));
}

}  // namespace
}  // namespace muster::parser
