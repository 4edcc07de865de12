#include <gtest/gtest.h>

#include "muster/core/location_service.h"
#include "tests/core/allocation_counter.h"
#include "tests/core/owned_binding.h"

namespace muster::core {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

OwnedBinding Lasting(std::string_view aor, absl::Duration duration = absl::Hours(1)) {
  OwnedBinding binding = OwnedBinding::Of(aor);
  binding.expires_at = kNow + duration;
  return binding;
}

bool AddIfRoom(LocationService& location, std::string_view aor, absl::Time now = kNow) {
  bool added = false;
  location.Edit(AorOf(aor), now, [&](Record& record) {
    added = record.HasRoomFor(1);
    if (added) record.Add(Lasting(aor).View());
  });
  return added;
}

TEST(LocationServiceLimitsTest, MaxBindingsIsReachedAndNotExceeded) {
  Limits limits;
  limits.max_bindings = 3;
  LocationService location(limits);
  EXPECT_TRUE(AddIfRoom(location, "a@x.example"));
  EXPECT_TRUE(AddIfRoom(location, "b@x.example"));
  location.Edit(AorOf("c@x.example"), kNow, [](Record& record) {
    EXPECT_TRUE(record.HasRoomFor(1));
    EXPECT_FALSE(record.HasRoomFor(2));
    EXPECT_FALSE(record.HasRoomFor(static_cast<std::size_t>(-1)));
  });
  EXPECT_TRUE(AddIfRoom(location, "c@x.example"));
  EXPECT_FALSE(AddIfRoom(location, "d@x.example"));
  EXPECT_EQ(location.Count(BindingFilter::All(), kNow), 3U);
}

TEST(LocationServiceLimitsTest, WhateverGoesGivesItsRoomBack) {
  Limits limits;
  limits.max_bindings = 1;
  LocationService location(limits);
  ASSERT_TRUE(AddIfRoom(location, "a@x.example"));
  ASSERT_FALSE(AddIfRoom(location, "b@x.example"));
  location.Edit(AorOf("a@x.example"), kNow, [](Record& record) { record.Remove(0); });
  ASSERT_TRUE(AddIfRoom(location, "b@x.example"));
  Remove(location, BindingFilter::User("b"), kNow);
  ASSERT_TRUE(AddIfRoom(location, "c@x.example"));
  location.Sweep(kNow + absl::Hours(1));
  ASSERT_TRUE(AddIfRoom(location, "d@x.example"));
  // Its own expired binding gives way at once. (This one has expired as it is made.)
  EXPECT_TRUE(AddIfRoom(location, "d@x.example", kNow + absl::Hours(1)));
  EXPECT_FALSE(AddIfRoom(location, "e@x.example", kNow + absl::Hours(1)));
}

TEST(LocationServiceLimitsTest, RoomThatWasHeldIsHeldAgainstOthers) {
  Limits limits;
  limits.max_bindings = 2;
  LocationService location(limits, 2);
  location.Edit(AorOf("a@x.example"), kNow, [](Record& record) {
    EXPECT_TRUE(record.HasRoomFor(2));
    EXPECT_TRUE(record.HasRoomFor(2));  // the same two
    record.Add(Lasting("a@x.example").View());
    EXPECT_TRUE(record.HasRoomFor(1));
    EXPECT_FALSE(record.HasRoomFor(2));
  });
  EXPECT_TRUE(AddIfRoom(location, "b@x.example"));
  EXPECT_FALSE(AddIfRoom(location, "c@x.example"));
}

TEST(LocationServiceLimitsTest, MaxBindingsOfAShard) {
  Limits limits;
  limits.max_bindings_of_shard = 2;
  LocationService location(limits, 1);
  EXPECT_TRUE(AddIfRoom(location, "a@x.example"));
  EXPECT_TRUE(AddIfRoom(location, "b@x.example"));
  EXPECT_FALSE(AddIfRoom(location, "c@x.example"));
  EXPECT_EQ(Remove(location, BindingFilter::User("a"), kNow), 1U);
  EXPECT_TRUE(AddIfRoom(location, "c@x.example"));
}

TEST(LocationServiceLimitsTest, MaxGroups) {
  Limits limits;
  limits.max_groups = 3;
  LocationService location(limits, 2);
  for (const char* aor : {"a@x.example", "b@x.example", "c@x.example"}) {
    ASSERT_TRUE(AddIfRoom(location, aor));
  }
  EXPECT_TRUE(location.GroupBy(BindingFilter::All(), kNow, BindingField::kUser).is_complete);
  ASSERT_TRUE(AddIfRoom(location, "d@x.example"));
  EXPECT_FALSE(location.GroupBy(BindingFilter::All(), kNow, BindingField::kUser).is_complete);
}

TEST(LocationServiceLimitsTest, MaxTombstonesIsKeptByTheOldestGivingWay) {
  Limits limits;
  limits.max_tombstones = 4;
  LocationService location(limits, 1);
  const auto aor = [](int i) { return "u" + std::to_string(i) + "@x.example"; };
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(AddIfRoom(location, aor(i)));
    ASSERT_EQ(Remove(location, BindingFilter::ByAor(aor(i)).value(), kNow), 1U);
  }
  for (int i = 0; i < 6; ++i) {
    location.Edit(AorOf(aor(i)), kNow, [&](Record& record) {
      EXPECT_EQ(record.TombstoneCSeq(OwnedBinding().call_id).has_value(), i >= 2) << i;
    });
  }
}

TEST(LocationServiceLimitsTest, NoHoldIsLongerThanASlice) {
  Limits limits;
  limits.rows_per_slice = 10;
  LocationService location(limits, 1);
  for (int i = 0; i < 1'000; ++i) {
    const std::string aor = "u" + std::to_string(i) + "@x.example";
    location.Edit(AorOf(aor), kNow, [&](Record& record) {
      record.Add(Lasting(aor, absl::Seconds(i % 2 == 0 ? 60 : 3'600)).View());
    });
  }
  const auto ip = BindingFilter::Ip("10.0.0.1").value();
  EXPECT_EQ(location.Count(ip, kNow), 1'000U);
  RowPosition position;
  BindingPage page;
  EXPECT_TRUE(location.Read(BindingFilter::All(), kNow, 500, position, page));
  EXPECT_EQ(page.size(), 500U);
  std::optional<SortPlace> rank;
  EXPECT_EQ(location.Sort(ip, kNow, kLatestExpiryFirst, 2'000, rank).size(), 1'000U);
  EXPECT_EQ(location.Sweep(kNow + absl::Seconds(60)), 500U);
  EXPECT_EQ(Remove(location, BindingFilter::Servers({0}), kNow + absl::Seconds(60)), 500U);
  EXPECT_EQ(location.LongestHoldRows(), 10U);
}

TEST(LocationServiceLimitsTest, ASliceOfNothingIsASliceOfOne) {
  Limits limits;
  limits.rows_per_slice = 0;
  LocationService location(limits);
  ASSERT_TRUE(AddIfRoom(location, "a@x.example"));
  EXPECT_EQ(location.Count(BindingFilter::All(), kNow), 1U);
  EXPECT_EQ(location.Sweep(kNow + absl::Hours(2)), 1U);
}

TEST(LocationServiceLimitsTest, StringsBeyondARowAreCutAndHarmLittle) {
  LocationService location{Limits()};
  OwnedBinding binding = Lasting("a@x.example");
  binding.path = std::string(100'000, 'p');
  binding.contact = std::string(100'000, 'c');
  binding.call_id = std::string(100'000, 'i');
  location.Edit(AorOf(binding.aor), kNow, [&](Record& record) {
    record.Add(binding.View());
    record.Replace(0, binding.View());
    EXPECT_GE(record.at(0).path.size(), Limits::kMaxBindingBytes);
  });
  EXPECT_EQ(Remove(location, BindingFilter::User("a"), kNow), 1U);
}

TEST(LocationServiceLimitsTest, ARefreshAllocatesNothingAndTouchesNoIndex) {
  LocationService location{Limits()};
  const Aor aor = AorOf("alice@example.com");
  OwnedBinding first = Lasting("alice@example.com");
  first.instance = "urn:uuid:00000000-0000-1000-8000-0004f2abcdef";
  first.instrument = "0004f2abcdef";
  OwnedBinding second = first;
  second.SetContactUri("sip:alice@10.0.0.2");
  location.Edit(aor, kNow, [&](Record& record) {
    record.Add(first.View());
    record.Add(second.View());
  });
  const std::size_t bytes = location.MemoryBytes();
  const AllocationCounter allocations;
  for (int i = 1; i <= 1'000; ++i) {
    const absl::Time now = kNow + absl::Seconds(i);
    location.Edit(aor, now, [&](Record& record) {
      for (std::size_t j = 0; j < record.size(); ++j) {
        Binding binding = record.at(j);
        binding.cseq += 1;
        binding.updated_at = now;
        binding.expires_at = now + absl::Hours(1);
        if (!record.TombstoneCSeq(binding.call_id)) record.Replace(j, binding);
      }
    });
  }
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(location.MemoryBytes(), bytes);
  EXPECT_EQ(location.Sweep(kNow + absl::Hours(1) + absl::Seconds(999)), 0U);
  EXPECT_EQ(location.Sweep(kNow + absl::Hours(1) + absl::Seconds(1'000)), 2U);
}

}  // namespace
}  // namespace muster::core
