#include "muster/http/authorization.h"

#include <gtest/gtest.h>

namespace muster::http {
namespace {

TEST(AuthorizationTest, AdmitsTheTokenAsBearer) {
  const Authorization authorization = Authorization::WithToken("secret");
  EXPECT_TRUE(authorization.Admits("Bearer secret"));
  EXPECT_TRUE(authorization.Admits("bearer  secret"));
  EXPECT_FALSE(authorization.Admits("Bearer secreT"));
  EXPECT_FALSE(authorization.Admits("Bearer secret2"));
  EXPECT_FALSE(authorization.Admits("Bearer secre"));
  EXPECT_FALSE(authorization.Admits("Bearer "));
  EXPECT_FALSE(authorization.Admits("Bearer"));
  EXPECT_FALSE(authorization.Admits("Bearersecret"));
  EXPECT_FALSE(authorization.Admits("secret"));
  EXPECT_FALSE(authorization.Admits(""));
}

TEST(AuthorizationTest, AdmitsTheTokenAsBasicPasswordOfAnyUser) {
  const Authorization authorization = Authorization::WithToken("secret");
  EXPECT_TRUE(authorization.Admits("Basic YWRtaW46c2VjcmV0"));   // admin:secret
  EXPECT_TRUE(authorization.Admits("basic OnNlY3JldA=="));       // :secret
  EXPECT_FALSE(authorization.Admits("Basic c2VjcmV0"));          // secret, no colon
  EXPECT_FALSE(authorization.Admits("Basic c2VjcmV0OmFkbWlu"));  // secret:admin
  EXPECT_FALSE(authorization.Admits("Basic !!!"));
  EXPECT_FALSE(authorization.Admits("Digest username=\"admin\""));
}

TEST(AuthorizationTest, TheTokenMayHoldColons) {
  EXPECT_TRUE(Authorization::WithToken("a:b").Admits("Basic dTphOmI="));  // u:a:b
}

TEST(AuthorizationTest, AnEmptyTokenAdmitsNobody) {
  const Authorization authorization = Authorization::WithToken("");
  EXPECT_FALSE(authorization.Admits("Bearer "));
  EXPECT_FALSE(authorization.Admits("Basic dTo="));  // u:
  EXPECT_FALSE(authorization.Admits(""));
}

TEST(AuthorizationTest, OffAdmitsEverybody) { EXPECT_TRUE(Authorization::Off().Admits("")); }

TEST(AuthorizationTest, ChallengesForBothSchemes) {
  const Response challenge = Authorization::WithToken("secret").Challenge("/");
  EXPECT_EQ(challenge.status, 401);
  ASSERT_EQ(challenge.headers.size(), 2u);
  EXPECT_EQ(challenge.headers[0].name, "WWW-Authenticate");
  EXPECT_EQ(challenge.headers[0].value, "Bearer realm=\"muster\"");
  EXPECT_EQ(challenge.headers[1].name, "WWW-Authenticate");
  EXPECT_EQ(challenge.headers[1].value, "Basic realm=\"muster\", charset=\"UTF-8\"");
}

}  // namespace
}  // namespace muster::http
