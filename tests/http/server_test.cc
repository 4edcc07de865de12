#include "muster/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "manual_clock.h"
#include "test_client.h"

namespace muster::http {
namespace {

using testing::ManualClock;
using testing::Reply;
using testing::RequestText;
using testing::TestClient;
using Values = std::span<const std::string_view>;

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    const auto open = Router::Access::kOpen;
    router_.Add(open, "GET", "/echo/{}", [](const Request&, Values values) {
      return Response::Text(200, std::string(values.front()));
    });
    router_.Add(open, "POST", "/body",
                [](const Request& request, Values) { return Response::Text(200, request.body); });
    router_.Add(open, "GET", "/accept",
                [](const Request& request, Values) { return Response::Text(200, request.accept); });
    router_.Add(open, "GET", "/throw",
                [](const Request&, Values) -> Response { throw std::runtime_error("secret"); });
    router_.Add(open, "GET", "/chunks", [](const Request&, Values) { return ThreeChunks(); });
    router_.Add(Router::Access::kAuthorized, "GET", "/private",
                [](const Request&, Values) { return Response::Text(200, "yes"); });
    EXPECT_TRUE(server_.Start().ok());
  }

  static Response ThreeChunks() {
    Response response;
    response.content_type = "text/plain";
    response.chunks = [next = 'a'](std::string& chunk) mutable {
      chunk.assign(3, next++);
      return next <= 'c';
    };
    return response;
  }

  ManualClock clock_;
  Router router_{Authorization::WithToken("token")};
  core::KeptInMemory commits_;
  HttpServer server_{HttpServer::Options{}, router_, clock_, commits_};
};

TEST_F(ServerTest, AnswersOverASocket) {
  const Reply reply = TestClient(server_.port()).Ask(RequestText("GET", "/echo/hi"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "hi");
  EXPECT_EQ(reply.Header("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(reply.Header("date"), "Wed, 20 Nov 2024 12:00:00 GMT");
}

TEST_F(ServerTest, NamesItsEndpoint) {
  EXPECT_EQ(server_.endpoint(), "127.0.0.1:" + std::to_string(server_.port()));
}

TEST_F(ServerTest, ListensOnIpv6) {
  HttpServer server({.host = "[::1]", .port = 0, .limits = {}}, router_, clock_, commits_);
  ASSERT_TRUE(server.Start().ok());
  EXPECT_EQ(server.endpoint(), "[::1]:" + std::to_string(server.port()));
}

TEST_F(ServerTest, StartNamesAnAddressInUse) {
  HttpServer second({.host = "127.0.0.1", .port = server_.port(), .limits = {}}, router_, clock_,
                    commits_);
  const absl::Status status = second.Start();
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()),
              ::testing::HasSubstr("127.0.0.1:" + std::to_string(server_.port())));
}

TEST_F(ServerTest, KeepsTheConnectionForFurtherRequests) {
  TestClient client(server_.port());
  for (const std::string name : {"a", "b", "c"}) {
    const Reply reply = client.Ask(RequestText("GET", "/echo/" + name));
    EXPECT_EQ(reply.body, name);
    EXPECT_EQ(reply.Header("connection"), "keep-alive");
  }
}

TEST_F(ServerTest, EndsTheConnectionWhenAsked) {
  TestClient client(server_.port());
  const Reply reply = client.Ask(RequestText("GET", "/echo/a", "Connection: close\r\n"));
  EXPECT_EQ(reply.Header("connection"), "close");
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  TestClient client(server_.port());
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += RequestText("GET", "/echo/" + std::to_string(i));
  client.Send(requests);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.Read().body, std::to_string(i));
}

TEST_F(ServerTest, ReadsARequestThatComesByteByByte) {
  TestClient client(server_.port());
  for (const char byte : RequestText("GET", "/echo/slow")) client.Send({&byte, 1});
  EXPECT_EQ(client.Read().body, "slow");
}

TEST_F(ServerTest, PassesOverAnEmptyLineBeforeARequest) {  // RFC 9112 2.2
  TestClient client(server_.port());
  EXPECT_EQ(client.Ask("\r\n" + RequestText("GET", "/echo/a")).body, "a");
}

TEST_F(ServerTest, HeadHasTheFieldsOfGetAndNoBody) {
  TestClient client(server_.port());
  client.Send(RequestText("HEAD", "/echo/four") + RequestText("HEAD", "/chunks") +
              RequestText("GET", "/echo/next"));
  const Reply head = client.Read(/*to_head=*/true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("content-length"), "4");
  EXPECT_EQ(client.Read(/*to_head=*/true).Header("transfer-encoding"), "chunked");
  EXPECT_EQ(client.Read().body, "next");
}

TEST_F(ServerTest, StreamsChunksAndKeepsTheConnection) {
  TestClient client(server_.port());
  const Reply reply = client.Ask(RequestText("GET", "/chunks"));
  EXPECT_EQ(reply.body, "aaabbbccc");
  EXPECT_EQ(reply.chunks, 3u);
  EXPECT_EQ(client.Ask(RequestText("GET", "/echo/next")).body, "next");
}

TEST_F(ServerTest, StreamsToHttp10UntilItCloses) {
  TestClient client(server_.port());
  const Reply reply = client.Ask("GET /chunks HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(reply.body, "aaabbbccc");
  EXPECT_EQ(reply.Header("transfer-encoding"), "");
  EXPECT_EQ(reply.Header("connection"), "close");
}

TEST_F(ServerTest, Http10ClosesUnlessAskedToKeepAlive) {
  TestClient closing(server_.port());
  EXPECT_EQ(closing.Ask("GET /echo/a HTTP/1.0\r\n\r\n").body, "a");
  EXPECT_TRUE(closing.IsClosed());
  TestClient keeping(server_.port());
  EXPECT_EQ(keeping.Ask("GET /echo/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").body, "a");
  EXPECT_EQ(keeping.Ask("GET /echo/b HTTP/1.0\r\n\r\n").body, "b");
}

TEST_F(ServerTest, ReadsBodiesByLengthAndByChunks) {
  TestClient client(server_.port());
  EXPECT_EQ(client.Ask(RequestText("POST", "/body", "Content-Length: 5\r\n") + "hello").body,
            "hello");
  EXPECT_EQ(client
                .Ask(RequestText("POST", "/body", "Transfer-Encoding: chunked\r\n") +
                     "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")
                .body,
            "hello");
}

TEST_F(ServerTest, AsksForABodyThatWaitsToBeAskedFor) {
  TestClient client(server_.port());
  client.Send(RequestText("POST", "/body", "Expect: 100-continue\r\nContent-Length: 2\r\n"));
  EXPECT_EQ(client.Read().status, 100);
  EXPECT_EQ(client.Ask("ok").body, "ok");
}

TEST_F(ServerTest, JoinsRepeatedAcceptFields) {
  const Reply reply =
      TestClient(server_.port())
          .Ask(RequestText("GET", "/accept", "Accept: a/b\r\nAccept: c/d;q=0.1\r\n"));
  EXPECT_EQ(reply.body, "a/b, c/d;q=0.1");
}

TEST_F(ServerTest, ChallengesWhoHasNoToken) {
  TestClient client(server_.port());
  const Reply refused = client.Ask(RequestText("GET", "/private"));
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.Headers("www-authenticate"),
              ::testing::ElementsAre("Bearer realm=\"muster\"",
                                     "Basic realm=\"muster\", charset=\"UTF-8\""));
  EXPECT_EQ(client.Ask(RequestText("GET", "/private", "Authorization: Bearer token\r\n")).body,
            "yes");
}

TEST_F(ServerTest, AHandlerThatThrowsIs500WithoutItsText) {
  const Reply reply = TestClient(server_.port()).Ask(RequestText("GET", "/throw"));
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.body, "internal error");
}

TEST_F(ServerTest, MalformedRequestsAre400AndEndTheConnection) {
  for (const std::string& bytes :
       {std::string("nonsense\r\n\r\n"), std::string("GET /echo/a\r\n\r\n"),
        std::string("GET /echo/a HTTP/3.0\r\n\r\n"), std::string("GET  /echo/a HTTP/1.1\r\n\r\n"),
        std::string("GET /echo/a HTTP/1.1\r\nHost: a\r\nbad field\r\n\r\n"),
        std::string("GET /echo/\0a HTTP/1.1\r\nHost: a\r\n\r\n", 35),
        std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8) + "\r\n\r\n",
        RequestText("POST", "/body", "Content-Length: -1\r\n"),
        RequestText("POST", "/body", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
        RequestText("GET", "/body", "Transfer-Encoding: identity\r\n"),
        RequestText("POST", "/body", "Content-Length: 1\r\nTransfer-Encoding: xchunked\r\n"),
        RequestText("POST", "/body", "Transfer-Encoding: chunked\r\n") + "zz\r\n"}) {
    TestClient client(server_.port());
    const Reply reply = client.Ask(bytes);
    EXPECT_EQ(reply.status, 400) << bytes;
    EXPECT_NE(reply.body, "") << bytes;
    EXPECT_EQ(reply.Header("connection"), "close") << bytes;
    EXPECT_TRUE(client.IsClosed()) << bytes;
  }
}

TEST_F(ServerTest, ABadTargetIs400AndKeepsTheConnection) {
  TestClient client(server_.port());
  const Reply reply = client.Ask(RequestText("GET", "/echo/%zz"));
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.body, "bad path: a '%' is not followed by two hexadecimal digits");
  EXPECT_EQ(client.Ask(RequestText("GET", "/echo/next")).body, "next");
}

TEST_F(ServerTest, Http11NeedsExactlyOneHost) {
  TestClient client(server_.port());
  EXPECT_EQ(client.Ask("GET /echo/a HTTP/1.1\r\n\r\n").status, 400);
  EXPECT_EQ(client.Ask("GET /echo/a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").status, 400);
}

TEST_F(ServerTest, APeerThatLeavesMidRequestHarmsNobody) {
  for (const std::string_view part :
       {"G", "GET /echo/a HTTP/1.1\r\nHo",
        "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx"}) {
    TestClient client(server_.port());
    client.Send(part);
    client.FinishSending();
    EXPECT_EQ(client.Read().status, 0) << part;
  }
  EXPECT_EQ(TestClient(server_.port()).Ask(RequestText("GET", "/echo/a")).body, "a");
}

TEST_F(ServerTest, StopsWithIdleConnectionsOpenAndRefusesNewOnes) {
  TestClient idle(server_.port());
  EXPECT_EQ(idle.Ask(RequestText("GET", "/echo/a")).body, "a");
  const absl::Time begin = absl::Now();
  server_.Stop();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(1));
  EXPECT_TRUE(idle.IsClosed());
  EXPECT_EQ(TestClient(server_.port()).Ask(RequestText("GET", "/echo/a")).status, 0);
  server_.Stop();
}

}  // namespace
}  // namespace muster::http
