#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/v1/binding_import.h"
#include "muster/core/aor.h"
#include "v1_fixture.h"

namespace muster::http {
namespace {

using testing::Reply;
using testing::RequestText;
using testing::TestClient;

/// The clock stands at 2024-11-20 12:00:00.
constexpr std::int64_t kNowSeconds = 1'732'104'000;

struct Line {
  std::string aor = "alice@example.com";
  std::string contact = "<sip:alice@192.0.2.1>";
  std::int64_t updated = kNowSeconds - 60;
  std::int64_t registered = 0;  // 0 = not said
  std::int64_t expires = kNowSeconds + 600;
  std::string more = "";  // begins with a comma
};

std::string TextOf(const Line& line) {
  std::string text = R"({"aor":")" + line.aor + R"(","contact":")" + line.contact +
                     R"(","call_id":"c1","cseq":1,"updated_at":)" + std::to_string(line.updated) +
                     R"(,"expires_at":)" + std::to_string(line.expires) + line.more;
  if (line.registered != 0) text += ",\"registered_at\":" + std::to_string(line.registered);
  return text + "}\n";
}

std::string Outcome(std::size_t imported, std::size_t skipped, const std::string& errors = "") {
  return "{\"imported\":" + std::to_string(imported) + ",\"skipped\":" + std::to_string(skipped) +
         ",\"errors\":[" + errors + "]}";
}

class V1ImportTest : public testing::V1Test {
 protected:
  explicit V1ImportTest(const core::Limits& limits = {}) : V1Test(limits) {}

  std::vector<std::string> ContactsOf(std::string_view aor) const {
    core::BindingPage page;
    location_.Lookup(core::Aor::Parse(aor).value(), clock_.Now(), page);
    std::vector<std::string> contacts;
    for (const core::Binding& binding : page) contacts.emplace_back(binding.contact);
    return contacts;
  }
};

TEST_F(V1ImportTest, TakesLinesInAndSaysHowMany) {
  const Reply reply = Import(TextOf({}) + TextOf({.aor = "bob@example.com"}));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("content-type"), "application/json");
  EXPECT_EQ(reply.body, Outcome(2, 0));
  EXPECT_EQ(Count(), 2u);
}

TEST_F(V1ImportTest, NeedsNoLineFeedAtTheEndAndPassesOverEmptyLines) {
  std::string text = "\n\r\n" + TextOf({}) + "  \n" + TextOf({.aor = "bob@example.com"});
  text.pop_back();
  EXPECT_EQ(Import(text).body, Outcome(2, 0));
  EXPECT_EQ(Import("").body, Outcome(0, 0));
}

TEST_F(V1ImportTest, ABadLineIsNumberedAndTheRestGoesIn) {
  const Reply reply = Import(TextOf({}) + "\nnonsense\n" + TextOf({.more = ",\"colour\":1"}) +
                             TextOf({.aor = "bob@example.com"}));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, Outcome(2, 0,
                                R"({"line":3,"message":"not a JSON object"},)"
                                R"({"line":4,"message":"unknown member \"colour\""})"));
}

TEST_F(V1ImportTest, WhatHasExpiredIsSkipped) {
  EXPECT_EQ(Import(TextOf({.expires = kNowSeconds}) + TextOf({.expires = 5})).body, Outcome(0, 2));
  EXPECT_EQ(Count(), 0u);
}

TEST_F(V1ImportTest, TheLaterUpdateWins) {
  EXPECT_EQ(Import(TextOf({.updated = 100})).body, Outcome(1, 0));
  EXPECT_EQ(Import(TextOf({.updated = 100})).body, Outcome(0, 1));
  EXPECT_EQ(Import(TextOf({.updated = 99})).body, Outcome(0, 1));
  const std::string same = "sip:alice@192.0.2.1";  // as another text
  EXPECT_EQ(Import(TextOf({.contact = same, .updated = 101, .more = R"(,"q":"0.1")"})).body,
            Outcome(1, 0));
  EXPECT_EQ(Count(), 1u);
  EXPECT_THAT(Get("/v1/bindings").body, ::testing::HasSubstr(R"("q":"0.1")"));
}

TEST_F(V1ImportTest, EquivalentContactsAreOneBinding) {  // RFC 3261 19.1.4
  EXPECT_EQ(Import(TextOf({.contact = "<sip:alice@Example.ORG;transport=udp>", .updated = 1})).body,
            Outcome(1, 0));
  EXPECT_EQ(Import(TextOf({.contact = "<sip:%61lice@example.org;transport=UDP>"})).body,
            Outcome(1, 0));
  EXPECT_EQ(Count(), 1u);
}

TEST_F(V1ImportTest, BindingsOfAnAorKeepTheOrderOfTheirRegistration) {
  EXPECT_EQ(Import(TextOf({.contact = "sip:c@x", .registered = 300}) +
                   TextOf({.contact = "sip:a@x", .registered = 100}) +
                   TextOf({.contact = "sip:b@x", .registered = 200}))
                .body,
            Outcome(3, 0));
  EXPECT_EQ(ContactsOf("alice@example.com"),
            (std::vector<std::string>{"<sip:a@x>", "<sip:b@x>", "<sip:c@x>"}));
  EXPECT_THAT(Get("/v1/bindings").body,
              ::testing::HasSubstr(R"("registered_at":"1970-01-01T00:05:00Z")"));
}

TEST_F(V1ImportTest, MoreContactsThanAnAorMayHaveAreErrors) {
  std::string lines;
  for (const char* contact : {"sip:a@x", "sip:b@x", "sip:c@x", "sip:d@x"}) {
    lines += TextOf({.contact = contact});
  }
  const std::string problem = R"({"line":4,"message":"too many contacts for this AoR"})";
  EXPECT_EQ(Import(lines).body, Outcome(3, 0, problem));
  EXPECT_EQ(Count(), 3u);
}

TEST_F(V1ImportTest, ADryRunChangesNothingAndFindsTheSame) {
  const std::string server = R"(,"server":"10.9.9.9")";
  const Reply reply =
      Import(TextOf({.more = server}) + "x\n" + TextOf({.expires = 1}), "/v1/bindings?dry_run=1");
  EXPECT_EQ(reply.body, Outcome(1, 1, R"({"line":2,"message":"not a JSON object"})"));
  EXPECT_EQ(Count(), 0u);
  EXPECT_TRUE(location_.servers().Find("10.9.9.9").empty());
  EXPECT_EQ(Import(TextOf({}), "/v1/bindings?dry_run=0").body, Outcome(1, 0));
}

TEST_F(V1ImportTest, TheServerIsRemembered) {
  location_.servers().Add({1, "one.example.com", "10.5.0.1"});
  const std::string two = R"(,"server":"10.5.0.2","node_id":2,"node_name":"two.example.com")";
  EXPECT_EQ(Import(TextOf({.more = two}) + TextOf({.aor = "bob@example.com"})).body, Outcome(2, 0));
  const std::vector<core::ServerId> found = location_.servers().Find("two.example.com");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(location_.servers().Get(found.front()),
            (core::Server{2, "two.example.com", "10.5.0.2"}));
  EXPECT_EQ(location_.Count(core::BindingFilter::Servers(found), clock_.Now()), 1u);
}

TEST_F(V1ImportTest, MoreServersThanAreHeldAreErrors) {
  for (std::uint32_t i = 0; i < core::ServerRegistry::kMaxServers; ++i) {
    location_.servers().Add({i + 1, "", "10.5.0.1"});
  }
  EXPECT_EQ(
      Import(TextOf({.more = R"(,"server":"10.9.9.9")"}) +
             TextOf({.more = R"(,"server":"10.5.0.1","node_id":7)"}))
          .body,
      Outcome(1, 0,
              R"({"line":1,"message":"server is one more than the 1024 that are remembered"})"));
}

TEST_F(V1ImportTest, AnotherContentTypeIs415) {
  for (const char* type : {"application/json", "", "application/x-ndjsonx"}) {
    const Reply reply = Import(TextOf({}), "/v1/bindings", type);
    EXPECT_EQ(reply.status, 415) << type;
    EXPECT_EQ(reply.body, R"({"error":{"code":"bad_content_type",)"
                          R"("message":"the body must be application/x-ndjson"}})");
  }
  EXPECT_EQ(Import(TextOf({}), "/v1/bindings", "Application/X-NDJSON ; charset=utf-8").status, 200);
}

TEST_F(V1ImportTest, AnUnknownParameterIs400) {
  for (const char* query : {"dry_run=yes", "dry_run=1&dry_run=1", "dryrun=1", "limit=1"}) {
    const Reply reply = Import(TextOf({}), std::string("/v1/bindings?") + query);
    EXPECT_EQ(reply.status, 400) << query;
    EXPECT_THAT(reply.body, ::testing::HasSubstr("\"code\":\"bad_filter\""));
  }
  EXPECT_EQ(Count(), 0u);
}

TEST_F(V1ImportTest, WhatIsListedGoesInAgainUnchanged) {
  std::string lines;
  for (int i = 0; i < 100; ++i) {
    lines += TextOf({.aor = "user" + std::to_string(i) + "@example.com",
                     .registered = 1'000 + i,
                     .more = R"(,"path":"<sip:p;lr>","ip":"10.0.0.1","port":5060,"q":"0.5")"});
  }
  EXPECT_EQ(Import(lines).body, Outcome(100, 0));
  const std::string first = Get("/v1/bindings?limit=100").body;
  std::string items = first.substr(first.find('[') + 1, first.rfind(']') - first.find('[') - 1);
  for (std::size_t at = 0; (at = items.find("},{", at)) != std::string::npos; ++at) {
    items[at + 1] = '\n';
  }
  location_.Remove(core::BindingFilter::All(), clock_.Now(), commits_);
  EXPECT_EQ(Import(items).body, Outcome(100, 0));
  EXPECT_EQ(Get("/v1/bindings?limit=100").body.size(), first.size());
}

class FullTableTest : public V1ImportTest {
 protected:
  FullTableTest() : V1ImportTest({.max_bindings = 1}) {}
};

TEST_F(FullTableTest, WhatDoesNotFitIsAnError) {
  EXPECT_EQ(Import(TextOf({}) + TextOf({.aor = "bob@example.com"})).body,
            Outcome(1, 0, R"({"line":2,"message":"the table is full"})"));
}

}  // namespace
}  // namespace muster::http
