#include "muster/http/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace muster::http {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Request Parsed(std::string_view target) {
  Request request;
  EXPECT_EQ(ParseTarget(target, request), std::nullopt) << target;
  return request;
}

std::string Problem(std::string_view target) {
  Request request;
  return ParseTarget(target, request).value_or(BadTarget{"none", ""}).message;
}

TEST(ParseTargetTest, SplitsThePathBeforeDecodingIt) {
  const Request request = Parsed("/registrations/callId/a%2Fb%3fc%20d+e");
  EXPECT_EQ(request.path, "/registrations/callId/a%2Fb%3fc%20d+e");
  EXPECT_THAT(request.segments, ElementsAre("registrations", "callId", "a/b?c d+e"));
}

TEST(ParseTargetTest, TrailingSlashAddsNoSegmentButDoubleSlashDoes) {
  EXPECT_THAT(Parsed("/").segments, IsEmpty());
  EXPECT_THAT(Parsed("/a/").segments, ElementsAre("a"));
  EXPECT_THAT(Parsed("/a//").segments, ElementsAre("a", ""));
  EXPECT_THAT(Parsed("//a").segments, ElementsAre("", "a"));
}

TEST(ParseTargetTest, ReadsTheQuery) {
  const Request request = Parsed("/a?start=0&x=a%26b+c&empty=&flag&start=7&&=v");
  EXPECT_THAT(request.QueryValues("start"), ElementsAre("0", "7"));
  EXPECT_THAT(request.QueryValues("x"), ElementsAre("a&b c"));
  EXPECT_THAT(request.QueryValues("empty"), ElementsAre(""));
  EXPECT_THAT(request.QueryValues("flag"), ElementsAre(""));
  EXPECT_THAT(request.QueryValues(""), ElementsAre("v"));
  EXPECT_THAT(request.QueryValues("absent"), IsEmpty());
}

TEST(ParseTargetTest, AcceptsTheAbsoluteForm) {
  EXPECT_THAT(Parsed("http://host:80/a/b?x=1").segments, ElementsAre("a", "b"));
  EXPECT_EQ(Parsed("http://host").path, "/");
  EXPECT_THAT(Parsed("http://host?x=1").QueryValues("x"), ElementsAre("1"));
}

TEST(ParseTargetTest, AcceptsTheAsterisk) { EXPECT_EQ(Parsed("*").path, "*"); }

TEST(ParseTargetTest, SaysWhatIsWrong) {
  EXPECT_THAT(Problem(""), HasSubstr("empty"));
  EXPECT_THAT(Problem("a/b"), HasSubstr("begin with '/'"));
  EXPECT_THAT(Problem("/a%zz"), HasSubstr("bad path: a '%'"));
  EXPECT_THAT(Problem("/a%4"), HasSubstr("bad path: a '%'"));
  EXPECT_THAT(Problem("/%"), HasSubstr("bad path: a '%'"));
  EXPECT_THAT(Problem("/a%00b"), HasSubstr("bad path: %00"));
  EXPECT_THAT(Problem("/a?b=%g1"), HasSubstr("bad query: b: a '%'"));
  EXPECT_THAT(Problem("/a?b%00=1"), HasSubstr("bad query: %00"));
  EXPECT_THAT(Problem("/a#b"), HasSubstr("percent-encoded"));
  EXPECT_THAT(Problem("/\xC3\xA9"), HasSubstr("percent-encoded"));
}

TEST(ParseTargetTest, NamesTheParameterWhoseValueIsBad) {
  Request request;
  const auto bad = ParseTarget("http://host/a?x=1&user=a%00", request);
  ASSERT_TRUE(bad.has_value());
  EXPECT_EQ(bad->parameter, "user");
  EXPECT_EQ(bad->message, "bad query: user: %00 is not allowed");
  EXPECT_EQ(request.path, "/a");
}

TEST(ResponseTest, AnErrorHasTheFormOfItsApi) {
  const Response text = Response::Error("/v1", 404, "code", "some text");
  EXPECT_EQ(text.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(text.body, "some text");
  const Response json = Response::Error("/v1/x", 404, "code", "some text");
  EXPECT_EQ(json.status, 404);
  EXPECT_EQ(json.content_type, "application/json");
  EXPECT_EQ(json.body, R"({"error":{"code":"code","message":"some text"}})");
}

TEST(ParseTargetTest, DecodesBytesThatAreNoUtf8) {
  EXPECT_THAT(Parsed("/%FF%c3").segments, ElementsAre("\xFF\xC3"));
}

}  // namespace
}  // namespace muster::http
