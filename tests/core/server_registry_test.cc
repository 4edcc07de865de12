#include <gtest/gtest.h>

#include <algorithm>

#include "muster/core/location_service.h"

namespace muster::core {
namespace {

TEST(ServerRegistryTest, GivesEachServerOneId) {
  ServerRegistry registry;
  const Server a{1, "a.example.com", "10.0.0.1"};
  const Server b{1, "a.example.com", "10.0.0.2"};
  EXPECT_EQ(registry.Add(a), 0);
  EXPECT_EQ(registry.Add(b), 1);
  EXPECT_EQ(registry.Add(a), 0);
  EXPECT_EQ(registry.Get(1), b);
  EXPECT_EQ(registry.Get(2), Server());
}

TEST(ServerRegistryTest, FindsByIdNameAndAddress) {
  ServerRegistry registry;
  registry.Add({1, "a.example.com", "10.0.0.1"});
  registry.Add({1, "a.example.com", "2001:db8::1"});
  registry.Add({12, "b.example.com", "10.0.0.10"});
  using Ids = std::vector<ServerId>;
  EXPECT_EQ(registry.Find("1"), (Ids{0, 1}));
  EXPECT_EQ(registry.Find("A.example.COM"), (Ids{0, 1}));
  EXPECT_EQ(registry.Find("10.0.0.1"), (Ids{0}));
  EXPECT_EQ(registry.Find("[2001:DB8:0::1]"), (Ids{1}));
  EXPECT_EQ(registry.Find("12"), (Ids{2}));
  EXPECT_EQ(registry.Find("example.com"), Ids());
  EXPECT_EQ(registry.Find("10.0.0"), Ids());
  EXPECT_EQ(registry.Find(""), Ids());
  EXPECT_EQ(registry.Find("99999999999"), Ids());
}

TEST(ServerRegistryTest, BeyondItsLimitGivesTheFirst) {
  ServerRegistry registry;
  for (std::uint32_t i = 0; i < ServerRegistry::kMaxServers; ++i) {
    ASSERT_EQ(registry.Add({i, "", ""}), i);
  }
  EXPECT_EQ(registry.Add({5'000, "", ""}), 0);
  EXPECT_EQ(registry.Add({7, "", ""}), 7);
  EXPECT_TRUE(registry.Find("5000").empty());
}

}  // namespace
}  // namespace muster::core
