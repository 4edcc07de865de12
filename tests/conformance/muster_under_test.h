#pragma once

// A whole muster in the test's process: SIP listeners on UDP and TCP, HTTP, and the table between,
// wired as the daemon wires them.

#include <gtest/gtest.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "clients.h"
#include "gated_clock.h"
#include "http_view.h"
#include "muster/core/commits.h"
#include "muster/core/location_service.h"
#include "muster/core/registrar.h"
#include "muster/core/user_agent_server.h"
#include "muster/http/router.h"
#include "muster/http/server.h"
#include "muster/sip/server.h"
#include "sip_text.h"

namespace muster::testing {

/// Keeps the latest of what was refused. Thread-safe.
class RecordingRefusals : public core::RefusalSink {
 public:
  struct Entry {
    std::string aor;
    std::string source;
    int code = 0;
    std::string reason;
  };

  void OnRefused(const core::RefusedRegister& refused) override;
  /// At most kKept, the last one last.
  std::vector<Entry> entries() const;
  std::size_t count() const;

 private:
  static constexpr std::size_t kKept = 100;

  mutable std::mutex mutex_;
  std::deque<Entry> entries_;
  std::size_t count_ = 0;
};

struct MusterOptions {
  core::RegistrarOptions registrar;
  core::Limits limits = SmallLimits();
  std::vector<std::string> listen = {"udp:127.0.0.1:0", "tcp:127.0.0.1:0"};
  std::size_t workers = 1;
  /// Set: the location service records its changes, in batches from 1 on, and answers wait for what
  /// becomes of them. Null: nothing is kept.
  std::shared_ptr<core::Commits> commits;

  /// The usual limits with a retransmission memory of a few MiB.
  static core::Limits SmallLimits();
};

class Muster {
 public:
  explicit Muster(const MusterOptions& options);
  ~Muster();

  /// Of the first listener of that transport.
  HostPort udp() const { return ListenerOf(core::Transport::kUdp); }
  HostPort tcp() const { return ListenerOf(core::Transport::kTcp); }

  GatedClock clock;
  const std::shared_ptr<core::Commits> commits;
  core::LocationService location;
  RecordingRefusals refusals;
  core::Registrar registrar;
  const core::UserAgentServer user_agent_server;
  sip::Server sip;
  http::Router router;
  http::HttpServer http;

 private:
  HostPort ListenerOf(core::Transport transport) const;
};

/// A binding as any view tells it.
struct Held {
  std::string uri;
  int seconds = 0;  // left

  friend bool operator==(const Held&, const Held&) = default;
  friend auto operator<=>(const Held&, const Held&) = default;
};
std::ostream& operator<<(std::ostream& out, const Held& held);

/// Starts with the usual options; a test that needs another calls Start with it.
class MusterTest : public ::testing::Test {
 protected:
  void SetUp() override { Start({}); }
  /// A new muster with an empty table.
  void Start(const MusterOptions& options);

  Muster& muster() { return *muster_; }
  GatedClock& clock() { return muster_->clock; }

  // The three views of an AoR's bindings.
  std::vector<Held> Fetched(const std::string& aor);
  std::vector<Held> Listed(const std::string& aor);
  std::vector<Held> LookedUp(const std::string& aor);
  /// That each of them holds exactly `expected`, in any order, and the AoR's count is theirs.
  void ExpectEveryView(const std::string& aor, std::vector<Held> expected);

  /// One field of each of the AoR's bindings, in the order of Lookup.
  std::vector<std::string> Field(const std::string& aor, std::string_view core::Binding::*field);
  /// All that is listed, byte for byte, as JSON and as XML.
  std::string EveryListing();
  std::size_t CountAll();

 private:
  std::unique_ptr<Muster> muster_;
};

}  // namespace muster::testing
