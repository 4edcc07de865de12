// Every limit of core::Limits that is about HTTP is reached here or in sipxcom_streaming_test.cc.

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "manual_clock.h"
#include "muster/http/server.h"
#include "test_client.h"

namespace muster::http {
namespace {

using testing::ManualClock;
using testing::Reply;
using testing::RequestText;
using testing::TestClient;
using Values = std::span<const std::string_view>;

class ServerLimitsTest : public ::testing::Test {
 protected:
  ServerLimitsTest() {
    router_.Add(Router::Access::kOpen, "GET", "/ok",
                [](const Request&, Values) { return Response::Text(200, "ok"); });
    router_.Add(Router::Access::kOpen, "POST", "/body", [](const Request& request, Values) {
      return Response::Text(200, std::to_string(request.body.size()));
    });
    router_.Add(Router::Access::kOpen, "GET", "/endless", [](const Request&, Values) {
      Response response;
      response.chunks = [](std::string& chunk) {
        chunk.assign(65'536, 'x');
        return true;
      };
      return response;
    });
  }

  void Start(const core::Limits& limits) {
    server_ = std::make_unique<HttpServer>(
        HttpServer::Options{.host = "127.0.0.1", .port = 0, .limits = limits}, router_, clock_,
        commits_);
    ASSERT_TRUE(server_->Start().ok());
  }
  std::uint16_t port() const { return server_->port(); }

  ManualClock clock_;
  core::KeptInMemory commits_;
  Router router_{Authorization::Off()};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ServerLimitsTest, AHeaderBeyondTheLimitIs431) {
  Start({.max_http_header_bytes = 1'000});
  TestClient client(port());
  EXPECT_EQ(client.Ask(RequestText("GET", "/ok", "X: " + std::string(900, 'x') + "\r\n")).status,
            200);
  const Reply reply =
      client.Ask(RequestText("GET", "/ok", "X: " + std::string(1'000, 'x') + "\r\n"));
  EXPECT_EQ(reply.status, 431);
  EXPECT_EQ(reply.body, "request line and header fields exceed 1000 bytes");
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(ServerLimitsTest, AnEndlessHeaderIs431) {
  Start({.max_http_header_bytes = 1'000});
  TestClient client(port());
  client.Send("GET /" + std::string(100'000, 'a'));
  EXPECT_EQ(client.Read().status, 431);
}

TEST_F(ServerLimitsTest, ManyPipelinedRequestsBeyondTheHeaderLimitAreFine) {
  Start({.max_http_header_bytes = 200});
  TestClient client(port());
  std::string requests;
  for (int i = 0; i < 1'000; ++i) requests += RequestText("GET", "/ok");
  client.Send(requests);
  for (int i = 0; i < 1'000; ++i) ASSERT_EQ(client.Read().body, "ok") << i;
}

TEST_F(ServerLimitsTest, ABodyBeyondTheLimitIs413) {
  Start({.max_http_body_bytes = 100});
  TestClient client(port());
  EXPECT_EQ(
      client.Ask(RequestText("POST", "/body", "Content-Length: 100\r\n") + std::string(100, 'x'))
          .body,
      "100");
  const Reply reply = client.Ask(RequestText("POST", "/body", "Content-Length: 101\r\n"));
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(reply.body, "the body exceeds 100 bytes");
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(ServerLimitsTest, AChunkedBodyBeyondTheLimitIs413) {
  Start({.max_http_body_bytes = 100});
  TestClient client(port());
  client.Send(RequestText("POST", "/body", "Transfer-Encoding: chunked\r\n"));
  for (int i = 0; i < 11; ++i) client.Send("a\r\n0123456789\r\n");
  EXPECT_EQ(client.Read().status, 413);
}

TEST_F(ServerLimitsTest, The413ReachesAPeerThatGoesOnSending) {
  Start({.max_http_body_bytes = 100});
  TestClient client(port());
  client.Send(RequestText("POST", "/body", "Content-Length: 1000000\r\n") +
              std::string(1'000'000, 'x'));
  EXPECT_EQ(client.Read().status, 413);
}

TEST_F(ServerLimitsTest, ConnectionsBeyondTheLimitGet503AndAreClosed) {
  Start({.max_http_connections = 2});
  TestClient first(port());
  EXPECT_EQ(first.Ask(RequestText("GET", "/ok")).status, 200);
  {
    TestClient second(port());
    EXPECT_EQ(second.Ask(RequestText("GET", "/ok")).status, 200);
    TestClient third(port());
    const Reply reply = third.Ask(RequestText("GET", "/ok"));
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.Header("retry-after"), "1");
    EXPECT_EQ(reply.Header("connection"), "close");
    EXPECT_TRUE(third.IsClosed());
    EXPECT_EQ(second.Ask(RequestText("GET", "/ok", "Connection: close\r\n")).status, 200);
  }
  int status = 503;  // the server sees the second one's end a moment later
  for (int i = 0; i < 1'000 && status == 503; ++i) {
    status = TestClient(port()).Ask(RequestText("GET", "/ok")).status;
  }
  EXPECT_EQ(status, 200);
}

TEST_F(ServerLimitsTest, RefusalsBeyondTheirLimitAreClosedWithoutAWord) {
  Start({.max_http_connections = 0, .http_linger = absl::Seconds(30)});
  std::vector<std::unique_ptr<TestClient>> refused;
  for (std::size_t i = 0; i < core::Limits::kMaxHttpRefusals; ++i) {
    refused.push_back(std::make_unique<TestClient>(port()));
    ASSERT_EQ(refused.back()->Read().status, 503);
  }
  EXPECT_EQ(TestClient(port()).Read().status, 0);
}

TEST_F(ServerLimitsTest, ARequestThatIsNotWholeInTimeEndsTheConnection) {
  Start({.http_request_timeout = absl::Milliseconds(50), .http_idle_timeout = absl::Minutes(1)});
  TestClient header(port());
  header.Send("GET /ok HTTP/1.1\r\n");
  EXPECT_TRUE(header.IsClosed());
  TestClient body(port());
  body.Send(RequestText("POST", "/body", "Content-Length: 10\r\n") + "12345");
  EXPECT_TRUE(body.IsClosed());
}

TEST_F(ServerLimitsTest, AConnectionWithoutARequestIsClosed) {
  Start({.http_request_timeout = absl::Minutes(1), .http_idle_timeout = absl::Milliseconds(50)});
  TestClient silent(port());
  EXPECT_TRUE(silent.IsClosed());
  TestClient served(port());
  EXPECT_EQ(served.Ask(RequestText("GET", "/ok")).status, 200);
  EXPECT_TRUE(served.IsClosed());
}

TEST_F(ServerLimitsTest, APeerThatDoesNotReadLosesItsConnection) {
  Start({.max_http_connections = 1, .http_request_timeout = absl::Milliseconds(50)});
  TestClient slow(port(), /*receive_buffer=*/4'096);
  slow.Send(RequestText("GET", "/endless"));
  int status = 503;  // until the slow one has lost its place
  for (int i = 0; i < 10'000 && status != 200; ++i) {
    status = TestClient(port()).Ask(RequestText("GET", "/ok")).status;
  }
  EXPECT_EQ(status, 200);
}

TEST_F(ServerLimitsTest, APeerThatWeEndLosesItsConnectionAfterTheLinger) {
  Start({.http_linger = absl::Milliseconds(50)});
  TestClient client(port());
  EXPECT_EQ(client.Ask(RequestText("GET", "/ok", "Connection: close\r\n")).status, 200);
  EXPECT_TRUE(client.IsClosed());
  // After the linger the kernel answers what we send with a reset, which the next read reports.
  for (int i = 0; i < 100; ++i) {
    client.Send("x");
    absl::SleepFor(absl::Milliseconds(5));
  }
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(ServerLimitsTest, AStopDoesNotWaitForAnEndlessAnswerLongerThanItsGrace) {
  Start({.http_stop_grace = absl::Milliseconds(50)});
  TestClient client(port(), /*receive_buffer=*/4'096);
  client.Send(RequestText("GET", "/endless"));
  EXPECT_EQ(client.Read(/*to_head=*/true).status, 200);
  const absl::Time begin = absl::Now();
  server_->Stop();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
}

}  // namespace
}  // namespace muster::http
