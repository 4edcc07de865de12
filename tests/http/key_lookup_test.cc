#include "http/key_lookup.h"

#include <gtest/gtest.h>

#include <string>

#include "manual_clock.h"
#include "muster/http/router.h"
#include "muster/http/sipxcom.h"
#include "muster/http/v1.h"

namespace muster::http {
namespace {

class KeyLookupTest : public ::testing::Test {
 protected:
  KeyLookupTest() {
    AddSipxcomRoutes(router_, location_, commits_, clock_, {});
    AddV1Routes(router_, location_, commits_, clock_, {}, /*max_contacts=*/1);
  }

  /// Whether the answer is left to the threads for what may take long.
  bool MayTakeLong(std::string method, std::string_view target) const {
    Request request;
    EXPECT_EQ(ParseTarget(target, request), std::nullopt) << target;
    request.method = std::move(method);
    const Response response = router_.Route(request);
    EXPECT_EQ(response.status, 200) << target;
    return static_cast<bool>(response.work);
  }

  testing::ManualClock clock_;
  core::LocationService location_{core::Limits{}};
  core::KeptInMemory commits_;
  Router router_{Authorization::Off()};
};

TEST_F(KeyLookupTest, AKeyIsLookedUpAtOnce) {
  for (const char* target :
       {"/v1/bindings?user=alice", "/v1/bindings?user=alice;bob&ip=10.0.0.0/8",
        "/v1/bindings?aor=alice@example.com", "/v1/bindings?mac=0004f2abcdef",
        "/v1/bindings?call_id=x", "/v1/bindings?contact=sip:a@b", "/v1/bindings?instance=urn:x",
        "/v1/bindings?user=alice&explain=1", "/registrations/user/alice",
        "/registrations/user/alice@example.com", "/registrations/serialNo/0004f2abcdef",
        "/registrations/callId/x?start=1"}) {
    EXPECT_FALSE(MayTakeLong("GET", target)) << target;
  }
}

TEST_F(KeyLookupTest, AllElseMayTakeLong) {
  std::string many = "/v1/bindings?user=1";
  for (int user = 2; user <= 17; ++user) many += ";" + std::to_string(user);
  for (const char* target :
       {"/v1/bindings", "/v1/bindings?user=!alice", "/v1/bindings?user=al*",
        "/v1/bindings?user=alice;b*", "/v1/bindings?user=alice&sort=-expires_in",
        "/v1/bindings?user=alice&group_by=server", "/v1/bindings?ip=10.0.0.1",
        "/v1/bindings?server=x", many.c_str(), "/v1/bindings?group_by=server",
        "/v1/bindings?explain=1", "/registrations", "/registrations/ip/10.0.0.1"}) {
    EXPECT_TRUE(MayTakeLong("GET", target)) << target;
  }
}

TEST_F(KeyLookupTest, ARemovalMayWaitForTheJournal) {
  for (const char* target : {"/v1/bindings?user=alice", "/v1/bindings?user=alice&dry_run=1",
                             "/registrations/user/alice"}) {
    EXPECT_TRUE(MayTakeLong("DELETE", target)) << target;
  }
}

}  // namespace
}  // namespace muster::http
