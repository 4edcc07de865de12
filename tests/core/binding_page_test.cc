#include <gtest/gtest.h>

#include "muster/core/location_service.h"
#include "tests/core/allocation_counter.h"
#include "tests/core/owned_binding.h"

namespace muster::core {
namespace {

TEST(BindingPageTest, CopiesOutliveTheirSource) {
  BindingPage page;
  OwnedBinding expected = OwnedBinding::Of("bob@example.com");
  expected.instance = "urn:uuid:00000000-0000-1000-8000-0004f2abcdef";
  expected.instrument = "0004f2abcdef";
  expected.path = "<sip:p1.example.com;lr>";
  expected.q_text = "0.5";
  {
    const OwnedBinding source = expected;
    page.Append(source.View());
  }
  ASSERT_EQ(page.size(), 1U);
  EXPECT_EQ(OwnedBinding(page[0]), expected);
  EXPECT_EQ(page[0].user, "bob");
}

TEST(BindingPageTest, PartsOfAStringAreKeptInIt) {
  const std::string to_uri = "sip:alice@example.com";
  Binding binding;
  binding.to_uri = to_uri;
  binding.aor = binding.to_uri.substr(4);
  binding.user = binding.to_uri.substr(4, 5);
  BindingPage page;
  page.Append(binding);
  EXPECT_EQ(page[0].aor.data(), page[0].to_uri.data() + 4);
  EXPECT_EQ(page[0].user, "alice");
}

TEST(BindingPageTest, EarlierRowsStayWhileItGrows) {
  BindingPage page;
  for (int i = 0; i < 2'000; ++i) {
    OwnedBinding binding;
    binding.call_id = std::to_string(i);
    binding.path = std::string(static_cast<std::size_t>(i), 'p');
    page.Append(binding.View());
  }
  ASSERT_EQ(page.size(), 2'000U);
  for (std::size_t i = 0; i < page.size(); ++i) {
    EXPECT_EQ(page[i].call_id, std::to_string(i));
    EXPECT_EQ(page[i].path, std::string(i, 'p'));
  }
}

TEST(BindingPageTest, TakesStringsLargerThanItsBlocks) {
  OwnedBinding binding;
  binding.path = std::string(100'000, 'p');
  BindingPage page;
  page.Append(OwnedBinding().View());
  page.Append(binding.View());
  EXPECT_EQ(page[1].path, binding.path);
  EXPECT_EQ(OwnedBinding(page[0]), OwnedBinding());
}

TEST(BindingPageTest, UsesItsMemoryAgain) {
  BindingPage page;
  const OwnedBinding binding;
  const auto fill = [&] {
    page.Clear();
    for (int i = 0; i < 500; ++i) page.Append(binding.View());
  };
  fill();
  const AllocationCounter allocations;
  fill();
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(page.size(), 500U);
}

}  // namespace
}  // namespace muster::core
