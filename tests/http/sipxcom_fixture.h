#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "manual_clock.h"
#include "muster/core/aor.h"
#include "muster/core/location_service.h"
#include "muster/http/server.h"
#include "muster/http/sipxcom.h"
#include "test_client.h"

namespace muster::http::testing {

/// What a test says of a binding; the rest follows from it.
struct Phone {
  std::string aor = "alice@example.com";
  std::string contact_uri = "sip:alice@192.0.2.1:5060";
  std::string call_id = "call-1";
  std::string instrument = "";
  std::string source = "192.0.2.1";
  absl::Duration expires = absl::Seconds(3'600);
  core::ServerId server = 0;
};

inline void Register(core::LocationService& location, absl::Time now, const Phone& phone) {
  const std::string to_uri = "sip:" + phone.aor;
  const std::string contact = "<" + phone.contact_uri + ">;reg-id=1";
  core::Binding binding;
  binding.to_uri = to_uri;
  binding.contact = contact;
  binding.contact_uri = std::string_view(contact).substr(1, phone.contact_uri.size());
  binding.call_id = phone.call_id;
  binding.instrument = phone.instrument;
  binding.cseq = 1;
  binding.reg_id = 1;
  binding.source_address = core::IpAddress::Parse(phone.source).value();
  binding.source_port = 5060;
  binding.server = phone.server;
  binding.updated_at = now;
  binding.expires_at = now + phone.expires;
  location.Edit(core::Aor::Parse(phone.aor).value(), now,
                [&](core::Record& record) { record.Add(binding); });
}

/// A running server with the sipXcom resources, open to everybody.
class SipxcomTest : public ::testing::Test {
 protected:
  explicit SipxcomTest(const core::Limits& limits = {})
      : location_(limits, 16),
        server_(HttpServer::Options{.host = "127.0.0.1", .port = 0, .limits = limits}, router_,
                clock_, commits_) {
    AddSipxcomRoutes(router_, location_, commits_, clock_, limits);
    EXPECT_TRUE(server_.Start().ok());
  }

  void Register(const Phone& phone) { testing::Register(location_, clock_.Now(), phone); }
  Reply Ask(std::string_view method, std::string_view target, std::string_view fields = "") {
    return TestClient(server_.port()).Ask(RequestText(method, target, fields));
  }
  Reply Get(std::string_view target, std::string_view fields = "") {
    return Ask("GET", target, fields);
  }

  ManualClock clock_;
  core::LocationService location_;
  core::KeptInMemory commits_;
  Router router_{Authorization::Off()};
  HttpServer server_;
};

/// How often `part` is in `text`.
inline std::size_t CountOf(std::string_view part, std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

/// The Call-IDs of a JSON document in order, each followed by a space.
inline std::string CallIds(const Reply& reply) {
  constexpr std::string_view kKey = "\"regCallId\":\"";
  std::string ids;
  for (std::size_t at = reply.body.find(kKey); at != std::string::npos;
       at = reply.body.find(kKey, at + 1)) {
    const std::size_t begin = at + kKey.size();
    ids += reply.body.substr(begin, reply.body.find('"', begin) - begin) + " ";
  }
  return ids;
}

}  // namespace muster::http::testing
