#include "tests/core/random_changes.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace muster::core {
namespace {

constexpr std::uint32_t kUsers = 14;
constexpr std::uint32_t kCallIds = 5;
constexpr std::uint32_t kServers = 6;
constexpr const char* kIps[] = {"10.0.0.1", "10.0.0.2", "192.0.2.1", "2001:db8::1"};
constexpr const char* kInstruments[] = {"", "0004f2000001", "00:04:F2:00:00:02", "urn:x:1"};

std::string AorText(std::uint32_t user) { return absl::StrCat("u", user, "@example.com"); }
std::string CallIdText(std::uint32_t n) { return absl::StrCat("c", n, "@", kIps[n % 2]); }
Server ServerOf(std::uint32_t n) {
  return {.node_id = n, .node_name = absl::StrCat("n", n, ".example.com"), .address = "10.9.9.9"};
}

void ListCounts(const LocationService& location, absl::Time now, std::vector<std::string>& lines) {
  const auto list = [&](const std::string& name, const BindingFilter& filter) {
    lines.push_back(absl::StrCat(name, " ", location.Count(filter, now)));
  };
  list("all", BindingFilter::All());
  for (std::uint32_t user = 0; user < kUsers; ++user) {
    list(absl::StrCat("user ", user), BindingFilter::User(absl::StrCat("u", user)));
    list(absl::StrCat("aor ", user), BindingFilter::ByAor(AorText(user)).value());
  }
  for (const char* ip : kIps) list(ip, BindingFilter::Ip(ip).value());
  for (const char* instrument : kInstruments) {
    list(absl::StrCat("instrument ", instrument), BindingFilter::Instrument(instrument));
  }
  for (std::uint32_t n = 0; n < kCallIds; ++n) {
    list(CallIdText(n), BindingFilter::CallId(CallIdText(n)));
  }
  for (std::uint32_t n = 0; n < kServers; ++n) {
    list(absl::StrCat("server ", n),
         BindingFilter::Servers(location.servers().Find(ServerOf(n).node_name)));
  }
}

}  // namespace

RandomChanges::RandomChanges(LocationService& location, std::uint32_t seed)
    : location_(location), random_(seed) {
  for (std::uint32_t n = 0; n < 2; ++n) location_.servers().Add(ServerOf(n));
}

std::string RandomChanges::AnyAor() { return AorText(Below(kUsers)); }
std::string RandomChanges::AnyCallId() { return CallIdText(Below(kCallIds)); }
std::string RandomChanges::AnyIp() { return kIps[Below(std::size(kIps))]; }

BindingFilter RandomChanges::AnyFilter() {
  switch (keeps_to_own_aors_ ? 4 : Below(5)) {
    case 0:
      return BindingFilter::Ip(AnyIp()).value();
    case 1:
      return BindingFilter::CallId(AnyCallId());
    case 2:
      return BindingFilter::Servers({static_cast<ServerId>(Below(kServers))});
    case 3:
      return OneIn(8) ? BindingFilter::All() : BindingFilter::Instrument("urn:x:1");
    default:
      return BindingFilter::ByAor(AnyAor()).value();
  }
}

OwnedBinding RandomChanges::AnyBinding(const std::string& aor, absl::Time now) {
  OwnedBinding binding = OwnedBinding::Of(aor);
  const std::string ip = AnyIp();
  binding.SetContactUri(absl::StrCat("sip:", aor.substr(0, aor.find('@')), "@",
                                     ip.find(':') == ip.npos ? ip : "[" + ip + "]"));
  if (OneIn(4)) binding.contact = "\"elsewhere\"";  // does not hold the URI
  static constexpr const char* kQs[] = {"", "0.5", "1.0"};
  binding.q_text = kQs[Below(3)];
  binding.call_id = AnyCallId();
  binding.instrument = kInstruments[Below(std::size(kInstruments))];
  if (OneIn(2)) binding.instance = "urn:y:" + binding.instrument;
  binding.path.assign(Below(3) * Below(40), 'p');
  binding.user_agent = absl::StrCat("Phone/", Below(4));
  binding.cseq = Below(1'000);
  binding.reg_id = Below(3);
  binding.transport = static_cast<Transport>(Below(5));
  binding.source_address = IpAddress::Parse(AnyIp()).value();
  binding.source_port = static_cast<std::uint16_t>(random_());
  binding.server = location_.servers().Add(ServerOf(Below(OneIn(40) ? kServers : 2)));
  binding.expires_at = now + absl::Seconds(OneIn(4) ? 3'600 + Below(60) : 1 + Below(40));
  binding.registered_at = now - absl::Seconds(Below(2) * Below(1'000));
  binding.updated_at = now;
  return binding;
}

/// A refresh most often, to a sooner end at times; else anything.
void RandomChanges::Change(OwnedBinding& binding, absl::Time now) {
  const OwnedBinding other = AnyBinding(binding.aor, now);
  binding.expires_at = other.expires_at;
  binding.updated_at = now;
  ++binding.cseq;
  if (OneIn(2)) binding.reg_id = other.reg_id;
  if (OneIn(2)) binding.source_port = other.source_port;
  if (OneIn(2)) binding.transport = other.transport;
  if (!OneIn(3)) return;
  if (OneIn(2)) binding.call_id = other.call_id;
  if (OneIn(2)) binding.instrument = other.instrument;
  if (OneIn(2)) binding.source_address = other.source_address;
  if (OneIn(2)) binding.server = other.server;
  if (OneIn(2)) binding.user_agent = other.user_agent;
  if (OneIn(2)) binding.q_text = other.q_text;
  if (OneIn(2)) binding.path = other.path;
  if (OneIn(3)) binding = other;
}

void RandomChanges::EditOnce(Record& record, const std::string& aor, absl::Time now) {
  const std::uint32_t action = Below(10);
  if (record.size() == 0 || (action < 3 && record.size() < 6)) {
    return record.Add(AnyBinding(aor, now).View());
  }
  const std::size_t index = Below(static_cast<std::uint32_t>(record.size()));
  if (action >= 8) return record.Remove(index);
  OwnedBinding binding(record.at(index));
  Change(binding, now);
  record.Replace(index, binding.View());
}

void RandomChanges::Change() {
  // As when a thread that knows the time waits for the lock.
  const absl::Time now = OneIn(8) ? now_ - absl::Milliseconds(Below(1'500)) : now_;
  if (OneIn(25)) {
    KeptInMemory commits;
    location_.Remove(AnyFilter(), now, commits);
    return;
  }
  const std::string aor = AnyAor();
  batch_ = location_.Edit(AorOf(aor), now, [&](Record& record) {
    if (record.journal_state() != JournalState::kOpen) return;
    for (std::uint32_t edits = 1 + Below(3); edits > 0; --edits) EditOnce(record, aor, now);
  });
}

void RandomChanges::Step() {
  const std::uint32_t action = Below(20);
  if (action == 0) {
    location_.Sweep(now_);
  } else if (action == 1) {
    now_ += absl::Milliseconds(OneIn(10) ? Below(60'000) : Below(3'000));
  } else {
    Change();
  }
}

void RandomChanges::Steps(std::uint32_t count) {
  for (; count > 0; --count) Step();
}

std::vector<std::string> ListAll(LocationService& location, absl::Time now) {
  std::vector<std::string> lines;
  for (std::uint32_t user = 0; user < kUsers; ++user) {
    location.Edit(AorOf(AorText(user)), now, [&](Record& record) {
      for (std::size_t i = 0; i < record.size(); ++i) {
        OwnedBinding binding(record.at(i));
        const Server server = location.servers().Get(binding.server);
        binding.server = 0;
        lines.push_back(absl::StrCat(Describe(binding), " ", server.node_name));
      }
      for (std::uint32_t n = 0; n < kCallIds; ++n) {
        if (const auto cseq = record.TombstoneCSeq(CallIdText(n))) {
          lines.push_back(absl::StrCat("tombstone ", user, " ", n, " ", *cseq));
        }
      }
    });
  }
  ListCounts(location, now, lines);
  return lines;
}

}  // namespace muster::core
