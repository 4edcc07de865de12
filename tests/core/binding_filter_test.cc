#include "muster/core/binding_filter.h"

#include <gtest/gtest.h>

namespace muster::core {
namespace {

const Condition& Only(const BindingFilter& filter) {
  EXPECT_EQ(filter.conditions().size(), 1U);
  return filter.conditions().front();
}

BindingField FieldOf(const BindingFilter& filter) {
  return static_cast<BindingField>(Only(filter).field);
}

std::string TextOf(const BindingFilter& filter) { return Only(filter).texts.front().text; }

TEST(BindingFilterTest, UserIsCanonical) {
  EXPECT_EQ(TextOf(BindingFilter::User("%61lice")), "alice");
  EXPECT_EQ(TextOf(BindingFilter::User("a b")), "a%20b");
  EXPECT_EQ(FieldOf(BindingFilter::User("alice")), BindingField::kUser);
}

TEST(BindingFilterTest, AorIsCanonicalOrNone) {
  EXPECT_EQ(TextOf(*BindingFilter::ByAor("SIP:%61lice@Example.com")), "alice@example.com");
  EXPECT_EQ(FieldOf(*BindingFilter::ByAor("alice@example.com")), BindingField::kAor);
  EXPECT_FALSE(BindingFilter::ByAor("tel:+1"));
}

TEST(BindingFilterTest, InstrumentIsAMacInOneNotationOrItself) {
  EXPECT_EQ(TextOf(BindingFilter::Instrument("00:04:F2:AB:CD:EF")), "0004f2abcdef");
  EXPECT_EQ(TextOf(BindingFilter::Instrument("urn:X")), "urn:X");
}

TEST(BindingFilterTest, IpIsAnAddressOrNone) {
  EXPECT_EQ(Only(*BindingFilter::Ip("[::1]")).blocks.front().address, IpAddress::Parse("::1"));
  EXPECT_FALSE(BindingFilter::Ip("10.0.0"));
}

TEST(BindingFilterTest, ServersAreRangesOfOne) {
  const Condition condition = Only(BindingFilter::Servers({3, 1}));
  ASSERT_EQ(condition.ranges.size(), 2U);
  EXPECT_TRUE(condition.ranges[0].Contains(3));
  EXPECT_FALSE(condition.ranges[0].Contains(2));
}

TEST(BindingFilterTest, AllHasNoConditions) {
  EXPECT_TRUE(BindingFilter::All().conditions().empty());
}

}  // namespace
}  // namespace muster::core
