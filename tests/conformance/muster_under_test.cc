#include "muster_under_test.h"

#include <algorithm>
#include <cstdlib>
#include <ostream>

#include "muster/core/aor.h"
#include "muster/http/authorization.h"
#include "muster/http/sipxcom.h"

namespace muster::testing {
namespace {

sip::ServerOptions ServerOptionsOf(const MusterOptions& options) {
  sip::ServerOptions result{.listen = {}, .workers = options.workers, .limits = options.limits};
  for (const std::string& where : options.listen) {
    result.listen.push_back(sip::ListenAddress::Parse(where).value());
  }
  return result;
}

std::vector<Held> Sorted(std::vector<Held> held) {
  std::sort(held.begin(), held.end());
  return held;
}

/// "<sip:a@b>" of a listing's contact.
std::string UriOf(const std::string& contact) {
  const std::size_t begin = contact.rfind('<') + 1;
  return contact.substr(begin, contact.find('>', begin) - begin);
}

}  // namespace

void RecordingRefusals::OnRefused(const core::RefusedRegister& refused) {
  std::lock_guard lock(mutex_);
  entries_.push_back({std::string(refused.aor), refused.source.address.ToString(), refused.code,
                      std::string(refused.reason)});
  ++count_;
  if (entries_.size() > kKept) entries_.pop_front();
}

std::vector<RecordingRefusals::Entry> RecordingRefusals::entries() const {
  std::lock_guard lock(mutex_);
  return {entries_.begin(), entries_.end()};
}

std::size_t RecordingRefusals::count() const {
  std::lock_guard lock(mutex_);
  return count_;
}

core::Limits MusterOptions::SmallLimits() {
  core::Limits limits;
  limits.retransmission_memory_bytes = std::size_t{4} << 20;
  return limits;
}

Muster::Muster(const MusterOptions& options)
    : commits(options.commits ? options.commits : std::make_shared<core::KeptInMemory>()),
      location(options.limits),
      registrar(options.registrar, location),
      user_agent_server(registrar, &refusals),
      sip(ServerOptionsOf(options), user_agent_server, *commits, clock),
      router(http::Authorization::Off()),
      http({.host = "127.0.0.1", .port = 0, .limits = options.limits}, router, clock, *commits) {
  if (options.commits) location.StartRecording(1);
  http::AddSipxcomRoutes(router, location, *commits, clock, options.limits);
  const absl::Status http_status = http.Start();
  EXPECT_TRUE(http_status.ok()) << http_status;
  const absl::Status sip_status = sip.Start();
  EXPECT_TRUE(sip_status.ok()) << sip_status;
}

Muster::~Muster() { clock.Release(); }

HostPort Muster::ListenerOf(core::Transport transport) const {
  for (const sip::ListenAddress& where : sip.listening()) {
    if (where.transport != transport) continue;
    std::string host = where.address.ToString();
    if (where.is_wildcard()) host = where.ipv6 ? "::1" : "127.0.0.1";
    return {host, where.port};
  }
  return {};
}

std::ostream& operator<<(std::ostream& out, const Held& held) {
  return out << held.uri << " for " << held.seconds << " s";
}

void MusterTest::Start(const MusterOptions& options) {
  muster_.reset();
  muster_ = std::make_unique<Muster>(options);
}

std::vector<Held> MusterTest::Fetched(const std::string& aor) {
  const HostPort server = muster_->udp();
  const bool v6 = server.host.find(':') != std::string::npos;
  UdpClient client(server, v6 ? "::1" : "127.0.0.1");
  const Reply reply = client.Ask(RegisterOf(aor, "fetch-" + NewBranch(), 1));
  EXPECT_EQ(reply.code, 200) << reply.bytes;
  std::vector<Held> held;
  for (const ContactValue& contact : reply.Contacts()) {
    held.push_back({contact.uri, contact.Expires()});
  }
  return held;
}

std::vector<Held> MusterTest::Listed(const std::string& aor) {
  const HttpReply reply =
      HttpAsk(muster_->http.port(), "GET", "/registrations/user/" + PercentEncoded(aor));
  EXPECT_EQ(reply.status, 200) << reply.body;
  std::vector<Held> held;
  for (auto& row : RegistrationsOf(reply.body)) {
    EXPECT_EQ(row["identity"], aor);
    EXPECT_EQ(row["status"], "active");
    const int seconds = std::atoi(row["secondsToExpire"].c_str());
    EXPECT_EQ(std::atoll(row["expires"].c_str()) - absl::ToUnixSeconds(clock().Now()), seconds);
    held.push_back({UriOf(row["contact"]), seconds});
  }
  return held;
}

std::vector<Held> MusterTest::LookedUp(const std::string& aor) {
  core::BindingPage page;
  const absl::Time now = clock().Now();
  muster_->location.Lookup(core::Aor::Parse(aor).value(), now, page);
  std::vector<Held> held;
  for (const core::Binding& binding : page) {
    held.push_back({std::string(binding.contact_uri), static_cast<int>(binding.SecondsLeft(now))});
  }
  return held;
}

void MusterTest::ExpectEveryView(const std::string& aor, std::vector<Held> expected) {
  expected = Sorted(std::move(expected));
  EXPECT_EQ(Sorted(LookedUp(aor)), expected) << "lookup";
  EXPECT_EQ(Sorted(Fetched(aor)), expected) << "SIP fetch";
  EXPECT_EQ(Sorted(Listed(aor)), expected) << "HTTP listing";
  const auto filter = core::BindingFilter::ByAor(aor);
  ASSERT_TRUE(filter.has_value());
  EXPECT_EQ(muster_->location.Count(*filter, clock().Now()), expected.size()) << "count";
}

std::vector<std::string> MusterTest::Field(const std::string& aor,
                                           std::string_view core::Binding::*field) {
  core::BindingPage page;
  muster_->location.Lookup(core::Aor::Parse(aor).value(), clock().Now(), page);
  std::vector<std::string> values;
  for (const core::Binding& binding : page) values.emplace_back(binding.*field);
  return values;
}

std::string MusterTest::EveryListing() {
  const std::uint16_t port = muster_->http.port();
  const HttpReply json = HttpAsk(port, "GET", "/registrations");
  const HttpReply xml = HttpAsk(port, "GET", "/registrations", "application/xml");
  EXPECT_EQ(json.status, 200);
  EXPECT_EQ(xml.status, 200);
  return json.body + "\n" + xml.body;
}

std::size_t MusterTest::CountAll() {
  return muster_->location.Count(core::BindingFilter::All(), clock().Now());
}

}  // namespace muster::testing
