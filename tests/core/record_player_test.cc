// Copies of what is held, and their way back into a table. (Under random changes:
// location_service_journal_test.cc.)

#include "muster/core/record_player.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/core/added_bindings.h"

namespace muster::core {
namespace {

/// An edit that was under way when its binding expired refreshes it: no snapshot may lack it.
TEST(CopyRecordsTest, CopiesWhatHasExpiredAndIsStillHeld) {
  LocationService location(Limits(), 1);
  Add(location, "a@example.com", absl::Seconds(10));
  location.StartRecording(1);
  std::string chunk;
  RecordPosition position;
  EXPECT_FALSE(location.CopyRecords(kNow + absl::Seconds(11), 1'000'000, position, chunk));
  location.Edit(AorOf("a@example.com"), kNow + absl::Seconds(9), [](Record& record) {
    Binding binding = record.at(0);
    binding.expires_at = kNow + absl::Hours(1);
    record.Replace(0, binding);
  });
  ChangeSet changes;
  location.TakeChanges(1, changes);

  const absl::Time later = kNow + absl::Seconds(12);
  LocationService played(Limits(), 1);
  RecordPlayer player(played);
  ASSERT_TRUE(player.Play(chunk, later, {}).ok());
  ASSERT_TRUE(player.Play(changes.records, later, {}).ok());
  EXPECT_EQ(played.Count(BindingFilter::All(), later), 1U);
}

TEST(CopyRecordsTest, FillsNoMoreThanAChunk) {
  Limits limits;
  limits.rows_per_slice = 3;
  LocationService location(limits, 4);
  for (int i = 0; i < 200; ++i) Add(location, AorText(i));
  RecordPosition position;
  constexpr std::size_t kBytes = 2'000;
  constexpr std::size_t kSliceBytes = 3 * 300;
  int chunks = 0;
  for (bool more = true; more; ++chunks) {
    std::string chunk;
    more = location.CopyRecords(kNow, kBytes, position, chunk);
    ASSERT_LT(chunk.size(), kBytes + kSliceBytes);
    ASSERT_TRUE(!more || chunk.size() >= kBytes);
  }
  EXPECT_GT(chunks, 10);
}

TEST(CopyRecordsTest, GoesOnWhereServersFillAChunk) {
  LocationService location(Limits(), 4);
  for (std::uint32_t n = 0; n < 50; ++n) {
    location.servers().Add({.node_id = n, .node_name = "n.example.com", .address = "10.0.0.1"});
  }
  Add(location, "a@example.com");
  RecordPosition position;
  std::string chunk;
  int chunks = 1;
  for (; location.CopyRecords(kNow, 1, position, chunk) && chunks < 100; ++chunks) chunk.clear();
  EXPECT_LT(chunks, 100);
}

TEST(RecordPlayerTest, PlaysEachAorInOneShare) {
  LocationService location(Limits(), 16);
  for (int i = 0; i < 200; ++i) Add(location, AorText(i));
  std::string records;
  RecordPosition position;
  location.CopyRecords(kNow, 1'000'000, position, records);
  LocationService together(Limits(), 16);
  std::size_t sum = 0;
  for (std::size_t index = 0; index < 3; ++index) {
    LocationService alone(Limits(), 16);
    ASSERT_TRUE(RecordPlayer(alone).Play(records, kNow, {index, 3}).ok());
    ASSERT_TRUE(RecordPlayer(together).Play(records, kNow, {index, 3}).ok());
    EXPECT_GT(alone.Count(BindingFilter::All(), kNow), 0U);
    sum += alone.Count(BindingFilter::All(), kNow);
  }
  EXPECT_EQ(sum, 200U);
  EXPECT_EQ(together.Count(BindingFilter::All(), kNow), 200U);
}

TEST(RecordPlayerTest, WhatItPlaysTakesAndGivesRoom) {
  LocationService location(Limits(), 1);
  location.StartRecording(1);
  for (int i = 0; i < 10; ++i) Add(location, AorText(i));
  ChangeSet added;
  location.TakeChanges(1, added);
  Remove(location, BindingFilter::User("u3"), kNow);
  ChangeSet removed;
  location.TakeChanges(2, removed);

  Limits limits;
  limits.max_bindings = 10;
  LocationService played(limits, 1);
  const auto has_room_for = [&](std::size_t count) {
    bool has = false;
    played.Edit(AorOf("a@example.com"), kNow, [&](Record& r) { has = r.HasRoomFor(count); });
    return has;
  };
  EXPECT_TRUE(has_room_for(10));
  for (int twice = 0; twice < 2; ++twice) {
    ASSERT_TRUE(RecordPlayer(played).Play(added.records, kNow, {}).ok());
    EXPECT_FALSE(has_room_for(1));
  }
  for (int twice = 0; twice < 2; ++twice) {
    ASSERT_TRUE(RecordPlayer(played).Play(removed.records, kNow, {}).ok());
    EXPECT_TRUE(has_room_for(1));
    EXPECT_FALSE(has_room_for(2));
  }
}

TEST(RecordPlayerTest, SaysWhereRecordsMakeNoSense) {
  LocationService location(Limits(), 1);
  location.StartRecording(1);
  Add(location, "a@example.com");
  ChangeSet changes;
  location.TakeChanges(1, changes);

  LocationService played(Limits(), 1);
  const absl::Status status = RecordPlayer(played).Play(changes.records + "damage", kNow, {});
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  const std::string offset = absl::StrCat("at byte ", changes.records.size(), " of");
  EXPECT_NE(status.message().find(offset), std::string_view::npos) << status.message();
  EXPECT_EQ(played.Count(BindingFilter::All(), kNow), 1U);
}

}  // namespace
}  // namespace muster::core
