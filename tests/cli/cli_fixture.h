#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "muster/http/health.h"
#include "muster/http/v1.h"
#include "program.h"
#include "tests/http/sipxcom_fixture.h"

namespace muster::daemon::cli::testing {

/// A server with the real resources, three bindings, and the data folder of a daemon.
class CliTest : public ::testing::Test {
 protected:
  explicit CliTest(const core::Limits& limits = {}) : limits_(limits) {
    http::AddSipxcomRoutes(router_, location_, commits_, clock_, limits_);
    http::AddV1Routes(router_, location_, commits_, clock_, limits_, /*max_contacts=*/10);
    http::AddHealthRoutes(
        router_, [] { return true; }, [this] { return metrics_; });
    EXPECT_TRUE(server_.Start().ok());
    location_.servers().Add({1, "one.example.com", "10.5.0.1"});
    Register({.call_id = "call-1", .instrument = "0004f2abcdef"});
    Register({.contact_uri = "sip:alice@192.0.2.2", .call_id = "call-2", .source = "192.0.2.2"});
    Register({.aor = "bob@example.com", .call_id = "call-3.json"});
    std::string folder = ::testing::TempDir() + "muster-cli-XXXXXX";
    data_ = ::mkdtemp(folder.data());
    std::ofstream(data_ + "/http.url") << Url() << "\n";
    std::ofstream(data_ + "/admin.token") << "secret\n";
  }
  ~CliTest() override { std::filesystem::remove_all(data_); }

  void Register(const http::testing::Phone& phone) {
    http::testing::Register(location_, clock_.Now(), phone);
  }
  std::string Url() const { return "http://" + server_.endpoint(); }
  std::size_t Count() const { return location_.Count(core::BindingFilter::All(), clock_.Now()); }

  /// With the data folder.
  Outcome Run(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.end(), {"--data", data_});
    return RunProgram(arguments, input);
  }

  const core::Limits limits_;
  http::testing::ManualClock clock_;
  core::LocationService location_{limits_};
  http::Router router_{http::Authorization::WithToken("secret")};
  core::KeptInMemory commits_;
  http::HttpServer server_{http::HttpServer::Options{}, router_, clock_, commits_};
  std::string data_;
  std::string metrics_ = "muster_bindings 3\n";  // what /metrics says
};

}  // namespace muster::daemon::cli::testing
