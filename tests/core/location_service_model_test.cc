// The location service against a model that keeps bindings in a list and scans it for every answer,
// under long random operations.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "muster/core/location_service.h"
#include "muster/parser/uri.h"
#include "tests/core/owned_binding.h"

namespace muster::core {
namespace {

using Field = BindingFilter::Field;

class Model {
 public:
  /// Of one AoR, in order of registration, as Record has them.
  std::vector<OwnedBinding*> Record(const std::string& aor, absl::Time now) {
    std::vector<OwnedBinding*> record;
    for (OwnedBinding& binding : bindings_) {
      if (binding.aor == aor && binding.expires_at > now) record.push_back(&binding);
    }
    return record;
  }
  void Add(const OwnedBinding& binding) { bindings_.push_back(binding); }
  void Remove(const OwnedBinding* binding) {
    bindings_.erase(bindings_.begin() + (binding - bindings_.data()));
  }

  std::vector<OwnedBinding> Lookup(const std::string& aor, absl::Time now) {
    std::vector<OwnedBinding> found;
    for (const OwnedBinding* binding : Record(aor, now)) found.push_back(*binding);
    std::ranges::stable_sort(found, std::greater<>(),
                             [](const OwnedBinding& b) { return QThousandths(b.q_text); });
    return found;
  }

  std::multiset<std::string> Read(const BindingFilter& filter, absl::Time now) const {
    std::multiset<std::string> found;
    for (const OwnedBinding& binding : bindings_) {
      if (binding.expires_at > now && Matches(filter, binding)) found.insert(Describe(binding));
    }
    return found;
  }

  std::size_t RemoveAll(const BindingFilter& filter, absl::Time now) {
    return std::erase_if(bindings_, [&](const OwnedBinding& binding) {
      if (binding.expires_at <= now || !Matches(filter, binding)) return false;
      auto& [cseq, until] = tombstones_[{binding.aor, binding.call_id}];
      cseq = until > now ? std::max(cseq, binding.cseq) : binding.cseq;
      until = std::max(until, binding.expires_at);
      return true;
    });
  }
  std::size_t Sweep(absl::Time now) {
    return std::erase_if(bindings_, [&](const OwnedBinding& b) { return b.expires_at <= now; });
  }
  std::optional<std::uint32_t> Tombstone(const std::string& aor, const std::string& call_id,
                                         absl::Time now) const {
    const auto found = tombstones_.find({aor, call_id});
    if (found == tombstones_.end() || found->second.second <= now) return std::nullopt;
    return found->second.first;
  }

 private:
  static bool HasIp(const OwnedBinding& binding, const IpAddress& ip) {
    if (binding.source_address == ip) return true;
    parser::Uri uri;
    parser::ParseError error;
    if (parser::ParseUri(binding.contact_uri, uri, error) && IpAddress::Parse(uri.host) == ip) {
      return true;
    }
    const std::size_t at = binding.call_id.rfind('@');
    return at != std::string::npos && IpAddress::Parse(binding.call_id.substr(at + 1)) == ip;
  }

  static bool Matches(const BindingFilter& filter, const OwnedBinding& binding) {
    switch (filter.field()) {
      case Field::kAll:
        return true;
      case Field::kUser:
        return binding.user() == filter.text();
      case Field::kAor:
        return binding.aor == filter.text();
      case Field::kInstrument:
        return NormalizeMac(binding.instrument).value_or(binding.instrument) == filter.text();
      case Field::kIp:
        return HasIp(binding, filter.ip());
      case Field::kCallId:
        return binding.call_id == filter.text();
      case Field::kServer:
        return std::ranges::count(filter.servers(), binding.server) > 0;
    }
    return false;
  }

  std::vector<OwnedBinding> bindings_;
  std::map<std::pair<std::string, std::string>, std::pair<std::uint32_t, absl::Time>> tombstones_;
};

struct Setting {
  std::size_t shards;
  std::size_t rows_per_slice;
  int users;
};

class LocationServiceModelTest : public testing::TestWithParam<Setting> {
 protected:
  LocationServiceModelTest() : location_(LimitsOf(GetParam()), GetParam().shards) {}

  static Limits LimitsOf(const Setting& setting) {
    Limits limits;
    limits.rows_per_slice = setting.rows_per_slice;
    limits.max_tombstones = 1'000'000;
    return limits;
  }

  std::uint32_t Below(std::uint32_t bound) { return random_() % bound; }
  bool OneIn(std::uint32_t n) { return Below(n) == 0; }
  template <typename Range>
  auto OneOf(const Range& range) {
    return range[Below(static_cast<std::uint32_t>(std::size(range)))];
  }

  std::string AnyUser() { return "u" + std::to_string(Below(GetParam().users)); }
  std::string AnyAor() { return AnyUser() + (OneIn(3) ? "@b.example" : "@a.example"); }
  std::string AnyIp() {
    static constexpr const char* kIps[] = {"10.0.0.1", "10.0.0.2", "10.0.0.10", "192.0.2.1",
                                           "2001:db8::1"};
    return OneOf(kIps);
  }
  std::string AnyCallId() {
    return "c" + std::to_string(Below(20)) + (OneIn(2) ? "@" + AnyIp() : "@host.example");
  }
  std::string AnyInstrument() {
    static constexpr const char* kInstruments[] = {
        "", "0004f2000001", "00:04:F2:00:00:01", "0004f2000002", "urn:x:1", "urn:x:2"};
    return OneOf(kInstruments);
  }
  void SetAnyContact(OwnedBinding& binding) {
    const std::string ip = AnyIp();
    const std::string host = ip.find(':') == std::string::npos ? ip : "[" + ip + "]";
    binding.SetContactUri("sip:" + AnyUser() + "@" + (OneIn(3) ? "host.example" : host));
  }
  void SetAnyExpiry(OwnedBinding& binding) {
    const std::int64_t seconds = OneIn(10) ? 5'000 + Below(20'000) : 1 + Below(40);
    binding.expires_at = now_ + absl::Seconds(seconds);
    binding.updated_at = now_;
  }

  OwnedBinding AnyBinding(const std::string& aor) {
    OwnedBinding binding = OwnedBinding::Of(aor);
    SetAnyContact(binding);
    SetAnyExpiry(binding);
    static constexpr const char* kQs[] = {"", "0.5", "1.0"};
    binding.q_text = OneOf(kQs);
    binding.call_id = AnyCallId();
    binding.instrument = AnyInstrument();
    if (OneIn(2)) binding.instance = "urn:y:" + binding.instrument;
    binding.user_agent = "Phone/" + std::to_string(Below(4));
    binding.cseq = Below(1'000);
    binding.source_address = IpAddress::Parse(AnyIp()).value();
    binding.server = static_cast<ServerId>(Below(5));
    binding.registered_at = now_;
    return binding;
  }

  /// A refresh most often, or a change of some strings.
  void Change(OwnedBinding& binding) {
    SetAnyExpiry(binding);
    ++binding.cseq;
    if (!OneIn(3)) return;
    const OwnedBinding other = AnyBinding(binding.aor);
    if (OneIn(2)) binding.call_id = other.call_id;
    if (OneIn(2)) binding.instrument = other.instrument;
    if (OneIn(2)) binding.source_address = other.source_address;
    if (OneIn(2)) binding.server = other.server;
    if (OneIn(2)) binding.user_agent = other.user_agent;
    if (OneIn(2)) binding.q_text = other.q_text;
    if (OneIn(2)) SetAnyContact(binding);
    if (OneIn(2)) binding.path = OneIn(2) ? "<sip:p.example;lr>" : "";
  }

  BindingFilter AnyFilter() {
    switch (Below(8)) {
      case 0:
        return BindingFilter::User(AnyUser());
      case 1:
        return BindingFilter::ByAor(AnyAor()).value();
      case 2:
      case 3:
        return BindingFilter::Ip(AnyIp()).value();
      case 4:
        return BindingFilter::CallId(AnyCallId());
      case 5:
        return BindingFilter::Servers(
            {static_cast<ServerId>(Below(6)), static_cast<ServerId>(Below(6))});
      case 6:
        return OneIn(4) ? BindingFilter::All() : BindingFilter::User(AnyUser());
      default: {
        const std::string instrument = AnyInstrument();
        return instrument.empty() ? BindingFilter::All() : BindingFilter::Instrument(instrument);
      }
    }
  }

  void Edit() {
    const std::string aor = AnyAor();
    const std::string call_id = AnyCallId();
    location_.Edit(AorOf(aor), now_, [&](core::Record& record) {
      auto expected = model_.Record(aor, now_);
      ASSERT_EQ(record.size(), expected.size());
      for (std::size_t i = 0; i < record.size(); ++i) {
        ASSERT_EQ(OwnedBinding(record.at(i)), *expected[i]);
      }
      ASSERT_EQ(record.TombstoneCSeq(call_id), model_.Tombstone(aor, call_id, now_));
      for (int edits = 1 + static_cast<int>(Below(3)); edits > 0; --edits) {
        EditOnce(aor, record);
      }
    });
  }

  void EditOnce(const std::string& aor, core::Record& record) {
    auto expected = model_.Record(aor, now_);
    const std::uint32_t action = Below(10);
    if (expected.empty() || action < 3) {
      const OwnedBinding binding = AnyBinding(aor);
      model_.Add(binding);
      record.Add(binding.View());
      return;
    }
    const std::size_t index = Below(static_cast<std::uint32_t>(expected.size()));
    if (action < 8) {
      Change(*expected[index]);
      record.Replace(index, expected[index]->View());
    } else {
      model_.Remove(expected[index]);
      record.Remove(index);
    }
  }

  void Compare(const BindingFilter& filter) {
    const auto expected = model_.Read(filter, now_);
    std::multiset<std::string> read;
    RowPosition position;
    BindingPage page;
    const std::size_t page_size = 1 + Below(20);
    for (bool more = true; more;) {
      more = location_.Read(filter, now_, page_size, position, page);
      ASSERT_LE(page.size(), page_size);
      for (const Binding& binding : page) read.insert(Describe(OwnedBinding(binding)));
    }
    ASSERT_EQ(read, expected);
    CompareOrder(filter, expected);
    ASSERT_EQ(location_.Count(filter, now_), expected.size());
  }

  void CompareOrder(const BindingFilter& filter, const std::multiset<std::string>& expected) {
    std::optional<ExpiryRank> rank;
    const auto all = location_.LatestExpiryFirst(filter, now_, expected.size() + 1, rank);
    BindingPage page;
    location_.ReadAt(all, filter, now_, page);
    std::multiset<std::string> read;
    for (std::size_t i = 0; i < page.size(); ++i) {
      read.insert(Describe(OwnedBinding(page[i])));
      if (i == 0) continue;
      ASSERT_GE(page[i - 1].expires_at, page[i].expires_at);
      if (page[i - 1].expires_at == page[i].expires_at) {
        ASSERT_LT(std::pair(all[i - 1].shard, all[i - 1].row), std::pair(all[i].shard, all[i].row));
      }
    }
    ASSERT_EQ(read, expected);
    rank.reset();
    std::span<const RowPosition> rest(all);
    for (int i = 0; i < 2; ++i) {
      const std::size_t most = 1 + Below(20);
      const auto some = location_.LatestExpiryFirst(filter, now_, most, rank);
      ASSERT_TRUE(std::ranges::equal(some, rest.first(std::min(most, rest.size()))));
      rest = rest.subspan(some.size());
    }
  }

  void CompareLookup() {
    const std::string aor = AnyAor();
    BindingPage page;
    location_.Lookup(AorOf(aor), now_, page);
    ASSERT_EQ((std::vector<OwnedBinding>{page.begin(), page.end()}), model_.Lookup(aor, now_));
  }

  void Step() {
    const std::uint32_t action = Below(100);
    if (action < 60) {
      Edit();
    } else if (action < 72) {
      Compare(AnyFilter());
    } else if (action < 84) {
      CompareLookup();
    } else if (action < 92) {
      now_ += absl::Milliseconds(OneIn(50) ? Below(30'000'000) : Below(3'000));
    } else if (action < 97) {
      ASSERT_EQ(location_.Sweep(now_), model_.Sweep(now_));
    } else {
      BindingFilter filter = AnyFilter();
      if (filter.field() == Field::kAll && !OneIn(10)) filter = BindingFilter::User(AnyUser());
      ASSERT_EQ(Remove(location_, filter, now_), model_.RemoveAll(filter, now_));
    }
  }

  std::mt19937 random_{GetParam().users * 31U + GetParam().shards};
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  LocationService location_;
  Model model_;
};

TEST_P(LocationServiceModelTest, AgreesWithTheModel) {
  for (int i = 0; i < 15'000 && !HasFatalFailure(); ++i) {
    SCOPED_TRACE(i);
    Step();
  }
  Compare(BindingFilter::All());
}

INSTANTIATE_TEST_SUITE_P(Settings, LocationServiceModelTest,
                         testing::Values(Setting{1, 1, 10}, Setting{4, 3, 60}, Setting{16, 256, 60},
                                         Setting{2, 16, 200}),
                         [](const auto& setting) {
                           return std::to_string(setting.param.shards) + "Shards" +
                                  std::to_string(setting.param.rows_per_slice) + "RowsPerSlice" +
                                  std::to_string(setting.param.users) + "Users";
                         });

}  // namespace
}  // namespace muster::core
