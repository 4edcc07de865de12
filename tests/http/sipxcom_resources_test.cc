#include <gtest/gtest.h>

#include "sipxcom_fixture.h"

namespace muster::http {
namespace {

using testing::CallIds;
using testing::CountOf;
using testing::Phone;
using testing::Reply;

constexpr char kEmptyJson[] = R"({"registrations":[]})";
constexpr char kEmptyXml[] =
    R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Registrations/>)";

/// Three phones of two users at two servers.
class SipxcomResourcesTest : public testing::SipxcomTest {
 protected:
  SipxcomResourcesTest() {
    const core::ServerId first = location_.servers().Add({1, "one.example.com", "10.5.0.1"});
    const core::ServerId second = location_.servers().Add({2, "two.example.com", "2001:db8::2"});
    Register({.call_id = "a1",
              .instrument = "00:04:F2:AB:CD:EF",
              .expires = absl::Seconds(100),
              .server = first});
    Register({.contact_uri = "sip:alice@[2001:db8::7]",
              .call_id = "a2@198.51.100.9",
              .source = "10.0.0.1",
              .expires = absl::Seconds(300),
              .server = second});
    Register({.aor = "bob@example.org",
              .contact_uri = "sip:bob@phone.example.org",
              .call_id = "b/1?x",
              .source = "10.0.0.10",
              .expires = absl::Seconds(200),
              .server = first});
  }

  std::string Found(std::string_view target) {
    const Reply reply = Get(target);
    EXPECT_EQ(reply.status, 200) << target;
    std::string ids = CallIds(reply);
    return ids;
  }
};

TEST_F(SipxcomResourcesTest, ListsAllAtBothMountsWithAndWithoutSlash) {
  for (const char* target : {"/registrations", "/registrations/", "/sipxconfig/api/registrations",
                             "/sipxconfig/api/registrations/", "/registrations.json"}) {
    const Reply reply = Get(target);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.Header("content-type"), "application/json");
    EXPECT_EQ(CountOf("\"status\":\"active\"", reply.body), 3u) << target;
  }
}

TEST_F(SipxcomResourcesTest, WritesARowInFull) {
  EXPECT_EQ(Get("/registrations/callId/a1").body,
            R"({"registrations":[{"secondsToExpire":100,"status":"active",)"
            R"("uri":"<sip:alice@example.com>","primary":"10.5.0.1","expires":1732104100,)"
            R"("identity":"alice@example.com","contact":"<sip:alice@192.0.2.1:5060>",)"
            R"("instrument":"00:04:F2:AB:CD:EF","regCallId":"a1"}]})");
}

TEST_F(SipxcomResourcesTest, SpeaksXmlByAcceptExtensionAndType) {
  for (const auto& [target, fields, type] :
       {std::tuple{"/registrations/callId/a1", "Accept: text/xml\r\n", "text/xml; charset=utf-8"},
        std::tuple{"/registrations/callId/a1.xml", "", "application/xml; charset=utf-8"},
        std::tuple{"/registrations/callId/a1?_type=xml", "", "application/xml; charset=utf-8"}}) {
    const Reply reply = Get(target, fields);
    EXPECT_EQ(reply.Header("content-type"), type) << target;
    EXPECT_EQ(CountOf("<regCallId>a1</regCallId>", reply.body), 1u) << reply.body;
  }
  EXPECT_EQ(CountOf("<Registration>", Get("/registrations.xml").body), 3u);
}

TEST_F(SipxcomResourcesTest, NothingAcceptableIs406) {
  EXPECT_EQ(Get("/registrations", "Accept: image/png\r\n").status, 406);
}

TEST_F(SipxcomResourcesTest, UserIsAUserPartOrAWholeAor) {
  EXPECT_EQ(CountOf("alice@example.com\"", Get("/registrations/user/alice").body), 2u);
  EXPECT_EQ(Found("/registrations/user/%61lice.json").size(),
            std::string("a1 a2@198.51.100.9 ").size());
  EXPECT_EQ(Found("/registrations/user/bob@EXAMPLE.org"), "b/1?x ");
  EXPECT_EQ(Found("/registrations/user/bob%40example.org"), "b/1?x ");
  EXPECT_EQ(Found("/registrations/user/bob@example.com"), "");
  EXPECT_EQ(Found("/registrations/user/ali"), "");
  EXPECT_EQ(Found("/registrations/user/Alice"), "");
  EXPECT_EQ(Found("/registrations/user/@@"), "");
}

TEST_F(SipxcomResourcesTest, SerialNoIsAMacInAnyNotation) {
  for (const char* mac : {"00:04:F2:AB:CD:EF", "0004f2abcdef", "00-04-f2-ab-cd-ef"}) {
    EXPECT_EQ(Found(std::string("/registrations/serialNo/") + mac), "a1 ") << mac;
  }
  EXPECT_EQ(Found("/registrations/serialNo/0004f2abcde"), "");
}

TEST_F(SipxcomResourcesTest, IpIsContactSourceOrCallIdHostByValue) {
  EXPECT_EQ(Found("/registrations/ip/192.0.2.1"), "a1 ");
  EXPECT_EQ(Found("/registrations/ip/10.0.0.1"), "a2@198.51.100.9 ");
  EXPECT_EQ(Found("/registrations/ip/198.51.100.9"), "a2@198.51.100.9 ");
  EXPECT_EQ(Found("/registrations/ip/2001:DB8:0:0:0:0:0:7"), "a2@198.51.100.9 ");
  EXPECT_EQ(Found("/registrations/ip/%5B2001:db8::7%5D"), "a2@198.51.100.9 ");
  EXPECT_EQ(Found("/registrations/ip/::ffff:10.0.0.10"), "b/1?x ");
  EXPECT_EQ(Found("/registrations/ip/10.0.0"), "");
  EXPECT_EQ(Found("/registrations/ip/.*"), "");
}

TEST_F(SipxcomResourcesTest, CallIdIsExactAndSpeltEitherWay) {
  EXPECT_EQ(Found("/registrations/callId/b%2F1%3Fx"), "b/1?x ");
  EXPECT_EQ(Found("/registrations/callid/b%2F1%3Fx"), "b/1?x ");
  EXPECT_EQ(Found("/registrations/callId/A1"), "");
}

TEST_F(SipxcomResourcesTest, ServerIsANodeIdANameOrAnAddress) {
  for (const char* server : {"2", "two.example.com", "TWO.example.com", "2001:db8:0::2"}) {
    EXPECT_EQ(Found(std::string("/registrations/server/") + server), "a2@198.51.100.9 ") << server;
  }
  EXPECT_EQ(CountOf("regCallId", Get("/registrations/server/1").body), 2u);
}

TEST_F(SipxcomResourcesTest, UnknownServerIs404ForGetAndDelete) {
  for (const char* method : {"GET", "DELETE"}) {
    for (const char* server : {"3", "three.example.com", "10.5.0"}) {
      const Reply reply = Ask(method, std::string("/registrations/server/") + server,
                              "Accept: application/json\r\n");
      EXPECT_EQ(reply.status, 404);
      EXPECT_EQ(reply.body, "Server not found");
      EXPECT_EQ(reply.Header("content-type"), "text/plain; charset=utf-8");
    }
  }
  EXPECT_EQ(location_.Count(core::BindingFilter::All(), clock_.Now()), 3u);
}

TEST_F(SipxcomResourcesTest, NoMatchIsTheEmptyDocument) {
  for (const char* path : {"user/nobody", "serialNo/0004f2000000", "ip/203.0.113.1", "ip/name",
                           "callId/none", "user/.json"}) {
    const Reply reply = Get(std::string("/registrations/") + path);
    EXPECT_EQ(reply.status, 200) << path;
    EXPECT_EQ(reply.body, kEmptyJson) << path;
  }
  EXPECT_EQ(Get("/registrations/user/nobody.xml").body, kEmptyXml);
}

TEST_F(SipxcomResourcesTest, PagingIsNewestExpiryFirst) {
  EXPECT_EQ(Found("/registrations?start=0&limit=0"), "a2@198.51.100.9 b/1?x a1 ");
  EXPECT_EQ(Found("/registrations?start=1&limit=1"), "b/1?x ");
  EXPECT_EQ(Found("/registrations?start=2&limit=5"), "a1 ");
  EXPECT_EQ(Found("/registrations?start=3&limit=5"), "");
  EXPECT_EQ(Found("/registrations?start=9223372036854775807&limit=9223372036854775807"), "");
  EXPECT_EQ(Found("/registrations/user/alice?start=1&limit=1"), "a1 ");
  EXPECT_EQ(Found("/registrations/server/1?limit=1&start=0"), "b/1?x ");
  EXPECT_EQ(Found("/registrations/ip/10.0.0.1?start=1&limit=1"), "");
  EXPECT_EQ(Found("/registrations/callId/a1?start=1&limit=1"), "");
  EXPECT_EQ(Found("/registrations/serialNo/0004f2abcdef?start=1&limit=1"), "");
}

TEST_F(SipxcomResourcesTest, OneOfStartAndLimitAloneIsIgnoredButChecked) {
  EXPECT_EQ(CountOf("regCallId", Get("/registrations?limit=1").body), 3u);
  EXPECT_EQ(CountOf("regCallId", Get("/registrations?start=2").body), 3u);
  const Reply reply = Get("/registrations/callId/a1?limit=-1");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.Header("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(reply.body, "limit must be an integer from 0 to 9223372036854775807");
}

TEST_F(SipxcomResourcesTest, DeleteRemovesWhatGetShows) {
  const Reply reply = Ask("DELETE", "/registrations/user/alice");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(reply.Header("content-length"), "0");
  EXPECT_EQ(Found("/registrations"), "b/1?x ");
}

TEST_F(SipxcomResourcesTest, DeleteWorksOnEveryResource) {
  EXPECT_EQ(Ask("DELETE", "/registrations/serialNo/00-04-F2-AB-CD-EF").status, 200);
  EXPECT_EQ(CountOf("regCallId", Get("/registrations").body), 2u);
  EXPECT_EQ(Ask("DELETE", "/registrations/ip/10.0.0.1").status, 200);
  EXPECT_EQ(Found("/registrations"), "b/1?x ");  // and not 10.0.0.10
  Register({.call_id = "c"});
  EXPECT_EQ(Ask("DELETE", "/sipxconfig/api/registrations/callid/c.json").status, 200);
  EXPECT_EQ(Found("/registrations"), "b/1?x ");
  EXPECT_EQ(Ask("DELETE", "/registrations/server/one.example.com").status, 200);
  EXPECT_EQ(Get("/registrations").body, kEmptyJson);
}

TEST_F(SipxcomResourcesTest, DeleteThatMatchesNothingIs200) {
  for (const char* path : {"user/nobody", "serialNo/0004f2000000", "ip/203.0.113.1", "ip/name",
                           "callId/none", "user/.json"}) {
    const Reply reply = Ask("DELETE", std::string("/registrations/") + path);
    EXPECT_EQ(reply.status, 200) << path;
    EXPECT_EQ(reply.body, "") << path;
  }
  EXPECT_EQ(location_.Count(core::BindingFilter::All(), clock_.Now()), 3u);
}

TEST_F(SipxcomResourcesTest, UnsupportedMethodsAre405WithAllow) {
  for (const char* path : {"user/a", "serialNo/a", "ip/a", "callId/a", "callid/a", "server/a"}) {
    for (const char* method : {"PUT", "POST", "PATCH"}) {
      const Reply reply = Ask(method, std::string("/registrations/") + path);
      EXPECT_EQ(reply.status, 405) << method << " " << path;
      EXPECT_EQ(reply.Header("allow"), "GET, HEAD, DELETE, OPTIONS");
    }
  }
  for (const char* target : {"/registrations", "/sipxconfig/api/registrations/"}) {
    for (const char* method : {"PUT", "POST", "DELETE"}) {
      const Reply reply = Ask(method, target);
      EXPECT_EQ(reply.status, 405) << method << " " << target;
      EXPECT_EQ(reply.Header("allow"), "GET, HEAD, OPTIONS");
    }
  }
  EXPECT_EQ(location_.Count(core::BindingFilter::All(), clock_.Now()), 3u);
}

TEST_F(SipxcomResourcesTest, BadPathsAre404) {
  for (const char* target :
       {"/registrations/user", "/registrations/user/", "/registrations/foo/a",
        "/registrations/user/a/b", "/Registrations", "/registrations/SerialNo/a", "/sipxconfig/api",
        "/api/registrations", "/registrations/.json"}) {
    EXPECT_EQ(Get(target).status, 404) << target;
  }
}

TEST_F(SipxcomResourcesTest, AnExpiredBindingIsOnNoPath) {
  clock_.Advance(absl::Seconds(99));
  EXPECT_EQ(CountOf("\"secondsToExpire\":1,", Get("/registrations/callId/a1").body), 1u);
  clock_.Advance(absl::Seconds(1));
  for (const char* path : {"callId/a1", "serialNo/0004f2abcdef", "ip/192.0.2.1"}) {
    EXPECT_EQ(Get(std::string("/registrations/") + path).body, kEmptyJson) << path;
  }
  EXPECT_EQ(Found("/registrations?start=0&limit=0"), "a2@198.51.100.9 b/1?x ");
}

}  // namespace
}  // namespace muster::http
