#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "bench/query/row_generator.h"

namespace muster::bench {
namespace {

constexpr std::uint32_t kRows = 20'000;

/// Its mean over the first rows.
template <typename Value>
double Mean(const Value& value) {
  const RowGenerator generator(1);
  double sum = 0;
  for (std::uint32_t row = 0; row < kRows; ++row)
    sum += static_cast<double>(value(generator.MakeBinding(row)));
  return sum / kRows;
}

TEST(RowGeneratorTest, MakesTheSameRowAgain) {
  const RowGenerator one(1);
  const RowGenerator same(1);
  const RowGenerator other(2);
  for (const std::uint32_t row : {0U, 1U, 77U, 9'999'999U}) {
    EXPECT_EQ(one.MakeBinding(row).call_id, same.MakeBinding(row).call_id);
    EXPECT_EQ(one.MakeBinding(row).contact, same.MakeBinding(row).contact);
    EXPECT_EQ(one.MakeBinding(row).expires_at, same.MakeBinding(row).expires_at);
    EXPECT_EQ(one.MakeOutbound(row), same.MakeOutbound(row));
    EXPECT_NE(one.MakeBinding(row).call_id, other.MakeBinding(row).call_id);
  }
}

TEST(RowGeneratorTest, StringsHaveTheLengthsOfRealOnes) {
  EXPECT_GE(Mean([](const BindingRow& row) { return row.string_bytes(); }), 220);
  EXPECT_NEAR(Mean([](const BindingRow& row) { return row.contact.size(); }), 60, 3);
  EXPECT_NEAR(Mean([](const BindingRow& row) { return row.call_id.size(); }), 36, 2);
  EXPECT_NEAR(Mean([](const BindingRow& row) { return row.instance.size(); }), 45, 1);
  EXPECT_NEAR(Mean([](const BindingRow& row) { return row.to_uri.size(); }), 35, 3);
  EXPECT_NEAR(Mean([](const BindingRow& row) { return row.user_agent.size(); }), 30, 3);
}

TEST(RowGeneratorTest, SharesAreThoseOfANetwork) {
  EXPECT_NEAR(Mean([](const BindingRow& row) { return !row.mac().empty(); }), 0.7, 0.02);
  EXPECT_NEAR(Mean([](const BindingRow& row) { return row.call_id_address != 0; }), 0.5, 0.02);
  EXPECT_NEAR(Mean([](const BindingRow& row) { return row.contact_address >> 24 == 10; }), 0.6,
              0.05);
  EXPECT_NEAR(Mean([](const BindingRow& row) { return row.domain == Domains()[0]; }), 0.4, 0.02);
  EXPECT_NEAR(Mean([](const BindingRow& row) { return row.transport == core::Transport::kUdp; }),
              0.7, 0.02);
  EXPECT_NEAR(Mean([](const BindingRow& row) { return row.server; }), (kServers - 1) / 2.0, 0.5);
  EXPECT_NEAR(
      Mean([](const BindingRow& row) { return absl::ToDoubleSeconds(row.expires_at - kNow); }),
      1'800, 30);
}

TEST(RowGeneratorTest, TwoPercentOfUsersHaveSeveralContacts) {
  const RowGenerator generator(1);
  std::map<std::string, int> contacts;
  for (std::uint32_t row = 0; row < kRows; ++row)
    ++contacts[std::string(generator.MakeBinding(row).aor.text())];
  const auto several = std::count_if(contacts.begin(), contacts.end(),
                                     [](const auto& user) { return user.second > 1; });
  EXPECT_NEAR(static_cast<double>(several) / static_cast<double>(contacts.size()), 0.02, 0.002);
}

TEST(RowGeneratorTest, TenToFortyPhonesShareAPublicAddress) {
  const RowGenerator generator(1);
  std::map<std::uint32_t, int> phones;
  for (std::uint32_t row = 0; row < kRows; ++row)
    ++phones[generator.MakeBinding(row).source_address];
  for (const auto& [address, count] : phones) {
    EXPECT_GE(count, 10) << address;
    EXPECT_LE(count, 40) << address;
  }
}

TEST(RowGeneratorTest, KeysNameOnePhone) {
  const RowGenerator generator(1);
  std::set<std::string> call_ids;
  std::set<std::string> contacts;
  std::set<std::string> instances;
  for (std::uint32_t row = 0; row < kRows; ++row) {
    const BindingRow made = generator.MakeBinding(row);
    call_ids.insert(made.call_id);
    contacts.insert(made.contact);
    instances.insert(made.instance);
  }
  EXPECT_EQ(call_ids.size(), kRows);
  EXPECT_EQ(contacts.size(), kRows);
  EXPECT_EQ(instances.size(), kRows);
}

TEST(RowGeneratorTest, TheViewIsWhatARegistrarWouldRead) {
  const BindingRow row = RowGenerator(1).MakeBinding(3);
  const core::Binding binding = row.View();
  EXPECT_EQ(binding.to_uri, "sip:" + std::string(row.aor.text()));
  EXPECT_EQ("<" + std::string(binding.contact_uri) + ">", binding.contact);
  EXPECT_NE(binding.contact.find("@" + core::IpAddress::FromV4(row.contact_address).ToString() +
                                 ":5060;"),
            std::string_view::npos);
  EXPECT_EQ(core::NormalizeMac(binding.instrument).has_value(), !row.mac().empty());
}

TEST(RowGeneratorTest, StatusCodesAreTwentyAndMostlySuccess) {
  const RowGenerator generator(1);
  std::map<std::uint16_t, double> shares;
  for (std::uint32_t row = 0; row < kRows; ++row)
    shares[generator.MakeOutbound(row).status_code] += 1.0 / kRows;
  EXPECT_EQ(shares.size(), 20u);
  EXPECT_NEAR(shares[200], 0.85, 0.01);
  EXPECT_NEAR(shares[403], 0.03, 0.005);
  EXPECT_GT(shares[504], 0);
}

TEST(RowGeneratorTest, UserAgentsAreSomeDozens) {
  const auto agents = UserAgents();
  EXPECT_EQ(agents.size(), 48u);
  EXPECT_EQ(std::set<std::string>(agents.begin(), agents.end()).size(), agents.size());
}

}  // namespace
}  // namespace muster::bench
