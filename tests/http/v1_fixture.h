#pragma once

#include <gtest/gtest.h>

#include <string>

#include "manual_clock.h"
#include "muster/core/location_service.h"
#include "muster/http/server.h"
#include "muster/http/v1.h"
#include "test_client.h"

namespace muster::http::testing {

/// A running server with /v1, open to everybody; three bindings per AoR.
class V1Test : public ::testing::Test {
 protected:
  explicit V1Test(const core::Limits& limits = {})
      : location_(limits, 16),
        server_(HttpServer::Options{.host = "127.0.0.1", .port = 0, .limits = limits}, router_,
                clock_, commits_) {
    AddV1Routes(router_, location_, commits_, clock_, limits, /*max_contacts=*/3);
    EXPECT_TRUE(server_.Start().ok());
  }

  Reply Get(std::string_view target) {
    return TestClient(server_.port()).Ask(RequestText("GET", target));
  }
  Reply Delete(std::string_view target) {
    return TestClient(server_.port()).Ask(RequestText("DELETE", target));
  }
  Reply Import(std::string_view lines, std::string_view target = "/v1/bindings",
               std::string_view type = "application/x-ndjson") {
    const std::string fields = "Content-Type: " + std::string(type) +
                               "\r\nContent-Length: " + std::to_string(lines.size()) + "\r\n";
    return TestClient(server_.port()).Ask(RequestText("POST", target, fields) + std::string(lines));
  }
  std::size_t Count() const { return location_.Count(core::BindingFilter::All(), clock_.Now()); }

  ManualClock clock_;
  core::LocationService location_;
  core::KeptInMemory commits_;
  Router router_{Authorization::Off()};
  HttpServer server_;
};

}  // namespace muster::http::testing
