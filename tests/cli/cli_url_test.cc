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

TEST(QueryTextTest, EscapesAllButUnreserved) {
  EXPECT_EQ(QueryText({}), "");
  EXPECT_EQ(QueryText({{"user", "alice@example.com"}}), "?user=alice%40example.com");
  EXPECT_EQ(QueryText({{"a", "b&c=d+e f%\xFF"}, {"a", "a-b.c_d~1"}}),
            "?a=b%26c%3Dd%2Be%20f%25%FF&a=a-b.c_d~1");
}

}  // namespace
}  // namespace muster::daemon::cli
