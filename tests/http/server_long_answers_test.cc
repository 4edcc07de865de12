// Answers that may take long are made by other threads than the one of all sessions.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "manual_clock.h"
#include "muster/http/server.h"
#include "test_client.h"

namespace muster::http {
namespace {

using testing::Reply;
using testing::RequestText;
using testing::TestClient;
using Values = std::span<const std::string_view>;

/// Holds whoever comes until it is opened.
class Gate {
 public:
  void Pass() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
  }
  void AwaitArrivals(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= count; });
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool is_open_ = false;
};

class ServerLongAnswersTest : public ::testing::Test {
 protected:
  ServerLongAnswersTest() {
    Add("/short", [] { return Response::Text(200, "short"); });
    AddWork("/long", [this] {
      gate_.Pass();
      return Response::Text(200, "long");
    });
    AddWork("/other", [this] {
      other_gate_.Pass();
      return Response::Text(200, "other");
    });
    AddWork("/list", [this] { return ThreeChunks(); });
    AddWork("/throw", []() -> Response { throw std::runtime_error("secret"); });
  }
  ~ServerLongAnswersTest() override {
    gate_.Open();
    other_gate_.Open();
  }

  void Add(const char* path, const std::function<Response()>& answer) {
    router_.Add(Router::Access::kOpen, "GET", path,
                [answer](const Request&, Values) { return answer(); });
  }
  void AddWork(const char* path, const std::function<Response()>& work) {
    Add(path, [this, work] {
      ++asked_;
      asked_.notify_all();
      Response response;
      response.work = work;
      return response;
    });
  }
  /// The second one passes the gate.
  Response ThreeChunks() {
    Response response = Response::Text(200, "");
    response.chunks = [this, next = 'a'](std::string& chunk) mutable {
      if (next == 'b') gate_.Pass();
      chunk.assign(3, next++);
      return next <= 'c';
    };
    return response;
  }

  void Start(const core::Limits& limits = {}) {
    server_ = std::make_unique<HttpServer>(
        HttpServer::Options{.host = "127.0.0.1", .port = 0, .limits = limits}, router_, clock_,
        commits_);
    ASSERT_TRUE(server_->Start().ok());
  }
  std::unique_ptr<TestClient> Send(std::string_view target) const {
    auto client = std::make_unique<TestClient>(server_->port());
    client->Send(RequestText("GET", target));
    return client;
  }
  std::string BodyOf(std::string_view target) const { return Send(target)->Read().body; }
  /// Returns when so many requests for work have come.
  void AwaitAsked(int count) const {
    for (int seen = asked_; seen < count; seen = asked_) asked_.wait(seen);
  }

  testing::ManualClock clock_;
  core::KeptInMemory commits_;
  Router router_{Authorization::Off()};
  Gate gate_;
  Gate other_gate_;
  std::atomic<int> asked_{0};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ServerLongAnswersTest, OthersAreAnsweredMeanwhile) {
  Start();
  const auto client = Send("/long");
  gate_.AwaitArrivals(1);
  EXPECT_EQ(BodyOf("/short"), "short");
  gate_.Open();
  EXPECT_EQ(client->Read().body, "long");
  EXPECT_EQ(client->Ask(RequestText("GET", "/short")).body, "short");
}

TEST_F(ServerLongAnswersTest, OthersAreAnsweredBetweenTheChunks) {
  Start();
  const auto client = Send("/list");
  gate_.AwaitArrivals(1);
  EXPECT_EQ(BodyOf("/short"), "short");
  gate_.Open();
  const Reply reply = client->Read();
  EXPECT_EQ(reply.body, "aaabbbccc");
  EXPECT_EQ(reply.chunks, 3u);
  EXPECT_EQ(client->Ask(RequestText("GET", "/list")).body, "aaabbbccc");
}

TEST_F(ServerLongAnswersTest, OneDoesNotKeepAllOthersOfItsKindWaiting) {
  Start();
  const auto client = Send("/long");
  gate_.AwaitArrivals(1);
  EXPECT_EQ(BodyOf("/throw"), "internal error");
}

TEST_F(ServerLongAnswersTest, WhatIsDoneDoesNotWaitForWhatIsNot) {
  Start();
  const auto done = Send("/other");
  other_gate_.AwaitArrivals(1);
  const std::array waiting = {Send("/long"), Send("/long")};  // one has no thread yet
  AwaitAsked(3);
  EXPECT_EQ(BodyOf("/short"), "short");
  other_gate_.Open();
  EXPECT_EQ(done->Read().body, "other");
  gate_.Open();
  for (const auto& client : waiting) EXPECT_EQ(client->Read().body, "long");
}

TEST_F(ServerLongAnswersTest, ThrowingIs500WithoutItsTextAndKeepsTheConnection) {
  Start();
  const auto client = Send("/throw");
  const Reply reply = client->Read();
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.body, "internal error");
  EXPECT_EQ(client->Ask(RequestText("GET", "/short")).body, "short");
}

TEST_F(ServerLongAnswersTest, BeyondTheLimitIs503UntilOneIsDone) {
  Start({.max_http_long_answers = 3});
  const std::array clients = {Send("/long"), Send("/long"), Send("/long")};
  AwaitAsked(3);
  const auto refused = Send("/long");
  const Reply reply = refused->Read();
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.Header("retry-after"), "1");
  EXPECT_EQ(refused->Ask(RequestText("GET", "/short")).body, "short");
  gate_.Open();
  for (const auto& client : clients) EXPECT_EQ(client->Read().body, "long");
  EXPECT_EQ(refused->Ask(RequestText("GET", "/long")).body, "long");
}

TEST_F(ServerLongAnswersTest, APeerThatLeavesMeanwhileHarmsNobody) {
  Start({.max_http_long_answers = 1});
  Send("/long");  // and closes
  gate_.AwaitArrivals(1);
  gate_.Open();
  int status = 503;  // until its place is free
  for (int i = 0; i < 10'000 && status == 503; ++i) status = Send("/long")->Read().status;
  EXPECT_EQ(status, 200);
}

TEST_F(ServerLongAnswersTest, AStopBeginsMeanwhileAndLetsThemFinish) {
  Start({.http_stop_grace = absl::Minutes(1)});
  TestClient idle(server_->port());
  EXPECT_EQ(idle.Ask(RequestText("GET", "/short")).body, "short");
  const auto client = Send("/long");
  gate_.AwaitArrivals(1);
  std::thread stop([this] { server_->Stop(); });
  EXPECT_TRUE(idle.IsClosed());
  gate_.Open();
  EXPECT_EQ(client->Read().body, "long");
  stop.join();
}

TEST_F(ServerLongAnswersTest, AStopDropsThemAfterItsGrace) {
  Start({.http_stop_grace = absl::ZeroDuration()});
  TestClient idle(server_->port());
  EXPECT_EQ(idle.Ask(RequestText("GET", "/short")).body, "short");
  const auto list = Send("/list");
  gate_.AwaitArrivals(1);
  // More than there are threads.
  const std::array waiting = {Send("/long"), Send("/long"), Send("/long"), Send("/long")};
  AwaitAsked(5);
  std::thread stop([this] { server_->Stop(); });
  EXPECT_TRUE(idle.IsClosed());
  gate_.Open();
  stop.join();
  server_.reset();
  for (const auto& client : waiting) {
    client->Read();  // those that were just in time
    EXPECT_TRUE(client->IsClosed());
  }
}

}  // namespace
}  // namespace muster::http
