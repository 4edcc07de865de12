#include <gtest/gtest.h>

#include "muster/core/location_service.h"

namespace muster::core {
namespace {

using Field = BindingFilter::Field;

TEST(BindingFilterTest, UserIsCanonical) {
  EXPECT_EQ(BindingFilter::User("%61lice").text(), "alice");
  EXPECT_EQ(BindingFilter::User("a b").text(), "a%20b");
  EXPECT_EQ(BindingFilter::User("alice").field(), Field::kUser);
}

TEST(BindingFilterTest, AorIsCanonicalOrNone) {
  EXPECT_EQ(BindingFilter::ByAor("SIP:%61lice@Example.com")->text(), "alice@example.com");
  EXPECT_EQ(BindingFilter::ByAor("alice@example.com")->field(), Field::kAor);
  EXPECT_FALSE(BindingFilter::ByAor("tel:+1"));
}

TEST(BindingFilterTest, InstrumentIsAMacInOneNotationOrItself) {
  EXPECT_EQ(BindingFilter::Instrument("00:04:F2:AB:CD:EF").text(), "0004f2abcdef");
  EXPECT_EQ(BindingFilter::Instrument("urn:X").text(), "urn:X");
}

TEST(BindingFilterTest, IpIsAnAddressOrNone) {
  EXPECT_EQ(BindingFilter::Ip("[::1]")->ip(), IpAddress::Parse("::1"));
  EXPECT_FALSE(BindingFilter::Ip("10.0.0"));
}

TEST(BindingFilterTest, ServersAreEachOnce) {
  EXPECT_EQ(BindingFilter::Servers({3, 1, 3}).servers(), (std::vector<ServerId>{1, 3}));
}

TEST(BindingFilterTest, AllIsTheDefault) { EXPECT_EQ(BindingFilter::All().field(), Field::kAll); }

}  // namespace
}  // namespace muster::core
