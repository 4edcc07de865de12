#include "daemon/daemon.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/data_folder.h"
#include "daemon/descriptors.h"
#include "daemon/log.h"
#include "daemon/metrics.h"
#include "daemon/sweeper.h"
#include "muster/core/location_service.h"
#include "muster/core/registrar.h"
#include "muster/core/user_agent_server.h"
#include "muster/http/authorization.h"
#include "muster/http/health.h"
#include "muster/http/router.h"
#include "muster/http/server.h"
#include "muster/http/sipxcom.h"
#include "muster/http/v1.h"
#include "muster/journal/committer.h"
#include "muster/journal/recovery.h"
#include "muster/sip/server.h"
#include "spdlog/spdlog.h"

namespace muster::daemon {
namespace {

/// An address that a client on this machine can connect to.
std::string UrlOf(const Options& options, std::uint16_t port) {
  std::string host = options.http.host;
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "[::]") host = "[::1]";
  return absl::StrCat("http://", host, ":", port);
}

}  // namespace

class Daemon::Impl {
 public:
  Impl(Options options, const core::Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        limits_(LimitsWithinDescriptors()),
        location_(limits_),
        committer_(location_, clock_, limits_),
        registrar_(options_.registrar, location_),
        user_agent_server_(registrar_, &refusal_log_),
        sip_({options_.sip, options_.workers, limits_}, user_agent_server_, committer_, clock_) {}

  ~Impl() { Stop(); }

  absl::Status Start() {
    auto folder = DataFolder::Open(options_.data);
    if (!folder.ok()) return folder.status();
    folder_.emplace(*std::move(folder));
    if (absl::Status status = StartHttp(); !status.ok()) return status;
    if (absl::Status status = OpenJournal(); !status.ok()) return status;
    AddOwnServers();
    if (absl::Status status = sip_.Start(); !status.ok()) return status;
    sweeper_.emplace(location_, clock_);
    for (const sip::ListenAddress& address : sip_.listening()) {
      if (address.is_loopback()) continue;
      spdlog::warn("--sip {}: there is no SIP authentication yet, whoever reaches it may register",
                   address.ToString());
    }
    if (limits_.max_stream_connections < core::Limits().max_stream_connections) {
      spdlog::warn("few files may be open here: at most {} SIP and {} HTTP connections",
                   limits_.max_stream_connections, limits_.max_http_connections);
    }
    ready_ = true;
    return absl::OkStatus();
  }

  void Stop() {
    ready_ = false;
    sip_.Stop();
    if (http_) http_->Stop();
    sweeper_.reset();
    committer_.Stop();
    journal_.reset();
  }

  std::string ReadyLine() const {
    std::string listeners;
    for (const sip::ListenAddress& address : sip_.listening()) {
      absl::StrAppend(&listeners, listeners.empty() ? "" : ",", address.ToString());
    }
    return absl::StrCat("musterd ready sip=", listeners, " http=", http_->endpoint());
  }

 private:
  absl::Status StartHttp() {
    auto authorization = http::Authorization::Off();
    if (options_.http_auth) {
      auto token = folder_->AdminToken();
      if (!token.ok()) return token.status();
      authorization = http::Authorization::WithToken(*std::move(token));
    } else {
      spdlog::warn("--http-auth off: whoever reaches the HTTP listener may read and delete");
    }
    router_.emplace(std::move(authorization), [this] { return ready_.load(); });
    http::AddHealthRoutes(
        *router_, [this] { return ready_.load(); },
        [this] {
          // Its counters may be read once it has started.
          const auto counters = ready_ ? sip_.counters() : sip::CounterValues();
          const JournalMetrics journal{committer_.counts(), ready_ ? journal_.get() : nullptr};
          return MetricsText(counters, location_, journal, DroppedLogLines(), clock_.Now());
        });
    http::AddSipxcomRoutes(*router_, location_, committer_, clock_, limits_);
    http::AddV1Routes(*router_, location_, committer_, clock_, limits_,
                      options_.registrar.max_contacts);
    http_.emplace(http::HttpServer::Options{options_.http.host, options_.http.port, limits_},
                  *router_, clock_, committer_);
    if (absl::Status status = http_->Start(); !status.ok()) return status;
    // On a full disk registrations are worth more than a convenience of the command line.
    if (absl::Status status = folder_->WriteHttpUrl(UrlOf(options_, http_->port())); !status.ok()) {
      spdlog::warn("the command line will need --url: {}", std::string(status.message()));
    }
    return absl::OkStatus();
  }

  /// Brings back what was stored, and has all changes stored from now on.
  absl::Status OpenJournal() {
    const std::filesystem::path file = options_.data / "registrations.db";
    std::error_code ignored;
    const bool is_new = !std::filesystem::exists(file, ignored);
    if (options_.durability == Durability::kMemory) {
      if (!is_new) {
        spdlog::warn("--durability memory: {} is left alone, nothing is read from it or stored",
                     file.string());
      }
      return absl::OkStatus();
    }
    const auto begin = std::chrono::steady_clock::now();
    const bool power = options_.durability == Durability::kPower;
    auto recovered = journal::OpenAndReplay(
        {.file = file,
         .durability = power ? journal::Durability::kPower : journal::Durability::kProcess},
        location_, clock_.Now(), options_.workers);
    if (!recovered.ok()) return recovered.status();
    for (const std::string& damage : recovered->replayed.damages) {
      spdlog::error("damaged: {}", damage);
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    if (!recovered->set_aside.empty()) {
      spdlog::error("the damaged database is now {}; what could be kept of it begins a new one",
                    recovered->set_aside.string());
    }
    if (!is_new) {
      spdlog::info("recovered {} bindings from {} in {:.3f} s",
                   location_.Count(core::BindingFilter::All(), clock_.Now()),
                   options_.data.string(), elapsed.count());
    }
    journal_ = std::move(recovered->journal);
    committer_.Start(*journal_);
    return absl::OkStatus();
  }

  /// This node is known by its name and addresses before the first REGISTER.
  void AddOwnServers() {
    core::Server node = options_.registrar.node;
    if (!node.address.empty()) {
      location_.servers().Add(node);
      return;
    }
    for (const sip::ListenAddress& address : options_.sip) {
      if (address.is_wildcard()) continue;
      node.address = address.address.ToString();
      location_.servers().Add(node);
    }
  }

  const Options options_;
  const core::Clock& clock_;
  const core::Limits limits_;
  RefusalLog refusal_log_;
  core::LocationService location_;
  std::unique_ptr<journal::SqliteJournal> journal_;
  journal::Committer committer_;
  core::Registrar registrar_;
  const core::UserAgentServer user_agent_server_;
  std::atomic<bool> ready_{false};
  std::optional<DataFolder> folder_;
  sip::Server sip_;
  std::optional<http::Router> router_;
  std::optional<http::HttpServer> http_;
  std::optional<Sweeper> sweeper_;
};

Daemon::Daemon(Options options, const core::Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), clock)) {}

Daemon::~Daemon() = default;

absl::Status Daemon::Start() { return impl_->Start(); }
void Daemon::Stop() { impl_->Stop(); }
std::string Daemon::ReadyLine() const { return impl_->ReadyLine(); }

}  // namespace muster::daemon
