// An answer that tells of changes is sent once they are durable.

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>

#include "manual_clock.h"
#include "muster/core/mutex.h"
#include "muster/http/server.h"
#include "test_client.h"

namespace muster::http {
namespace {

using core::BatchNumber;
using core::CommitOutcome;
using testing::Reply;
using testing::RequestText;
using testing::TestClient;
using Values = std::span<const std::string_view>;

/// Batches are pending until the test settles them.
class CommitsByHand : public core::Commits {
 public:
  void Settle(BatchNumber batch, CommitOutcome outcome) {
    core::MutexLock lock(mutex_);
    outcomes_[batch] = outcome;
  }
  /// Returns when somebody has asked again and again.
  void AwaitQuestions() const {
    const int before = questions_;
    while (questions_ < before + 3) absl::SleepFor(absl::Milliseconds(1));
  }

  CommitOutcome OutcomeOf(BatchNumber batch) const override {
    ++questions_;
    core::MutexLock lock(mutex_);
    const auto found = outcomes_.find(batch);
    return found == outcomes_.end() ? CommitOutcome::kPending : found->second;
  }
  CommitOutcome Wait(BatchNumber batch) override { return OutcomeOf(batch); }
  void Request() override {}
  void Subscribe(core::CommitListener&) override {}
  void Unsubscribe(core::CommitListener&) override {}

 private:
  mutable std::atomic<int> questions_{0};
  mutable core::Mutex mutex_;
  std::map<BatchNumber, CommitOutcome> outcomes_;
};

class ServerCommitTest : public ::testing::Test {
 protected:
  ServerCommitTest() {
    const auto add = [&](const char* path, BatchNumber since, BatchNumber after) {
      router_.Add(Router::Access::kOpen, "GET", path, [=](const Request&, Values) {
        Response response = Response::Text(200, "done");
        response.since_batch = since;
        response.after_batch = after;
        return response;
      });
    };
    add("/none", 0, 0);
    add("/seven", 0, 7);
    add("/five-to-seven", 5, 7);
    router_.Add(Router::Access::kOpen, "GET", "/long", [](const Request&, Values) {
      Response response;
      response.work = [] {
        Response made = Response::Text(200, "done");
        made.after_batch = 7;
        return made;
      };
      return response;
    });
    EXPECT_TRUE(server_.Start().ok());
  }
  ~ServerCommitTest() override { server_.Stop(); }

  testing::ManualClock clock_;
  CommitsByHand commits_;
  Router router_{Authorization::Off()};
  HttpServer server_{HttpServer::Options{}, router_, clock_, commits_};
};

constexpr char kNotStored[] = R"({"error":{"code":"not_stored","message":)"
                              R"("the store failed: the change, or a part of it, is undone"}})";

TEST_F(ServerCommitTest, AnAnswerWithoutChangesDoesNotWait) {
  EXPECT_EQ(TestClient(server_.port()).Ask(RequestText("GET", "/none")).body, "done");
}

TEST_F(ServerCommitTest, AnAnswerWaitsUntilItsBatchIsDurable) {
  TestClient client(server_.port());
  client.Send(RequestText("GET", "/seven"));
  commits_.AwaitQuestions();
  EXPECT_EQ(TestClient(server_.port()).Ask(RequestText("GET", "/none")).body, "done");
  commits_.Settle(7, CommitOutcome::kDurable);
  EXPECT_EQ(client.Read().body, "done");
}

TEST_F(ServerCommitTest, AnAnswerThatTookLongWaitsToo) {
  TestClient client(server_.port());
  client.Send(RequestText("GET", "/long"));
  commits_.AwaitQuestions();
  commits_.Settle(7, CommitOutcome::kDurable);
  EXPECT_EQ(client.Read().body, "done");
}

TEST_F(ServerCommitTest, AFailedBatchIs503AndKeepsTheConnection) {
  commits_.Settle(7, CommitOutcome::kFailed);
  TestClient client(server_.port());
  const Reply reply = client.Ask(RequestText("GET", "/seven"));
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.Header("content-type"), "application/json");
  EXPECT_EQ(reply.body, kNotStored);
  EXPECT_EQ(client.Ask(RequestText("GET", "/none")).status, 200);
}

TEST_F(ServerCommitTest, AnAnswerWaitsForAllOfItsBatches) {
  commits_.Settle(7, CommitOutcome::kDurable);
  commits_.Settle(5, CommitOutcome::kDurable);
  TestClient client(server_.port());
  client.Send(RequestText("GET", "/five-to-seven"));
  commits_.AwaitQuestions();
  commits_.Settle(6, CommitOutcome::kFailed);
  EXPECT_EQ(client.Read().status, 503);
}

TEST_F(ServerCommitTest, AStopEndsWaitingAfterItsGrace) {
  core::Limits limits;
  limits.http_stop_grace = absl::Milliseconds(50);
  const HttpServer::Options options{.host = "127.0.0.1", .port = 0, .limits = limits};
  auto server = std::make_unique<HttpServer>(options, router_, clock_, commits_);
  ASSERT_TRUE(server->Start().ok());
  TestClient client(server->port());
  client.Send(RequestText("GET", "/seven"));
  commits_.AwaitQuestions();
  server.reset();  // stops, and closes what is open
  EXPECT_EQ(client.Read().status, 0);
}

}  // namespace
}  // namespace muster::http
