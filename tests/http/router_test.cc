#include "muster/http/router.h"

#include <gtest/gtest.h>

namespace muster::http {
namespace {

/// Answers with the name of the handler and the values it was given.
Handler Named(std::string name) {
  return [name](const Request&, std::span<const std::string_view> values) {
    std::string text = name;
    for (const std::string_view value : values) text += ":" + std::string(value);
    return Response::Text(200, text);
  };
}

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    router_.Add(Router::Access::kOpen, "GET", "/open", Named("open"));
    router_.Add(Router::Access::kAuthorized, "GET", "/list", Named("list"));
    router_.Add(Router::Access::kAuthorized, "GET", "/list/user/{}", Named("get"));
    router_.Add(Router::Access::kAuthorized, "DELETE", "/list/user/{}", Named("delete"));
    router_.Add(Router::Access::kOpen, "POST", "/{}/{}", Named("two"));
  }

  Response Ask(std::string method, std::string_view target,
               std::string authorization = "Bearer t") {
    Request request;
    EXPECT_EQ(ParseTarget(target, request), std::nullopt);
    request.method = std::move(method);
    request.authorization = std::move(authorization);
    return router_.Route(request);
  }

  Router router_{Authorization::WithToken("t")};
};

std::string AllowOf(const Response& response) {
  for (const Header& header : response.headers) {
    if (header.name == "Allow") return header.value;
  }
  return "";
}

TEST_F(RouterTest, FindsTheHandlerByPathAndMethod) {
  EXPECT_EQ(Ask("GET", "/open").body, "open");
  EXPECT_EQ(Ask("GET", "/list").body, "list");
  EXPECT_EQ(Ask("GET", "/list/").body, "list");
  EXPECT_EQ(Ask("GET", "/list/user/alice").body, "get:alice");
  EXPECT_EQ(Ask("DELETE", "/list/user/a%2Fb").body, "delete:a/b");
  EXPECT_EQ(Ask("POST", "/x/y").body, "two:x:y");
}

TEST_F(RouterTest, HeadIsServedByGet) { EXPECT_EQ(Ask("HEAD", "/open").body, "open"); }

TEST_F(RouterTest, UnknownPathIs404ForEverybody) {
  EXPECT_EQ(Ask("GET", "/nowhere", "").status, 404);
  EXPECT_EQ(Ask("OPTIONS", "/nowhere").status, 404);
  EXPECT_EQ(Ask("GET", "/list/user/alice/more").status, 404);
  EXPECT_EQ(Ask("GET", "/").status, 404);
}

TEST_F(RouterTest, AnEmptySegmentIsNoValue) { EXPECT_EQ(Ask("GET", "/list/user//").status, 404); }

TEST_F(RouterTest, PathsAndMethodsAreCaseSensitive) {
  EXPECT_EQ(Ask("GET", "/Open").status, 404);
  EXPECT_EQ(Ask("get", "/open").status, 405);
}

TEST_F(RouterTest, OtherMethodsAre405WithAllow) {
  const Response list = Ask("DELETE", "/list");
  EXPECT_EQ(list.status, 405);
  EXPECT_EQ(AllowOf(list), "GET, HEAD, OPTIONS");
  const Response user = Ask("PUT", "/list/user/alice");
  EXPECT_EQ(user.status, 405);
  EXPECT_EQ(AllowOf(user), "GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(AllowOf(Ask("GET", "/x/y")), "POST, OPTIONS");
}

TEST_F(RouterTest, OptionsNeedsNoAuthorization) {
  const Response response = Ask("OPTIONS", "/list/user/alice", "");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(AllowOf(response), "GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(Ask("OPTIONS", "*", "").status, 200);
  EXPECT_EQ(Ask("GET", "*", "").status, 400);
}

TEST_F(RouterTest, AuthorizedRoutesChallengeWhoHasNoToken) {
  EXPECT_EQ(Ask("GET", "/list", "").status, 401);
  EXPECT_EQ(Ask("DELETE", "/list/user/alice", "Bearer wrong").status, 401);
  EXPECT_EQ(Ask("PUT", "/list", "").status, 401);
  EXPECT_EQ(Ask("GET", "/open", "").status, 200);
}

}  // namespace
}  // namespace muster::http
