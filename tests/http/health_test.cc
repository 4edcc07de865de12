#include "muster/http/health.h"

#include <gtest/gtest.h>

namespace muster::http {
namespace {

class HealthTest : public ::testing::Test {
 protected:
  HealthTest() {
    AddHealthRoutes(
        router_, [this] { return is_ready_; }, [] { return std::string("muster_bindings 3\n"); });
  }

  Response Get(std::string_view target, std::string authorization = "") {
    Request request;
    EXPECT_EQ(ParseTarget(target, request), std::nullopt);
    request.method = "GET";
    request.authorization = std::move(authorization);
    return router_.Route(request);
  }

  bool is_ready_ = false;
  Router router_{Authorization::WithToken("t")};
};

TEST_F(HealthTest, IsAlive) {
  const Response response = Get("/healthz");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "ok\n");
}

TEST_F(HealthTest, IsReadyWhenItIs) {
  EXPECT_EQ(Get("/readyz").status, 503);
  is_ready_ = true;
  EXPECT_EQ(Get("/readyz").status, 200);
}

TEST_F(HealthTest, MetricsNeedTheToken) {
  EXPECT_EQ(Get("/metrics").status, 401);
  const Response response = Get("/metrics", "Bearer t");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(response.body, "muster_bindings 3\n");
}

}  // namespace
}  // namespace muster::http
