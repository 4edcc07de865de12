// The location service against a model that keeps bindings in a list and scans it for every answer,
// under long random operations.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <random>
#include <set>

#include "muster/core/location_service.h"
#include "table/address_index.h"
#include "tests/core/naive_filter.h"
#include "tests/core/owned_binding.h"

namespace muster::core {
namespace {

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

  std::vector<OwnedBinding> Rows(const BindingFilter& filter, absl::Time now) const {
    std::vector<OwnedBinding> rows;
    std::ranges::copy_if(bindings_, std::back_inserter(rows), [&](const OwnedBinding& binding) {
      return binding.expires_at > now && NaivelyMatches(filter, binding, now);
    });
    return rows;
  }
  std::multiset<std::string> Read(const BindingFilter& filter, absl::Time now) const {
    std::multiset<std::string> found;
    for (const OwnedBinding& binding : Rows(filter, now)) found.insert(Describe(binding));
    return found;
  }

  std::size_t RemoveAll(const BindingFilter& filter, absl::Time now) {
    return std::erase_if(bindings_, [&](const OwnedBinding& binding) {
      if (binding.expires_at <= now || !NaivelyMatches(filter, binding, now)) return false;
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
    if (OneIn(4)) binding.instance = "urn:uuid:00000000-0000-1000-8000-0004f2000001";
    binding.user_agent = "Phone/" + std::to_string(Below(4));
    binding.cseq = Below(1'000);
    binding.source_address = IpAddress::Parse(AnyIp()).value();
    binding.source_port = static_cast<std::uint16_t>(OneIn(3) ? 0 : 5'058 + Below(4));
    binding.server = static_cast<ServerId>(Below(5));
    binding.transport = static_cast<Transport>(Below(5));
    binding.reg_id = Below(3);
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
    if (OneIn(2)) binding.transport = other.transport;
    if (OneIn(2)) binding.reg_id = other.reg_id;
    if (OneIn(2)) binding.path = OneIn(2) ? "<sip:p.example;lr>" : "";
  }

  /// As an operator would ask by one field.
  BindingFilter AnySimpleFilter() {
    switch (Below(7)) {
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
      default:
        return BindingFilter::Instrument(AnyInstrument());
    }
  }

  std::string AnyTextOf(BindingField field) {
    const OwnedBinding binding = AnyBinding(AnyAor());
    switch (field) {
      case BindingField::kAor:
        return binding.aor;
      case BindingField::kUser:
        return std::string(binding.user());
      case BindingField::kDomain:
        return OneIn(2) ? "a.example" : "b.example";
      case BindingField::kContact:
        return OneIn(2) ? binding.contact : binding.contact_uri;
      case BindingField::kMac:
        return NormalizeMac(binding.instrument).value_or("0004f2ffffff");
      case BindingField::kInstance:
        return binding.instance;
      case BindingField::kInstrument:
        return NormalizeMac(binding.instrument).value_or(binding.instrument);
      case BindingField::kCallId:
        return binding.call_id;
      case BindingField::kUserAgent:
        return binding.user_agent;
      default:
        return binding.path;
    }
  }
  std::int64_t AnyNumberOf(BindingField field) {
    const std::int64_t now = absl::ToUnixNanos(now_);
    switch (field) {
      case BindingField::kExpiresIn:
        return Below(50);
      case BindingField::kRegisteredAt:
      case BindingField::kUpdatedAt:
        return now - Below(60) * std::int64_t{1'000'000'000};
      case BindingField::kPort:
        return 5'058 + Below(4);
      default:
        return Below(6);
    }
  }

  void AddAnyValue(BindingField field, Condition& condition) {
    switch (InfoOf(field).type) {
      case FieldType::kText: {
        std::string text = AnyTextOf(field);
        const bool is_prefix = OneIn(3);
        if (is_prefix) text.resize(Below(static_cast<std::uint32_t>(text.size() + 1)));
        condition.texts.push_back({text, is_prefix});
        return;
      }
      case FieldType::kNumber:
      case FieldType::kTime: {
        const std::int64_t first = AnyNumberOf(field);
        condition.ranges.push_back({first, OneIn(2) ? first : AnyNumberOf(field)});
        return;
      }
      case FieldType::kAddress: {
        const IpAddress address = IpAddress::Parse(AnyIp()).value();
        const auto bits = static_cast<std::uint8_t>(address.is_v4() ? 96 + Below(33) : Below(129));
        condition.blocks.push_back(AddressBlock::Around(address, bits));
        return;
      }
    }
  }

  BindingFilter AnyFilter() {
    if (OneIn(3)) return AnySimpleFilter();
    BindingFilter filter;
    for (std::uint32_t conditions = Below(4); conditions != 0; --conditions) {
      const auto field = static_cast<BindingField>(Below(kBindingFields));
      Condition condition;
      condition.is_negated = OneIn(4);
      for (std::uint32_t values = 1 + Below(3); values != 0; --values) {
        AddAnyValue(field, condition);
      }
      filter.Add(field, std::move(condition));
    }
    return filter;
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
    CompareSkip(filter, expected.size());
    CompareGroups(filter);
    CompareExplanation(filter, expected.size());
  }

  void CompareOrder(const BindingFilter& filter, const std::multiset<std::string>& expected) {
    std::optional<SortPlace> rank;
    const auto all = location_.Sort(filter, now_, kLatestExpiryFirst, expected.size() + 1, rank);
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
      const auto some = location_.Sort(filter, now_, kLatestExpiryFirst, most, rank);
      ASSERT_TRUE(std::ranges::equal(some, rest.first(std::min(most, rest.size()))));
      rest = rest.subspan(some.size());
    }
  }

  /// A page at any offset is the page of a walk.
  void CompareSkip(const BindingFilter& filter, std::size_t rows) {
    const std::size_t skipped = Below(static_cast<std::uint32_t>(rows + 2));
    RowPosition position = location_.Skip(filter, now_, skipped);
    BindingPage rest;
    location_.Read(filter, now_, rows + 1, position, rest);
    position = {};
    BindingPage all;
    location_.Read(filter, now_, rows + 1, position, all);
    ASSERT_EQ(rest.size(), rows - std::min(skipped, rows));
    for (std::size_t i = 0; i < rest.size(); ++i) {
      ASSERT_EQ(Describe(OwnedBinding(rest[i])), Describe(OwnedBinding(all[skipped + i])));
    }
  }

  /// What a binding shows in a field; "-" for nothing.
  static std::string Shown(BindingField field, const OwnedBinding& binding) {
    switch (field) {
      case BindingField::kDomain:
        return binding.aor.substr(binding.aor.find('@') + 1);
      case BindingField::kUserAgent:
        return binding.user_agent;
      case BindingField::kTransport:
        return std::string(TransportName(binding.transport));
      case BindingField::kRegId:
        return binding.reg_id == 0 ? "-" : std::to_string(binding.reg_id);
      case BindingField::kMac:
        return NormalizeMac(binding.instrument).value_or("-");
      case BindingField::kIp:
        return binding.source_address.ToString();
      default:
        return binding.call_id;
    }
  }

  void CompareGroups(const BindingFilter& filter) {
    using enum BindingField;
    const BindingField field =
        OneOf(std::array{kDomain, kUserAgent, kTransport, kRegId, kMac, kIp, kCallId});
    std::map<std::string, std::size_t> expected;
    const auto rows = model_.Rows(filter, now_);
    for (const OwnedBinding& row : rows) ++expected[Shown(field, row)];
    const Groups groups = location_.GroupBy(filter, now_, field);
    std::map<std::string, std::size_t> found;
    if (groups.without != 0) found["-"] = groups.without;
    for (const Group& group : groups.groups) {
      const auto* const number = std::get_if<std::int64_t>(&group.value);
      const bool is_new =
          found
              .emplace(number ? std::to_string(*number) : std::get<std::string>(group.value),
                       group.count)
              .second;
      ASSERT_TRUE(is_new);
    }
    ASSERT_EQ(found, expected);
    ASSERT_EQ(groups.total, rows.size());
    ASSERT_TRUE(groups.is_complete);
    ASSERT_TRUE(std::ranges::is_sorted(groups.groups, std::greater<>(), &Group::count));
  }

  /// What an explanation promises holds.
  void CompareExplanation(const BindingFilter& filter, std::size_t rows) {
    const Explanation explanation = location_.Explain(filter, now_);
    ASSERT_EQ(explanation.steps.size(), filter.conditions().size());
    ASSERT_LE(rows, explanation.rows_at_most);
    ASSERT_LE(explanation.rows_looked_at, explanation.rows_at_most);
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
      // Seldom anything that may be all.
      if (!OneIn(10)) filter = AnySimpleFilter();
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
