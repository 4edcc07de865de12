#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sipxcom_fixture.h"
#include "v1_fixture.h"

namespace muster::http {
namespace {

using testing::CountOf;
using testing::Reply;

class V1BindingsTest : public testing::V1Test {
 protected:
  V1BindingsTest() : V1Test({.http_chunk_bytes = 10'000}) {}

  /// Rows call0, call1, ... of one AoR each.
  void Fill(std::size_t rows) {
    for (std::size_t i = 0; i < rows; ++i) {
      const std::string number = std::to_string(i);
      testing::Register(location_, clock_.Now(),
                        {.aor = "user" + number + "@example.com", .call_id = "call" + number});
    }
  }

  /// The value of "next", without quotes.
  static std::string NextOf(const Reply& reply) {
    const std::size_t begin = reply.body.rfind("\"next\":") + 7;
    std::string next = reply.body.substr(begin, reply.body.size() - begin - 1);
    std::erase(next, '"');
    return next;
  }
};

TEST_F(V1BindingsTest, AnItemHasTheBindingsFields) {
  location_.servers().Add({1, "one.example.com", "10.5.0.1"});
  testing::Register(location_, clock_.Now(), {.instrument = "00:04:F2:AB:CD:EF"});
  clock_.Advance(absl::Milliseconds(1'500));
  const Reply reply = Get("/v1/bindings");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("content-type"), "application/json");
  EXPECT_EQ(
      reply.body,
      R"({"items":[{"aor":"alice@example.com","user":"alice","domain":"example.com",)"
      R"("contact":"<sip:alice@192.0.2.1:5060>;reg-id=1","reg_id":1,"instrument":"00:04:F2:AB:CD:EF",)"
      R"("mac":"0004f2abcdef","call_id":"call-1","cseq":1,"ip":"192.0.2.1","port":5060,)"
      R"("received":"udp:192.0.2.1:5060","transport":"udp","server":"10.5.0.1","node_id":1,)"
      R"("node_name":"one.example.com","registered_at":"2024-11-20T12:00:00Z",)"
      R"("updated_at":"2024-11-20T12:00:00Z","expires_at":"2024-11-20T13:00:00Z",)"
      R"("expires_in":3599}],"total":1,"next":null})");
}

TEST_F(V1BindingsTest, NothingIsAnEmptyList) {
  EXPECT_EQ(Get("/v1/bindings").body, R"({"items":[],"total":0,"next":null})");
  EXPECT_EQ(Get("/v1/bindings?count=none").body, R"({"items":[],"next":null})");
}

TEST_F(V1BindingsTest, APageHas50RowsUnlessItIsSaid) {
  Fill(60);
  EXPECT_EQ(CountOf("\"call_id\"", Get("/v1/bindings").body), 50u);
  EXPECT_EQ(CountOf("\"call_id\"", Get("/v1/bindings?limit=1").body), 1u);
  const Reply all = Get("/v1/bindings?limit=1000");
  EXPECT_EQ(CountOf("\"call_id\"", all.body), 60u);
  EXPECT_EQ(NextOf(all), "null");
  EXPECT_THAT(Get("/v1/bindings?limit=1").body, ::testing::HasSubstr("\"total\":60,"));
}

TEST_F(V1BindingsTest, CursorsWalkEveryRowOnceInBoundedChunks) {
  Fill(5'000);
  std::set<std::string> call_ids;
  std::size_t rows = 0;
  std::string target = "/v1/bindings?limit=700";
  for (std::string next; next != "null";) {
    const Reply reply = Get(target);
    ASSERT_EQ(reply.status, 200);
    EXPECT_LE(reply.largest_chunk, 10'000u);
    for (std::size_t at = reply.body.find("\"call_id\":"); at != std::string::npos;
         at = reply.body.find("\"call_id\":", at + 1)) {
      call_ids.insert(reply.body.substr(at, reply.body.find(',', at) - at));
      ++rows;
    }
    next = NextOf(reply);
    target = "/v1/bindings?count=none&limit=700&after=" + next;
  }
  EXPECT_EQ(rows, 5'000u);
  EXPECT_EQ(call_ids.size(), 5'000u);
}

TEST_F(V1BindingsTest, ACursorBehindTheLastRowFindsNothing) {
  Fill(3);
  for (const char* cursor : {"999999-0", "0-4294967295", "4294967295-4294967295"}) {
    EXPECT_EQ(Get(std::string("/v1/bindings?count=none&after=") + cursor).status, 200) << cursor;
  }
  EXPECT_EQ(Get("/v1/bindings?count=none&after=16-0").body, R"({"items":[],"next":null})");
}

TEST_F(V1BindingsTest, ABadParameterIs400AndIsNamed) {
  const std::string limit = "must be a number from 1 to 1000";
  const std::string after = "is not a cursor that";
  const std::tuple<const char*, const char*, std::string> cases[] = {
      {"Limit=1", "Limit", "is unknown; there are"},
      {"=1", "", "is unknown; there are"},
      {"limit=0", "limit", limit},
      {"limit=1001", "limit", limit},
      {"limit=-1", "limit", limit},
      {"limit=5x", "limit", limit},
      {"limit", "limit", limit},
      {"limit=1&limit=1", "limit", "is given more than once"},
      {"count=all", "count", "must be exact or none"},
      {"after=", "after", after},
      {"after=null", "after", after},
      {"after=1", "after", after},
      {"after=1-", "after", after},
      {"after=-1", "after", after},
      {"after=1-2-3", "after", after},
      {"after=4294967296-0", "after", after},
  };
  for (const auto& [query, field, message] : cases) {
    const Reply reply = Get(std::string("/v1/bindings?") + query);
    EXPECT_EQ(reply.status, 400) << query;
    EXPECT_THAT(reply.body,
                ::testing::StartsWith(std::string(R"({"error":{"code":"bad_filter","field":")") +
                                      field + R"(","message":")" + field + " "));
    EXPECT_THAT(reply.body, ::testing::HasSubstr(message));
  }
}

TEST_F(V1BindingsTest, HeadOfAPageKeepsTheConnection) {
  Fill(1'000);
  testing::TestClient client(server_.port());
  client.Send(testing::RequestText("HEAD", "/v1/bindings?limit=1000"));
  EXPECT_EQ(client.Read(/*to_head=*/true).status, 200);
  EXPECT_EQ(client.Ask(testing::RequestText("GET", "/v1/bindings?limit=1")).status, 200);
}

}  // namespace
}  // namespace muster::http
