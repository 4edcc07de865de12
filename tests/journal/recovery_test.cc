#include "muster/journal/recovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "muster/journal/committer.h"
#include "tests/core/owned_binding.h"
#include "tests/journal/temporary_folder.h"

namespace muster::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1'795'270'000);

class StandingClock : public core::Clock {
 public:
  absl::Time Now() const override { return kNow; }
};

class RecoveryTest : public ::testing::Test {
 protected:
  SqliteJournal::Options options() const { return {.file = folder_.path() / "registrations.db"}; }

  static core::BatchNumber Add(core::LocationService& location, const std::string& aor,
                               absl::Duration lifetime) {
    core::OwnedBinding binding = core::OwnedBinding::Of(aor);
    binding.expires_at = kNow + lifetime;
    return location.Edit(core::AorOf(aor), kNow,
                         [&](core::Record& record) { record.Add(binding.View()); });
  }

  /// A journal of `count` users, each in a batch of its own, without a snapshot.
  void Fill(int count) {
    core::LocationService location{core::Limits{}};
    auto journal = SqliteJournal::Open(options());
    ASSERT_TRUE(journal.ok());
    Committer committer(location, clock_, core::Limits{});
    committer.Start(**journal);
    for (int i = 0; i < count; ++i) {
      const core::BatchNumber batch =
          Add(location, absl::StrCat("user", i, "@example.com"), absl::Seconds(60 + i));
      committer.Request();
      if (i % 10 != 0) continue;
      ASSERT_EQ(committer.Wait(batch), core::CommitOutcome::kDurable);
    }
  }

  static void DamageTheFirstBatch(sqlite3* handle) {
    const char* const sql =
        "UPDATE batch SET checksum = 0 WHERE number = (SELECT min(number) FROM batch)";
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_changes(handle), 1);
  }

  static std::set<std::string> Aors(const core::LocationService& location, absl::Time now) {
    std::set<std::string> aors;
    core::BindingPage page;
    core::RowPosition position;
    for (bool more = true; more;) {
      more = location.Read(core::BindingFilter::All(), now, 100, position, page);
      for (const core::Binding& binding : page) aors.emplace(binding.aor);
    }
    return aors;
  }

  TemporaryFolder folder_;
  StandingClock clock_;
};

TEST_F(RecoveryTest, BringsBackWhatHasNotExpiredMeanwhile) {
  Fill(100);
  core::LocationService location{core::Limits{}};
  const absl::Time later = kNow + absl::Seconds(110);  // 50 of them, and one in this second
  const auto recovered = OpenAndReplay(options(), location, later, 3);
  ASSERT_TRUE(recovered.ok()) << recovered.status();
  EXPECT_THAT(recovered->replayed.damages, IsEmpty());
  EXPECT_GT(recovered->replayed.batches, 0U);
  const auto aors = Aors(location, later);
  EXPECT_EQ(aors.size(), 49U);
  EXPECT_EQ(aors.count("user50@example.com"), 0U);
  EXPECT_EQ(aors.count("user51@example.com"), 1U);
}

TEST_F(RecoveryTest, ReadsSnapshotAndTail) {
  Fill(20);
  {
    core::LocationService location{core::Limits{}};
    auto recovered = OpenAndReplay(options(), location, kNow, 1);
    ASSERT_TRUE(recovered.ok());
    core::Limits limits;
    limits.min_journal_tail_bytes = 1;
    limits.journal_chunk_bytes = 100;
    Committer committer(location, clock_, limits);
    committer.Start(*recovered->journal);
    committer.Request();
    while (committer.counts().snapshots == 0)
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    Add(location, "late@example.com", absl::Hours(1));
  }
  core::LocationService location{core::Limits{}};
  const auto recovered = OpenAndReplay(options(), location, kNow, 4);
  ASSERT_TRUE(recovered.ok());
  // How many depends on how the users fall into shards.
  EXPECT_GE(recovered->replayed.chunks, 3U);
  EXPECT_THAT(recovered->replayed.damages, IsEmpty());
  EXPECT_EQ(Aors(location, kNow).size(), 21U);
}

TEST_F(RecoveryTest, SetsADamagedDatabaseAsideAndGoesOnWithTheRest) {
  Fill(50);
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(options().file.c_str(), &handle), SQLITE_OK);
  DamageTheFirstBatch(handle);
  sqlite3_close(handle);

  core::LocationService location{core::Limits{}};
  auto recovered = OpenAndReplay(options(), location, kNow, 2);
  ASSERT_TRUE(recovered.ok()) << recovered.status();
  EXPECT_THAT(recovered->replayed.damages, ElementsAre(HasSubstr("does not have its checksum")));
  EXPECT_TRUE(std::filesystem::exists(recovered->set_aside));
  const auto kept = Aors(location, kNow);
  EXPECT_LT(kept.size(), 50U);
  EXPECT_GT(kept.size(), 30U);

  recovered->journal.reset();
  core::LocationService again{core::Limits{}};
  recovered = OpenAndReplay(options(), again, kNow, 2);
  ASSERT_TRUE(recovered.ok());
  EXPECT_THAT(recovered->replayed.damages, IsEmpty());
  EXPECT_EQ(Aors(again, kNow), kept);
}

TEST_F(RecoveryTest, SetsAsideWhatIsNoDatabaseAtAll) {
  std::ofstream(options().file) << std::string(5'000, 'x');
  core::LocationService location{core::Limits{}};
  const auto recovered = OpenAndReplay(options(), location, kNow, 2);
  ASSERT_TRUE(recovered.ok()) << recovered.status();
  EXPECT_THAT(recovered->replayed.damages, ElementsAre(HasSubstr("not a database")));
  EXPECT_EQ(std::filesystem::file_size(recovered->set_aside), 5'000U);
  EXPECT_EQ(recovered->journal->next_batch(), 2U);  // behind a snapshot of nothing
}

TEST_F(RecoveryTest, GoesOnBehindBatchesThatCannotBeRead) {
  Fill(300);
  // Garbage in the middle of the file, at the beginning of a page, is a damaged page of batches.
  std::fstream file(options().file, std::ios::in | std::ios::out | std::ios::binary);
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(options().file.c_str(), &handle), SQLITE_OK);
  int pages = 0;
  const auto count = [](void* into, int, char** values, char**) {
    *static_cast<int*>(into) = std::atoi(values[0]);
    return 0;
  };
  sqlite3_exec(handle, "PRAGMA page_count", count, &pages, nullptr);
  sqlite3_close(handle);
  ASSERT_GT(pages, 10);
  file.seekp(pages / 2 * 4'096);
  file << std::string(4'096, '\x0d');
  file.close();

  core::LocationService inspected_location{core::Limits{}};
  const auto inspected = Inspect(options().file, inspected_location, kNow, 2, nullptr);
  ASSERT_TRUE(inspected.ok()) << inspected.status();
  core::LocationService location{core::Limits{}};
  const auto recovered = OpenAndReplay(options(), location, kNow, 2);
  ASSERT_TRUE(recovered.ok()) << recovered.status();
  EXPECT_FALSE(recovered->replayed.damages.empty());
  EXPECT_EQ(inspected->replayed.damages, recovered->replayed.damages);
  const auto kept = Aors(location, kNow);
  EXPECT_EQ(Aors(inspected_location, kNow), kept);
  EXPECT_EQ(kept.count("user0@example.com"), 1U);
  EXPECT_EQ(kept.count("user299@example.com"), 1U);
  EXPECT_LT(kept.size(), 300U);
  EXPECT_EQ(FindSetAside(options().file), std::vector{recovered->set_aside});
}

TEST_F(RecoveryTest, InspectingAGoodDatabaseFindsNothingWrong) {
  Fill(20);
  core::LocationService location{core::Limits{}};
  const auto inspected = Inspect(options().file, location, kNow, 2, nullptr);
  ASSERT_TRUE(inspected.ok()) << inspected.status();
  EXPECT_EQ(inspected->format, kSqliteFormat);
  EXPECT_THAT(inspected->integrity, IsEmpty());
  EXPECT_THAT(inspected->replayed.damages, IsEmpty());
  EXPECT_EQ(Aors(location, kNow).size(), 20U);
}

TEST_F(RecoveryTest, FinishesWhatWasInterruptedBetweenTheTwoRenames) {
  Fill(20);
  const std::string file = options().file.string();
  std::filesystem::rename(file, file + ".recovered");
  std::ofstream(file + "-wal") << "of the damaged one, which has its new name already";
  core::LocationService location{core::Limits{}};
  const auto recovered = OpenAndReplay(options(), location, kNow, 2);
  ASSERT_TRUE(recovered.ok()) << recovered.status();
  EXPECT_THAT(recovered->replayed.damages, IsEmpty());
  EXPECT_EQ(Aors(location, kNow).size(), 20U);
  EXPECT_FALSE(std::filesystem::exists(file + ".recovered"));
}

TEST_F(RecoveryTest, BeginsAgainWhenItWasInterruptedBeforeTheRenames) {
  Fill(20);
  std::ofstream(options().file.string() + ".recovered") << "half of what could be kept";
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(options().file.c_str(), &handle), SQLITE_OK);
  DamageTheFirstBatch(handle);
  sqlite3_close(handle);
  core::LocationService location{core::Limits{}};
  const auto recovered = OpenAndReplay(options(), location, kNow, 2);
  ASSERT_TRUE(recovered.ok()) << recovered.status();
  EXPECT_THAT(recovered->replayed.damages, ElementsAre(HasSubstr("does not have its checksum")));
  EXPECT_FALSE(std::filesystem::exists(options().file.string() + ".recovered"));
}

TEST_F(RecoveryTest, DoesNotTakeAnEmptyFileForANewOne) {
  std::ofstream(options().file).flush();
  std::ofstream(options().file.string() + "-wal") << "changes";
  core::LocationService location{core::Limits{}};
  const auto recovered = OpenAndReplay(options(), location, kNow, 2);
  ASSERT_TRUE(recovered.ok()) << recovered.status();
  EXPECT_THAT(recovered->replayed.damages, ElementsAre(HasSubstr("the file is empty")));
  EXPECT_EQ(std::filesystem::file_size(recovered->set_aside.string() + "-wal"), 7U);
}

}  // namespace
}  // namespace muster::journal
