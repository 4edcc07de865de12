#include <gtest/gtest.h>

#include "daemon/cli/url.h"

namespace muster::daemon::cli {
namespace {

Url Parsed(std::string_view text) {
  std::string problem;
  const std::optional<Url> url = ParseUrl(text, problem);
  EXPECT_TRUE(url.has_value()) << text << ": " << problem;
  return url.value_or(Url{});
}

TEST(UrlTest, ReadsHostPortAndPrefix) {
  EXPECT_EQ(Parsed("http://127.0.0.1:8080").host, "127.0.0.1");
  EXPECT_EQ(Parsed("http://127.0.0.1:8080").port, "8080");
  EXPECT_EQ(Parsed("http://localhost").port, "80");
  EXPECT_EQ(Parsed("http://localhost/").prefix, "");
  EXPECT_EQ(Parsed("http://h:1/a/b/").prefix, "/a/b");
  EXPECT_EQ(Parsed("http://[::1]:8080/").host, "::1");
  EXPECT_EQ(Parsed("http://[::1]:8080/").port, "8080");
  EXPECT_EQ(Parsed("http://[::1]:8080/").authority, "[::1]:8080");
}

TEST(UrlTest, RefusesEverythingElse) {
  for (const char* text :
       {"", "127.0.0.1:8080", "ftp://a", "http://", "http://:80", "http://a:", "http://a:0",
        "http://a:65536", "http://a:x", "http://[::1", "http://[::1]8", "http://u@a",
        "http://a/b?c", "http://a b", "https://a"}) {
    std::string problem;
    EXPECT_FALSE(ParseUrl(text, problem).has_value()) << text;
    EXPECT_NE(problem, "") << text;
  }
}

TEST(UrlTest, PathSegmentEscapesAllButUnreserved) {
  EXPECT_EQ(PathSegment("alice@example.com"), "alice%40example.com");
  EXPECT_EQ(PathSegment("a/b?c d%e\xFF"), "a%2Fb%3Fc%20d%25e%FF");
  EXPECT_EQ(PathSegment("a-b.c_d~1"), "a-b.c_d~1");
}

TEST(UrlTest, PathSegmentHidesWhatLooksLikeAnExtension) {
  EXPECT_EQ(PathSegment("a.b.json"), "a.b%2Ejson");
  EXPECT_EQ(PathSegment("a.xml"), "a%2Exml");
  EXPECT_EQ(PathSegment("a.xmlx"), "a.xmlx");
}

}  // namespace
}  // namespace muster::daemon::cli
