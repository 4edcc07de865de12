// Supported, Require, Proxy-Require, Unsupported, Allow.

#include "sample.h"
#include "value.h"

namespace muster::parser {
namespace {

using test::Is;
using test::Parse;
using test::Parsed;
using test::RegisterWith;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Listed {
  std::vector<std::string> tokens;
  ParseError error;
};

Listed Read(std::string_view list) {
  TokenListReader reader(list);
  Listed listed;
  for (std::string_view token; reader.Next(token);) listed.tokens.emplace_back(token);
  listed.error = reader.error();
  return listed;
}

TEST(TokenListReader, ReadsTokens) {
  EXPECT_THAT(Read("path, outbound ,\r\n\tgruu,x!%*_+`'~.-").tokens,
              ElementsAre("path", "outbound", "gruu", "x!%*_+`'~.-"));
  EXPECT_THAT(Read("path").error, Is(ErrorCode::kNone, 0));
}

TEST(TokenListReader, TakesAnEmptyList) {
  EXPECT_THAT(Read("").tokens, IsEmpty());
  EXPECT_THAT(Read(" ").error, Is(ErrorCode::kNone, 0));
}

TEST(TokenListReader, RefusesWhatIsNoToken) {
  EXPECT_THAT(Read("path, a b").tokens, ElementsAre("path"));
  EXPECT_THAT(Read("path, a b").error, Is(ErrorCode::kBadToken, 8));
  EXPECT_THAT(Read("path;x").error, Is(ErrorCode::kBadToken, 4));
  EXPECT_THAT(Read("\"path\"").error, Is(ErrorCode::kBadToken, 0));
  EXPECT_THAT(Read("p\xC3\xA4th").error, Is(ErrorCode::kBadToken, 1));
  EXPECT_THAT(Read("path\r\n, x").error, Is(ErrorCode::kBadToken, 4));
  EXPECT_THAT(Read("path,,x").error, Is(ErrorCode::kBadValue, 5));
  EXPECT_THAT(Read(",").error, Is(ErrorCode::kBadValue, 0));
}

TEST(HasOptionTag, LooksAtAllFieldsOfThatIdInAnyCase) {
  const Parsed parsed = Parse(
      RegisterWith("Supported: 100rel, Path\r\nk: outbound\r\nRequire: gruu\r\nX: timer\r\n"));
  EXPECT_TRUE(HasOptionTag(*parsed.message, HeaderId::kSupported, "path"));
  EXPECT_TRUE(HasOptionTag(*parsed.message, HeaderId::kSupported, "OUTBOUND"));
  EXPECT_TRUE(HasOptionTag(*parsed.message, HeaderId::kRequire, "gruu"));
  EXPECT_FALSE(HasOptionTag(*parsed.message, HeaderId::kSupported, "gruu"));
  EXPECT_FALSE(HasOptionTag(*parsed.message, HeaderId::kSupported, "timer"));
  EXPECT_FALSE(HasOptionTag(*parsed.message, HeaderId::kSupported, "pat"));
  EXPECT_FALSE(HasOptionTag(*parsed.message, HeaderId::kProxyRequire, "path"));
}

TEST(HasOptionTag, CountsTheTagsBeforeAFault) {
  const Parsed parsed = Parse(RegisterWith("Supported: path,,gruu\r\nSupported: outbound\r\n"));
  EXPECT_TRUE(HasOptionTag(*parsed.message, HeaderId::kSupported, "path"));
  EXPECT_FALSE(HasOptionTag(*parsed.message, HeaderId::kSupported, "gruu"));
  EXPECT_TRUE(HasOptionTag(*parsed.message, HeaderId::kSupported, "outbound"));
}

TEST(AllowsMethod, KnowsMethodsByTheirCase) {
  const Parsed parsed = Parse(RegisterWith("Allow: INVITE, ACK\r\nAllow: notify\r\n"));
  EXPECT_TRUE(AllowsMethod(*parsed.message, "ACK"));
  EXPECT_TRUE(AllowsMethod(*parsed.message, "notify"));
  EXPECT_FALSE(AllowsMethod(*parsed.message, "NOTIFY"));
  EXPECT_FALSE(AllowsMethod(*parsed.message, "BYE"));
}

}  // namespace
}  // namespace muster::parser
