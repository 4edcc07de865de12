// The filters of /v1/bindings, as a client writes them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "v1_fixture.h"

namespace muster::http {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Reply;
using ::testing::UnorderedElementsAre;

/// Six phones; each is known by its Call-ID.
class V1FiltersTest : public testing::V1Test {
 protected:
  V1FiltersTest() {
    location_.servers().Add({1, "one.example.com", "10.5.0.1"});
    location_.servers().Add({2, "two.example.com", "10.5.0.2"});
    const std::string lines =
        R"({"aor":"alice@a.example","contact":"<sip:alice@10.20.1.1:5060>","call_id":"a1","cseq":1,)"
        R"("expires_at":"2024-11-20T12:00:30Z","registered_at":"2024-11-20T11:00:00Z",)"
        R"("updated_at":"2024-11-20T11:50:00.25Z","ip":"203.0.113.7","port":5060,"transport":"udp",)"
        R"("instrument":"00:04:F2:00:00:01","user_agent":"Yealink SIP-T46S 66.85","server":"10.5.0.1",)"
        R"("node_id":1,"node_name":"one.example.com","reg_id":1})"
        "\n"
        R"({"aor":"alice@b.example","contact":"<sip:alice@10.21.0.9>","call_id":"a2","cseq":1,)"
        R"("expires_at":"2024-11-20T12:10:00Z","registered_at":"2024-11-20T11:30:00Z",)"
        R"("updated_at":"2024-11-20T11:50:00Z","ip":"203.0.113.8","port":5061,"transport":"tcp",)"
        R"("instance":"urn:uuid:00000000-0000-1000-8000-0004f2000002","user_agent":"Yealink SIP-T42S",)"
        R"("server":"10.5.0.2","node_id":2,"node_name":"two.example.com","reg_id":2})"
        "\n"
        R"({"aor":"bob@a.example","contact":"\"Bob\" <sip:bob@192.168.1.4;transport=tls>;audio",)"
        R"("call_id":"b1@10.20.7.7","cseq":9,"expires_at":"2024-11-20T12:00:45Z",)"
        R"("updated_at":"2024-11-20T11:59:00Z","ip":"198.51.100.2","port":5061,"transport":"tls",)"
        R"("user_agent":"Snom*;5","server":"10.5.0.1","node_id":1,"node_name":"one.example.com",)"
        R"("path":"<sip:p1.example;lr>"})"
        "\n"
        R"({"aor":"carol%20c@b.example","contact":"<sip:c@[2001:db8:1::5]>","call_id":"c1","cseq":1,)"
        R"("expires_at":"2024-11-20T13:00:00Z","updated_at":"2024-11-20T11:59:00Z",)"
        R"("ip":"2001:db8:1::5","port":5060,"transport":"udp","server":"10.5.0.2","node_id":2,)"
        R"("node_name":"two.example.com"})"
        "\n";
    EXPECT_THAT(Import(lines).body, HasSubstr(R"("imported":4)"));
  }

  static std::set<std::string> CallIds(const std::string& body) {
    static constexpr std::string_view kMember = "\"call_id\":\"";
    std::set<std::string> ids;
    for (std::size_t at = body.find(kMember); at != std::string::npos;
         at = body.find(kMember, at + 1)) {
      const std::size_t begin = at + kMember.size();
      ids.insert(body.substr(begin, body.find('"', begin) - begin));
    }
    return ids;
  }

  /// What a query finds; its total must say the same.
  std::set<std::string> Find(const std::string& query) {
    const Reply reply = Get("/v1/bindings?" + query);
    EXPECT_EQ(reply.status, 200) << query << " " << reply.body;
    const std::set<std::string> ids = CallIds(reply.body);
    EXPECT_THAT(reply.body, HasSubstr("\"total\":" + std::to_string(ids.size()) + ",")) << query;
    return ids;
  }

  void ExpectBad(const std::string& query, const std::string& field, const std::string& message) {
    const Reply reply = Get("/v1/bindings?" + query);
    EXPECT_EQ(reply.status, 400) << query;
    EXPECT_THAT(reply.body, HasSubstr(R"("code":"bad_filter","field":")" + field + "\"")) << query;
    EXPECT_THAT(reply.body, HasSubstr(message)) << query;
  }
};

TEST_F(V1FiltersTest, ByUserAorAndDomain) {
  EXPECT_THAT(Find("user=alice"), ElementsAre("a1", "a2"));
  EXPECT_THAT(Find("user=%2561lice"), ElementsAre("a1", "a2"));  // "%61lice" once decoded
  EXPECT_THAT(Find("user=carol%20c"), ElementsAre("c1"));
  EXPECT_THAT(Find("user=a*"), ElementsAre("a1", "a2"));
  EXPECT_THAT(Find("aor=ALICE@a.example"), ElementsAre());
  EXPECT_THAT(Find("aor=sip:alice@A.Example"), ElementsAre("a1"));
  EXPECT_THAT(Find("aor=alice@*"), ElementsAre("a1", "a2"));
  EXPECT_THAT(Find("aor=alice@B.*"), ElementsAre("a2"));
  EXPECT_THAT(Find("domain=B.example"), ElementsAre("a2", "c1"));
  EXPECT_THAT(Find("domain=a.*;b.example"), ElementsAre("a1", "a2", "b1@10.20.7.7", "c1"));
}

TEST_F(V1FiltersTest, ByDevice) {
  EXPECT_THAT(Find("mac=0004F2000001"), ElementsAre("a1"));
  EXPECT_THAT(Find("mac=00-04-f2-00-00-02"), ElementsAre("a2"));
  EXPECT_THAT(Find("mac=0004.f2*"), ElementsAre("a1", "a2"));
  EXPECT_THAT(Find("mac=!0004f2000001"), ElementsAre("a2", "b1@10.20.7.7", "c1"));
  EXPECT_THAT(Find("instance=urn:uuid:00000000-0000-1000-8000-0004f2000002"), ElementsAre("a2"));
  EXPECT_THAT(Find("instance=urn:*"), ElementsAre("a2"));
  EXPECT_THAT(Find("user_agent=Yealink*"), ElementsAre("a1", "a2"));
  EXPECT_THAT(Find("user_agent=Yealink"), ElementsAre());
  EXPECT_THAT(Find("user_agent=Snom\\*\\;5"), ElementsAre("b1@10.20.7.7"));
  EXPECT_THAT(Find("user_agent=!*"), ElementsAre("c1"));
}

TEST_F(V1FiltersTest, ByContactAndCallIdAndPath) {
  EXPECT_THAT(Find("contact=sip:bob@192.168.1.4;transport=tls"), ElementsAre());  // a list of two
  EXPECT_THAT(Find("contact=sip:bob@192.168.1.4\\;transport=tls"), ElementsAre("b1@10.20.7.7"));
  EXPECT_THAT(Find("contact=%22Bob%22%20%3Csip:bob@192.168.1.4\\;transport=tls%3E\\;audio"),
              ElementsAre("b1@10.20.7.7"));
  EXPECT_THAT(Find("contact=sip:alice@*"), ElementsAre("a1", "a2"));
  EXPECT_THAT(Find("call_id=a1;c1;none"), ElementsAre("a1", "c1"));
  EXPECT_THAT(Find("path=%3Csip:p1*"), ElementsAre("b1@10.20.7.7"));
}

TEST_F(V1FiltersTest, ByAddress) {
  EXPECT_THAT(Find("ip=203.0.113.7"), ElementsAre("a1"));
  EXPECT_THAT(Find("ip=10.20.0.0/16"), ElementsAre("a1", "b1@10.20.7.7"));
  EXPECT_THAT(Find("ip=10.20.0.0/15"), ElementsAre("a1", "a2", "b1@10.20.7.7"));
  EXPECT_THAT(Find("ip=10.20.99.99/16"), ElementsAre("a1", "b1@10.20.7.7"));
  EXPECT_THAT(Find("ip=0.0.0.0/0"), ElementsAre("a1", "a2", "b1@10.20.7.7"));
  EXPECT_THAT(Find("ip=::/0"), ElementsAre("c1"));
  EXPECT_THAT(Find("ip=2001:db8::/32;203.0.113.8"), ElementsAre("a2", "c1"));
  EXPECT_THAT(Find("ip=[2001:DB8:1::5]"), ElementsAre("c1"));
  EXPECT_THAT(Find("ip=!10.0.0.0/8"), ElementsAre("c1"));
}

TEST_F(V1FiltersTest, ByTransportPortServerAndRegId) {
  EXPECT_THAT(Find("transport=TLS;tcp"), ElementsAre("a2", "b1@10.20.7.7"));
  EXPECT_THAT(Find("transport=!udp"), ElementsAre("a2", "b1@10.20.7.7"));
  EXPECT_THAT(Find("port=5061"), ElementsAre("a2", "b1@10.20.7.7"));
  EXPECT_THAT(Find("port=:5060"), ElementsAre("a1", "c1"));
  EXPECT_THAT(Find("server=1"), ElementsAre("a1", "b1@10.20.7.7"));
  EXPECT_THAT(Find("server=TWO.example.com"), ElementsAre("a2", "c1"));
  EXPECT_THAT(Find("server=10.5.*"), ElementsAre("a1", "a2", "b1@10.20.7.7", "c1"));
  EXPECT_THAT(Find("server=nowhere"), ElementsAre());
  EXPECT_THAT(Find("server=!nowhere;10.5.0.1"), ElementsAre("a2", "c1"));
  EXPECT_THAT(Find("reg_id=2:"), ElementsAre("a2"));
  EXPECT_THAT(Find("reg_id=!1:9"), ElementsAre("b1@10.20.7.7", "c1"));
}

TEST_F(V1FiltersTest, ByTime) {
  EXPECT_THAT(Find("expires_in=0:60"), ElementsAre("a1", "b1@10.20.7.7"));
  EXPECT_THAT(Find("expires_in=30"), ElementsAre("a1"));
  EXPECT_THAT(Find("expires_in=31:600"), ElementsAre("a2", "b1@10.20.7.7"));
  EXPECT_THAT(Find("expires_in=601:"), ElementsAre("c1"));
  EXPECT_THAT(Find("registered_at=:2024-11-20T11:29:59Z"), ElementsAre("a1"));
  EXPECT_THAT(Find("registered_at=2024-11-20T11:00:00Z:2024-11-20T11:30:00Z"),
              ElementsAre("a1", "a2"));
  EXPECT_THAT(Find("registered_at=2024-11-20T12:30:00%2B01:00:"),
              ElementsAre("a2", "b1@10.20.7.7", "c1"));
  EXPECT_THAT(Find("updated_at=2024-11-20T11:50:00Z"), ElementsAre("a1", "a2"));  // its second
  EXPECT_THAT(Find("updated_at=2024-11-20T11:50:00.25Z"), ElementsAre("a1"));
  EXPECT_THAT(Find("updated_at=1732103400:1732103940"),
              ElementsAre("a1", "a2", "b1@10.20.7.7", "c1"));
}

TEST_F(V1FiltersTest, AreJoinedByAnd) {
  EXPECT_THAT(Find("user_agent=Yealink*&ip=10.20.0.0/16&server=1&expires_in=0:60"),
              ElementsAre("a1"));
  EXPECT_THAT(Find("user=alice&user=!alice"), ElementsAre());
  EXPECT_THAT(Find("expires_in=10:&expires_in=:50"), ElementsAre("a1", "b1@10.20.7.7"));
}

TEST_F(V1FiltersTest, ABadValueIs400AndIsNamed) {
  ExpectBad("user=", "user", "user needs a value");
  ExpectBad("user", "user", "user needs a value");
  ExpectBad("user=a;;b", "user", "has an empty value in its list");
  ExpectBad("user=!", "user", "has an empty value in its list");
  ExpectBad("user=a*b", "user", "has a * that is not at the end");
  ExpectBad("user=a\\", "user", R"(has a \\ in front of none of)");
  ExpectBad("aor=tel:%2B1", "aor", R"(\"tel:+1\" is no AoR)");
  ExpectBad("mac=0004f2", "mac", R"(\"0004f2\" is no MAC)");
  ExpectBad("mac=xyz*", "mac", "is no MAC");
  ExpectBad("ip=10.0.0", "ip", R"(\"10.0.0\" is no IP address)");
  ExpectBad("ip=10.0.0.0/33", "ip", "a block without a length from 0 to 32");
  ExpectBad("ip=::1/129", "ip", "from 0 to 128");
  ExpectBad("ip=10.0.0.0/", "ip", "a block without a length");
  ExpectBad("ip=10.*", "ip", "is no IP address");
  ExpectBad("port=65536", "port", "is no number from 0 to 65535");
  ExpectBad("port=5*", "port", "is no number");
  ExpectBad("port=9:1", "port", "is a range that ends before it begins");
  ExpectBad("port=:", "port", "is no number");
  ExpectBad("expires_in=99999999999999999999", "expires_in", "is no number");
  ExpectBad("transport=sctp", "transport", R"(\"sctp\" is no transport)");
  ExpectBad("updated_at=yesterday", "updated_at", "is no time");
  ExpectBad("updated_at=2024-11-20", "updated_at", "is no time");
  ExpectBad("updated_at=:", "updated_at", "is no time");
  ExpectBad("status_code=200", "status_code", "is unknown; there are aor user domain contact mac");
  ExpectBad("instrument=x", "instrument", "is unknown");
}

TEST_F(V1FiltersTest, HostileValuesHaveBoundedAnswers) {
  EXPECT_EQ(Get("/v1/bindings?user=%00").status, 400);
  EXPECT_THAT(Find("user_agent=%ff%fe*"), ElementsAre());
  std::string list = "call_id=0";
  for (int i = 1; i < 1'000; ++i) list += ";" + std::to_string(i);
  EXPECT_THAT(Find(list), ElementsAre());
  ExpectBad(list + ";1", "call_id", "has more than 1000 values");
  ExpectBad(list + "&user=a", "user", "makes more than 1000 values of all filters together");
  std::string filters = "user=a*";
  for (int i = 1; i < 32; ++i) filters += "&user=a*";
  EXPECT_THAT(Find(filters), ElementsAre("a1", "a2"));
  ExpectBad(filters + "&user=a*", "user", "is one filter more than 32");
}

TEST_F(V1FiltersTest, PagesByOffset) {
  std::set<std::string> found;
  for (int offset = 0; offset < 4; ++offset) {
    const Reply reply = Get("/v1/bindings?limit=1&offset=" + std::to_string(offset));
    EXPECT_THAT(reply.body, HasSubstr("\"total\":4,"));
    EXPECT_EQ(reply.body.ends_with("\"next\":null}"), offset == 3);
    EXPECT_EQ(CallIds(reply.body).size(), 1U);
    found.merge(CallIds(reply.body));
  }
  EXPECT_EQ(found.size(), 4U);
  EXPECT_EQ(Get("/v1/bindings?offset=4").body, R"({"items":[],"total":4,"next":null})");
  EXPECT_EQ(Get("/v1/bindings?offset=9999999999").body, R"({"items":[],"total":4,"next":null})");
  EXPECT_THAT(Find("user=alice&offset=0"), ElementsAre("a1", "a2"));
  ExpectBad("offset=-1", "offset", "must be a number");
  ExpectBad("offset=1&after=0-0", "offset", "and after must not be given both");
}

/// The Call-IDs in the order of the answer.
std::string OrderOf(const std::string& body) {
  std::string order;
  for (std::size_t at = body.find("\"call_id\":\""); at != std::string::npos;
       at = body.find("\"call_id\":\"", at + 1)) {
    order += body.substr(at + 11, 2) + " ";
  }
  return order;
}

TEST_F(V1FiltersTest, SortsByAnyField) {
  const std::pair<const char*, const char*> cases[] = {
      {"call_id", "a1 a2 b1 c1 "},      {"-call_id", "c1 b1 a2 a1 "},
      {"expires_in", "a1 b1 a2 c1 "},   {"-expires_in", "c1 a2 b1 a1 "},
      {"ip", "b1 a1 a2 c1 "},           {"-aor", "c1 b1 a2 a1 "},
      {"reg_id&reg_id=1:", "a1 a2 "},   {"user_agent&user_agent=*", "b1 a2 a1 "},
      {"-mac&mac=*", "a2 a1 "},         {"server&aor=a*", "a1 a2 "},
      {"transport&port=5061", "a2 b1 "}};
  for (const auto& [sort, order] : cases) {
    EXPECT_EQ(OrderOf(Get(std::string("/v1/bindings?sort=") + sort).body), order) << sort;
  }
  ExpectBad("sort=nothing", "sort", "must be a field");
  ExpectBad("sort=call_id&offset=10001", "offset", "must be at most 10000");
}

TEST_F(V1FiltersTest, ASortedListIsWalkedByCursors) {
  for (const char* sort : {"call_id", "-expires_in"}) {
    std::string order;
    std::string target = std::string("/v1/bindings?limit=3&sort=") + sort;
    const std::string whole = OrderOf(Get("/v1/bindings?sort=" + std::string(sort)).body);
    for (int page = 0; page < 2; ++page) {
      const Reply reply = Get(target);
      order += OrderOf(reply.body);
      const std::size_t begin = reply.body.rfind("\"next\":\"") + 8;
      target = std::string("/v1/bindings?limit=3&sort=") + sort +
               "&after=" + reply.body.substr(begin, reply.body.find('"', begin) - begin);
    }
    EXPECT_EQ(order, whole);
  }
  ExpectBad("sort=call_id&after=0-0", "after", "is not a cursor");
  ExpectBad("sort=call_id&after=0-0-n5", "after", "is not a cursor");
  ExpectBad("sort=expires_in&after=0-0-t61", "after", "is not a cursor");
  ExpectBad("sort=call_id&after=0-0-t6", "after", "is not a cursor");
}

TEST_F(V1FiltersTest, GroupsByAField) {
  EXPECT_EQ(
      Get("/v1/bindings?group_by=server").body,
      R"({"groups":[{"value":"10.5.0.1","count":2},{"value":"10.5.0.2","count":2}],"total":4})");
  EXPECT_EQ(Get("/v1/bindings?group_by=user_agent&transport=udp").body,
            R"({"groups":[{"value":"Yealink SIP-T46S 66.85","count":1},{"value":null,"count":1}],)"
            R"("total":2})");
  EXPECT_EQ(Get("/v1/bindings?group_by=reg_id&user=alice").body,
            R"({"groups":[{"value":1,"count":1},{"value":2,"count":1}],"total":2})");
  EXPECT_EQ(Get("/v1/bindings?group_by=user&user=nobody").body, R"({"groups":[],"total":0})");
  ExpectBad("group_by=expires_in", "group_by", "must be a field that is no time");
  ExpectBad("group_by=user&limit=1", "limit", "does not go with group_by");
}

TEST_F(V1FiltersTest, ErrorsBeforeTheFiltersHaveTheSameForm) {
  const auto expect = [](const Reply& reply, int status, std::string_view error) {
    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.Header("content-type"), "application/json");
    EXPECT_EQ(reply.body, "{\"error\":{" + std::string(error) + "}}");
  };
  expect(Get("/v1/bindings?limit=1&user=a%00"), 400,
         R"("code":"bad_filter","field":"user","message":"bad query: user: %00 is not allowed")");
  expect(Get("/v1/bindings?us%00er=a"), 400,
         R"("code":"bad_target","message":"bad query: %00 is not allowed")");
  expect(
      Get("/v1/%zz"), 400,
      R"("code":"bad_target","message":"bad path: a '%' is not followed by two hexadecimal digits")");
  expect(Get("/v1/nothing"), 404, R"("code":"not_found","message":"no such resource")");
  expect(testing::TestClient(server_.port()).Ask(testing::RequestText("PUT", "/v1/bindings")), 405,
         R"("code":"not_allowed","message":"PUT is not allowed here")");
  expect(Import(std::string(100'000, 'x')), 413,
         R"("code":"too_large","message":"the body exceeds 65536 bytes")");
}

TEST_F(V1FiltersTest, ExplainsItself) {
  EXPECT_EQ(Get("/v1/bindings?explain=1&user=alice&user_agent=Yealink*&port=5061").body,
            R"({"explain":{"conditions":[{"field":"user","role":"leads","rows":2},)"
            R"({"field":"user_agent","role":"looks","rows":2},{"field":"port","role":"looks"}],)"
            R"("rows_at_most":2,"rows_looked_at":2}})");
  EXPECT_EQ(Get("/v1/bindings?explain=1").body,
            R"({"explain":{"conditions":[],"rows_at_most":4,"rows_looked_at":0}})");
  ExpectBad("explain=yes", "explain", "must be 0 or 1");
}

TEST_F(V1FiltersTest, RemovesWhatAFilterMeans) {
  EXPECT_EQ(Delete("/v1/bindings?user=alice&dry_run=1").body, R"({"would_delete":2})");
  EXPECT_EQ(Count(), 4U);
  EXPECT_EQ(Delete("/v1/bindings?user=alice&domain=b.example").body, R"({"deleted":1})");
  EXPECT_THAT(Find("user=*"), ElementsAre("a1", "b1@10.20.7.7", "c1"));
  EXPECT_EQ(Delete("/v1/bindings?user=nobody").body, R"({"deleted":0})");
  for (const char* query : {"", "?dry_run=1"}) {
    const Reply reply = Delete(std::string("/v1/bindings") + query);
    EXPECT_EQ(reply.status, 400);
    EXPECT_THAT(reply.body, HasSubstr("a removal needs one of aor user"));
  }
  EXPECT_EQ(Delete("/v1/bindings?user=bob&limit=1").status, 400);
  EXPECT_EQ(Delete("/v1/bindings?user=bob&dry_run=2").status, 400);
  EXPECT_EQ(Delete("/v1/bindings?user=*").body, R"({"deleted":3})");
  EXPECT_EQ(Count(), 0U);
}

}  // namespace
}  // namespace muster::http
