#include "muster/core/location_service.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/core/owned_binding.h"

namespace muster::core {
namespace {

class LocationServiceTest : public testing::Test {
 protected:
  void Add(const OwnedBinding& binding) {
    location_.Edit(AorOf(binding.aor), now_, [&](Record& record) { record.Add(binding.View()); });
  }
  /// One that lives for an hour, with a Contact that no other has.
  OwnedBinding Fresh(std::string_view aor) {
    OwnedBinding binding = OwnedBinding::Of(aor);
    binding.SetContactUri("sip:u" + std::to_string(++contacts_) + "@phone.example.net");
    binding.call_id = "call-" + std::to_string(contacts_);
    binding.source_address = IpAddress();
    binding.expires_at = now_ + absl::Hours(1);
    binding.registered_at = binding.updated_at = now_;
    return binding;
  }
  std::vector<OwnedBinding> Lookup(std::string_view aor) {
    BindingPage page;
    location_.Lookup(AorOf(aor), now_, page);
    return {page.begin(), page.end()};
  }
  std::size_t Count(const BindingFilter& filter) { return location_.Count(filter, now_); }
  std::size_t CountIp(std::string_view ip) { return Count(BindingFilter::Ip(ip).value()); }

  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000) + absl::Milliseconds(250);
  int contacts_ = 0;
  LocationService location_{Limits()};
};

TEST_F(LocationServiceTest, GivesBackAllOfABinding) {
  OwnedBinding binding = Fresh("alice@example.com");
  binding.q_text = "0.7";
  binding.instance = "urn:uuid:00000000-0000-1000-8000-0004f2abcdef";
  binding.instrument = "0004f2abcdef";
  binding.path = "<sip:p1.example.com;lr>, <sip:p2.example.com;lr>";
  binding.user_agent = "Phone/2.0";
  binding.cseq = 4'294'967'295;
  binding.reg_id = 3;
  binding.transport = Transport::kWss;
  binding.source_address = IpAddress::Parse("2001:db8::7").value();
  binding.source_port = 65'535;
  binding.server = 1'023;
  Add(binding);
  EXPECT_EQ(Lookup("alice@example.com"), std::vector<OwnedBinding>{binding});
}

TEST_F(LocationServiceTest, TheRecordSetsAorUserAndRegisteredAt) {
  OwnedBinding binding = Fresh("alice@example.com");
  OwnedBinding given = binding;
  given.aor = "mallory@example.com";
  given.registered_at = absl::UnixEpoch();
  location_.Edit(AorOf("alice@example.com"), now_, [&](Record& record) {
    record.Add(given.View());
    EXPECT_EQ(record.at(0).aor, "alice@example.com");
    EXPECT_EQ(record.at(0).user, "alice");
    EXPECT_EQ(record.at(0).registered_at, now_);
  });
  EXPECT_EQ(Lookup("alice@example.com"), std::vector<OwnedBinding>{binding});
}

TEST_F(LocationServiceTest, RecordKeepsTheOrderOfRegistration) {
  std::vector<OwnedBinding> bindings;
  for (int i = 0; i < 5; ++i) {
    bindings.push_back(Fresh("alice@example.com"));
    Add(bindings.back());
  }
  bindings[0].SetContactUri("sip:moved@phone.example.net");
  location_.Edit(AorOf("alice@example.com"), now_, [&](Record& record) {
    ASSERT_EQ(record.size(), 5U);
    record.Remove(2);
    record.Replace(0, bindings[0].View());
    bindings.erase(bindings.begin() + 2);
  });
  bindings.push_back(Fresh("alice@example.com"));  // into the slot of the third
  Add(bindings.back());
  location_.Edit(AorOf("alice@example.com"), now_, [&](Record& record) {
    ASSERT_EQ(record.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(OwnedBinding(record.at(i)), bindings[i]);
  });
}

TEST_F(LocationServiceTest, LooksUpTheBestQFirst) {
  for (const char* q : {"0.5", "", "0.9", "1.0", "0.5"}) {
    OwnedBinding binding = Fresh("alice@example.com");
    binding.q_text = q;
    Add(binding);
  }
  std::vector<std::string> order;
  for (const OwnedBinding& binding : Lookup("alice@example.com")) order.push_back(binding.call_id);
  EXPECT_EQ(order, (std::vector<std::string>{"call-2", "call-4", "call-3", "call-1", "call-5"}));
}

TEST_F(LocationServiceTest, ReplaceTakesViewsOfTheBindingItReplaces) {
  OwnedBinding binding = Fresh("alice@example.com");
  Add(binding);
  location_.Edit(AorOf("alice@example.com"), now_, [&](Record& record) {
    Binding view = record.at(0);
    view.path = "<sip:p.example.com;lr>";
    record.Replace(0, view);
    record.Add(record.at(0));
  });
  binding.path = "<sip:p.example.com;lr>";
  EXPECT_EQ(Lookup("alice@example.com"), (std::vector<OwnedBinding>{binding, binding}));
}

TEST_F(LocationServiceTest, AnExpiredBindingIsInNoAnswerThoughNotSwept) {
  OwnedBinding binding = Fresh("alice@example.com");
  binding.source_address = IpAddress::Parse("10.0.0.9").value();
  binding.instrument = "0004f2abcdef";
  binding.expires_at = now_ + absl::Seconds(10);
  Add(binding);
  const std::vector<BindingFilter> filters = {BindingFilter::All(),
                                              BindingFilter::User("alice"),
                                              BindingFilter::ByAor("alice@example.com").value(),
                                              BindingFilter::Instrument("00:04:f2:ab:cd:ef"),
                                              BindingFilter::Ip("10.0.0.9").value(),
                                              BindingFilter::CallId(binding.call_id),
                                              BindingFilter::Servers({0})};
  now_ += absl::Seconds(10) - absl::Nanoseconds(1);
  for (const BindingFilter& filter : filters) EXPECT_EQ(Count(filter), 1U);
  now_ += absl::Nanoseconds(1);
  EXPECT_TRUE(Lookup("alice@example.com").empty());
  for (const BindingFilter& filter : filters) {
    BindingPage page;
    RowPosition position;
    EXPECT_FALSE(location_.Read(filter, now_, 10, position, page));
    EXPECT_EQ(page.size(), 0U);
    std::optional<SortPlace> rank;
    EXPECT_TRUE(location_.Sort(filter, now_, kLatestExpiryFirst, 10, rank).empty());
    EXPECT_FALSE(rank);
    EXPECT_EQ(Count(filter), 0U);
    EXPECT_EQ(Remove(location_, filter, now_), 0U);
  }
  location_.Edit(AorOf("alice@example.com"), now_,
                 [&](Record& record) { EXPECT_EQ(record.size(), 0U); });
}

TEST_F(LocationServiceTest, SweepTellsHowManyHaveExpiredSinceTheLastOne) {
  for (int i = 0; i < 10; ++i) {
    OwnedBinding binding = Fresh("u" + std::to_string(i) + "@example.com");
    binding.expires_at = now_ + absl::Seconds(i);
    Add(binding);
  }
  now_ += absl::Seconds(4);
  EXPECT_EQ(Count(BindingFilter::All()), 5U);  // frees those that it meets
  EXPECT_EQ(location_.Sweep(now_), 5U);
  EXPECT_EQ(location_.Sweep(now_), 0U);
  now_ += absl::Hours(10);
  EXPECT_EQ(location_.Sweep(now_), 5U);
}

TEST_F(LocationServiceTest, AnAddressIsThatOfContactSourceOrCallId) {
  OwnedBinding a = Fresh("a@example.com");
  a.SetContactUri("sip:a@10.0.0.1:5080;transport=tcp");
  a.source_address = IpAddress::Parse("192.0.2.1").value();
  a.call_id = "xyz@[2001:DB8::0:1]";
  Add(a);
  OwnedBinding b = Fresh("b@example.com");
  b.SetContactUri("sip:b@[2001:db8:0::1]");
  b.source_address = IpAddress::Parse("10.0.0.1").value();
  b.call_id = "10.0.0.1@10.0.0.1";
  Add(b);
  EXPECT_EQ(CountIp("10.0.0.1"), 2U);
  EXPECT_EQ(CountIp("192.0.2.1"), 1U);
  EXPECT_EQ(CountIp("2001:db8::1"), 2U);
  EXPECT_EQ(CountIp("10.0.0.10"), 0U);
  EXPECT_EQ(CountIp("::"), 0U);
  EXPECT_EQ(Remove(location_, BindingFilter::Ip("::ffff:10.0.0.1").value(), now_), 2U);
  EXPECT_EQ(CountIp("2001:db8::1"), 0U);
}

TEST_F(LocationServiceTest, InstrumentsAreOneInAnyNotation) {
  for (const char* instrument : {"0004F2ABCDEF", "00:04:f2:ab:cd:ef", "urn:x:1", ""}) {
    OwnedBinding binding = Fresh("a@example.com");
    binding.instrument = instrument;
    Add(binding);
  }
  EXPECT_EQ(Count(BindingFilter::Instrument("00-04-F2-ab-cd-ef")), 2U);
  EXPECT_EQ(Count(BindingFilter::Instrument("urn:x:1")), 1U);
  EXPECT_EQ(Count(BindingFilter::Instrument("urn:x")), 0U);
}

TEST_F(LocationServiceTest, AnEmptyValueMeansNothing) {
  Add(Fresh("example.com"));
  EXPECT_EQ(Count(BindingFilter::User("")), 0U);
  EXPECT_EQ(Count(BindingFilter::Instrument("")), 0U);
  EXPECT_EQ(Count(BindingFilter::CallId("")), 0U);
  EXPECT_EQ(Count(BindingFilter::Servers({})), 0U);
  EXPECT_EQ(Count(BindingFilter::ByAor("example.com").value()), 1U);
}

TEST_F(LocationServiceTest, ServersAreAnyOfThem) {
  for (int server : {0, 1, 1, 2, 5}) {
    OwnedBinding binding = Fresh("a@example.com");
    binding.server = static_cast<ServerId>(server);
    Add(binding);
  }
  EXPECT_EQ(Count(BindingFilter::Servers({1})), 2U);
  EXPECT_EQ(Count(BindingFilter::Servers({1, 2, 2, 5, 900})), 4U);
  EXPECT_EQ(Count(BindingFilter::Servers({3, 4})), 0U);
}

TEST_F(LocationServiceTest, ARemovalLeavesATombstoneUntilTheOldExpiry) {
  OwnedBinding binding = Fresh("alice@example.com");
  binding.call_id = "call";
  binding.cseq = 42;
  Add(binding);
  binding.cseq = 17;
  Add(binding);
  EXPECT_EQ(Remove(location_, BindingFilter::User("alice"), now_), 2U);
  const auto tombstone = [&](std::string_view aor, std::string_view call_id) {
    std::optional<std::uint32_t> cseq;
    location_.Edit(AorOf(aor), now_, [&](Record& record) { cseq = record.TombstoneCSeq(call_id); });
    return cseq;
  };
  EXPECT_EQ(tombstone("alice@example.com", "call"), 42U);
  EXPECT_FALSE(tombstone("alice@example.com", "other"));
  EXPECT_FALSE(tombstone("bob@example.com", "call"));
  now_ = binding.expires_at - absl::Nanoseconds(1);
  EXPECT_EQ(tombstone("alice@example.com", "call"), 42U);
  now_ = binding.expires_at;
  EXPECT_FALSE(tombstone("alice@example.com", "call"));
}

TEST_F(LocationServiceTest, ARegisterThatRemovesLeavesNoTombstone) {
  Add(Fresh("alice@example.com"));
  location_.Edit(AorOf("alice@example.com"), now_, [&](Record& record) {
    record.Remove(0);
    EXPECT_FALSE(record.TombstoneCSeq("call-1"));
  });
  EXPECT_EQ(Count(BindingFilter::All()), 0U);
}

TEST_F(LocationServiceTest, PagesByLatestExpiry) {
  for (int i = 0; i < 3'000; ++i) {
    OwnedBinding binding = Fresh("u" + std::to_string(i) + "@example.com");
    binding.expires_at = now_ + absl::Seconds(60 + i * 7'919 % 3'000);
    Add(binding);
  }
  std::optional<SortPlace> rank;
  const auto all = location_.Sort(BindingFilter::All(), now_, kLatestExpiryFirst, 3'001, rank);
  ASSERT_EQ(all.size(), 3'000U);
  BindingPage page;
  location_.ReadAt(all, BindingFilter::All(), now_, page);
  ASSERT_EQ(page.size(), 3'000U);
  for (std::size_t i = 0; i < page.size(); ++i) {
    ASSERT_EQ(page[i].expires_at, now_ + absl::Seconds(60 + 2'999 - i));
  }
  EXPECT_EQ(std::get<std::int64_t>(rank->key), absl::ToUnixNanos(now_ + absl::Seconds(60)));
  EXPECT_EQ(rank->position, all.back());
  EXPECT_TRUE(location_.Sort(BindingFilter::All(), now_, kLatestExpiryFirst, 10, rank).empty());
  EXPECT_EQ(rank->position, all.back());
}

TEST_F(LocationServiceTest, PagesByExpiryGoOnBehindTheLastRowEvenAmongTies) {
  for (int i = 0; i < 3'000; ++i) {
    OwnedBinding binding = Fresh("u" + std::to_string(i) + "@example.com");
    binding.expires_at = now_ + absl::Seconds(60 + i % 3);
    Add(binding);
  }
  std::optional<SortPlace> whole;
  const auto all = location_.Sort(BindingFilter::All(), now_, kLatestExpiryFirst, 3'000, whole);
  ASSERT_EQ(all.size(), 3'000U);
  for (const std::size_t max_rows : {1U, 7U, 600U, 2'999U, 3'000U}) {
    std::vector<RowPosition> read;
    std::optional<SortPlace> rank;
    for (std::size_t got = max_rows; got == max_rows && read.size() < 3'000;) {
      const auto page =
          location_.Sort(BindingFilter::All(), now_, kLatestExpiryFirst, max_rows, rank);
      got = page.size();
      read.insert(read.end(), page.begin(), page.end());
      if (max_rows == 1 && read.size() == 50) break;  // each looks at all
    }
    ASSERT_EQ(read.size(), max_rows == 1 ? 50U : 3'000U);
    EXPECT_TRUE(std::equal(read.begin(), read.end(), all.begin())) << max_rows;
  }
}

TEST_F(LocationServiceTest, ReadAtLeavesOutWhatIsGoneOrMatchesNoMore) {
  Add(Fresh("a@example.com"));
  Add(Fresh("b@example.com"));
  std::optional<SortPlace> rank;
  auto positions = location_.Sort(BindingFilter::All(), now_, kLatestExpiryFirst, 10, rank);
  positions.push_back({0, 4'000'000'000});
  positions.push_back({4'000'000'000, 0});
  Remove(location_, BindingFilter::User("a"), now_);
  BindingPage page;
  location_.ReadAt(positions, BindingFilter::All(), now_, page);
  ASSERT_EQ(page.size(), 1U);
  EXPECT_EQ(page[0].user, "b");
  location_.ReadAt(positions, BindingFilter::User("a"), now_, page);
  EXPECT_EQ(page.size(), 0U);
}

TEST_F(LocationServiceTest, AWalkGoesOnBehindItsLastRow) {
  for (int i = 0; i < 100; ++i) Add(Fresh("u" + std::to_string(i) + "@example.com"));
  std::set<std::string> seen;
  RowPosition position;
  BindingPage page;
  for (bool more = true; more;) {
    more = location_.Read(BindingFilter::All(), now_, 7, position, page);
    EXPECT_LE(page.size(), 7U);
    if (more) {
      EXPECT_EQ(page.size(), 7U);
    }
    for (const Binding& binding : page) EXPECT_TRUE(seen.emplace(binding.aor).second);
  }
  EXPECT_EQ(seen.size(), 100U);
  EXPECT_FALSE(location_.Read(BindingFilter::All(), now_, 7, position, page));
  EXPECT_EQ(page.size(), 0U);
}

/// All phones behind one address: 200,000 rows under one key.
TEST_F(LocationServiceTest, AKeyMayHaveVeryManyRows) {
  constexpr int kRows = 200'000;
  const auto filter = BindingFilter::Ip("192.0.2.1").value();
  for (int i = 0; i < kRows; ++i) {
    OwnedBinding binding = Fresh("u" + std::to_string(i) + "@example.com");
    binding.source_address = *IpAddress::Parse("192.0.2.1");
    binding.expires_at = now_ + absl::Seconds(i % 2 == 0 ? 60 : 120);
    Add(binding);
  }
  EXPECT_EQ(Count(filter), 200'000U);
  EXPECT_EQ(Remove(location_, BindingFilter::User("u77"), now_), 1U);
  EXPECT_EQ(Count(filter), 199'999U);
  now_ += absl::Seconds(60);
  EXPECT_EQ(Count(filter), 99'999U);
  std::size_t read = 0;
  RowPosition position;
  BindingPage page;
  for (bool more = true; more;) {
    more = location_.Read(filter, now_, 1'000, position, page);
    read += page.size();
  }
  EXPECT_EQ(read, 99'999U);
  EXPECT_EQ(Remove(location_, filter, now_), 99'999U);
  EXPECT_EQ(Count(BindingFilter::All()), 0U);
}

/// More User-Agents than are tried one by one.
TEST_F(LocationServiceTest, AFieldOfVeryManyValuesIsAskedForAll) {
  LocationService location(Limits(), 1);
  for (int i = 0; i < 3'000; ++i) {
    OwnedBinding binding = Fresh("u" + std::to_string(i) + "@example.com");
    binding.user_agent = "Phone/" + std::to_string(i);
    location.Edit(AorOf(binding.aor), now_, [&](Record& record) { record.Add(binding.View()); });
  }
  const auto filter_of = [](std::vector<TextValue> texts) {
    Condition condition;
    condition.texts = std::move(texts);
    BindingFilter filter;
    filter.Add(BindingField::kUserAgent, std::move(condition));
    return filter;
  };
  const auto whole = filter_of({{"Phone/17", false}, {"Phone/17", false}, {"Phone/x", false}});
  EXPECT_EQ(location.Count(whole, now_), 1U);
  EXPECT_EQ(location.Explain(whole, now_).rows_looked_at, 0U);
  const auto prefix = filter_of({{"Phone/1", true}});
  EXPECT_EQ(location.Count(prefix, now_), 1'111U);
  EXPECT_EQ(location.Explain(prefix, now_).rows_looked_at, 3'000U);
  EXPECT_EQ(location.GroupBy(prefix, now_, BindingField::kUserAgent).groups.size(), 1'111U);
}

TEST_F(LocationServiceTest, ANumberBeyond32BitsIsThatOfNoRow) {
  OwnedBinding binding = Fresh("a@example.com");
  binding.reg_id = 1;
  Add(binding);
  for (const std::int64_t number : {std::int64_t{1}, (std::int64_t{1} << 32) + 1}) {
    Condition condition;
    condition.ranges = {{number, number}};
    BindingFilter filter;
    filter.Add(BindingField::kRegId, std::move(condition));
    EXPECT_EQ(Count(filter), number == 1 ? 1U : 0U);
  }
}

/// More rows in a shard than a block has.
TEST_F(LocationServiceTest, BlocksAreJoinedOneAfterTheOther) {
  constexpr std::size_t kRows = 150'000;
  LocationService location(Limits(), 1);
  for (std::size_t i = 0; i < kRows; ++i) {
    OwnedBinding binding = Fresh("u" + std::to_string(i) + "@example.com");
    binding.transport = static_cast<Transport>(i % 3);
    binding.server = static_cast<ServerId>(i % 5);
    binding.reg_id = i % 7 == 0 ? 1 : 0;
    location.Edit(AorOf(binding.aor), now_, [&](Record& record) { record.Add(binding.View()); });
  }
  BindingFilter filter = BindingFilter::Servers({1, 3});
  Condition not_udp;
  not_udp.is_negated = true;
  not_udp.ranges = {{0, 0}};
  filter.Add(BindingField::kTransport, std::move(not_udp));
  std::vector<std::size_t> expected;
  for (std::size_t i = 0; i < kRows; ++i) {
    if ((i % 5 == 1 || i % 5 == 3) && i % 3 != 0) expected.push_back(i);
  }
  EXPECT_EQ(location.Count(filter, now_), expected.size());
  BindingPage page;
  for (const std::size_t skipped : {std::size_t{1}, std::size_t{20'000}, expected.size() - 1}) {
    RowPosition position = location.Skip(filter, now_, skipped);
    location.Read(filter, now_, 1, position, page);
    ASSERT_EQ(page.size(), 1U);
    EXPECT_EQ(page[0].user, "u" + std::to_string(expected[skipped]));
  }
  const Groups groups = location.GroupBy(filter, now_, BindingField::kRegId);
  ASSERT_EQ(groups.groups.size(), 1U);
  EXPECT_EQ(groups.groups[0].count, static_cast<std::size_t>(std::ranges::count_if(
                                        expected, [](std::size_t i) { return i % 7 == 0; })));
  EXPECT_EQ(groups.total, expected.size());
  EXPECT_EQ(groups.without, expected.size() - groups.groups[0].count);
}

TEST_F(LocationServiceTest, FreesItsMemory) {
  const std::size_t empty = location_.MemoryBytes();
  for (int i = 0; i < 20'000; ++i) Add(Fresh("u" + std::to_string(i) + "@example.com"));
  const std::size_t full = location_.MemoryBytes();
  EXPECT_GT(full, empty + 20'000 * 100);
  now_ += absl::Hours(1);
  EXPECT_EQ(location_.Sweep(now_), 20'000U);
  EXPECT_LT(location_.MemoryBytes(), empty + (full - empty) / 2);  // indexes keep their room
}

}  // namespace
}  // namespace muster::core
