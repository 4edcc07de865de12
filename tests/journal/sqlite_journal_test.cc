#include "muster/journal/sqlite_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "muster/journal/recovery.h"
#include "tests/journal/power_vfs.h"
#include "tests/journal/temporary_folder.h"

namespace muster::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Message(const absl::Status& status) { return std::string(status.message()); }

/// What a journal holds: chunks, batches, and what reading them complained of.
struct Held {
  std::vector<std::string> chunks;
  std::vector<std::string> batches;
  std::vector<std::string> damages;
};

Held ReadAll(core::Journal& journal) {
  Held held;
  auto reader = journal.OpenReader();
  EXPECT_TRUE(reader.ok()) << reader.status();
  if (!reader.ok()) return held;
  for (std::size_t i = 0; i < (*reader)->chunks(); ++i) {
    const auto chunk = (*reader)->ReadChunk(i);
    chunk.ok() ? held.chunks.emplace_back(*chunk)
               : held.damages.emplace_back(Message(chunk.status()));
  }
  for (;;) {
    const auto batch = (*reader)->ReadBatch();
    if (!batch.ok()) {
      held.damages.emplace_back(Message(batch.status()));
    } else if (*batch) {
      held.batches.emplace_back(**batch);
    } else {
      return held;
    }
  }
}

class SqliteJournalTest : public ::testing::Test {
 protected:
  std::filesystem::path file() const { return folder_.path() / "registrations.db"; }

  void Open(SqliteJournal::Options options = {}) {
    journal_.reset();
    options.file = file();
    auto journal = SqliteJournal::Open(options);
    ASSERT_TRUE(journal.ok()) << journal.status();
    journal_ = *std::move(journal);
  }
  absl::Status OpenStatus(bool read_only = false) {
    journal_.reset();
    return SqliteJournal::Open({.file = file(), .read_only = read_only}).status();
  }
  void Append(std::string_view records) {
    const absl::Status status = journal_->Append(journal_->next_batch(), records);
    ASSERT_TRUE(status.ok()) << status;
  }
  void WriteSnapshot(const std::vector<std::string>& chunks) {
    ASSERT_TRUE(journal_->BeginSnapshot(journal_->next_batch()).ok());
    for (const std::string& chunk : chunks) ASSERT_TRUE(journal_->AppendToSnapshot(chunk).ok());
    const absl::Status status = journal_->FinishSnapshot();
    ASSERT_TRUE(status.ok()) << status;
  }
  void TidyUp() {
    for (auto more = journal_->Tidy(); *more; more = journal_->Tidy()) {
    }
    ASSERT_TRUE(journal_->Append(journal_->next_batch(), {}).ok());
  }
  /// With another connection.
  void Sql(const std::string& sql) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }

  int Number(const std::string& sql) const {
    sqlite3* handle = nullptr;
    EXPECT_EQ(sqlite3_open(file().c_str(), &handle), SQLITE_OK);
    int number = -1;
    const auto read = [](void* out, int, char** values, char**) {
      *static_cast<int*>(out) = std::atoi(values[0]);
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), read, &number, nullptr), SQLITE_OK);
    sqlite3_close(handle);
    return number;
  }

  TemporaryFolder folder_;
  std::unique_ptr<SqliteJournal> journal_;
};

TEST_F(SqliteJournalTest, HoldsNothingAtFirst) {
  Open();
  EXPECT_EQ(journal_->next_batch(), 1U);
  EXPECT_EQ(journal_->tail_bytes(), 0U);
  const Held held = ReadAll(*journal_);
  EXPECT_THAT(held.chunks, IsEmpty());
  EXPECT_THAT(held.batches, IsEmpty());
  EXPECT_THAT(held.damages, IsEmpty());
}

TEST_F(SqliteJournalTest, GivesBatchesBackInOrderAfterReopening) {
  Open();
  Append("first");
  Append(std::string("\0second", 7));
  Append(std::string(100'000, 'x'));
  Open();
  EXPECT_EQ(journal_->next_batch(), 4U);
  EXPECT_EQ(journal_->tail_bytes(), 5U + 7U + 100'000U);
  const Held held = ReadAll(*journal_);
  EXPECT_THAT(held.batches,
              ElementsAre("first", std::string("\0second", 7), std::string(100'000, 'x')));
  EXPECT_THAT(held.damages, IsEmpty());
}

TEST_F(SqliteJournalTest, NumbersMayBeLeftOut) {
  Open();
  ASSERT_TRUE(journal_->Append(1, "one").ok());
  ASSERT_TRUE(journal_->Append(5, "five").ok());
  ASSERT_TRUE(journal_->Append(6, {}).ok());  // a trial keeps nothing
  EXPECT_EQ(journal_->next_batch(), 6U);
  const Held held = ReadAll(*journal_);
  EXPECT_THAT(held.batches, ElementsAre("one", "five"));
  EXPECT_THAT(held.damages, IsEmpty());
}

TEST_F(SqliteJournalTest, ASnapshotMakesWhatCameBeforeItSuperfluous) {
  Open();
  Append("old");
  WriteSnapshot({"a", "b"});
  Append("new");
  EXPECT_EQ(journal_->snapshot_bytes(), 2U);
  EXPECT_EQ(journal_->tail_bytes(), 3U);
  Held held = ReadAll(*journal_);
  EXPECT_THAT(held.chunks, ElementsAre("a", "b"));
  EXPECT_THAT(held.batches, ElementsAre("new"));

  WriteSnapshot({"c"});
  TidyUp();
  Open();
  held = ReadAll(*journal_);
  EXPECT_THAT(held.chunks, ElementsAre("c"));
  EXPECT_THAT(held.batches, IsEmpty());
  EXPECT_THAT(held.damages, IsEmpty());
  EXPECT_EQ(journal_->next_batch(), 3U);
}

TEST_F(SqliteJournalTest, BatchesDuringASnapshotStandBehindIt) {
  Open();
  Append("before");
  ASSERT_TRUE(journal_->BeginSnapshot(journal_->next_batch()).ok());
  ASSERT_TRUE(journal_->AppendToSnapshot("chunk").ok());
  Append("during");
  ASSERT_TRUE(journal_->FinishSnapshot().ok());
  EXPECT_EQ(journal_->tail_bytes(), 6U);
  const Held held = ReadAll(*journal_);
  EXPECT_THAT(held.chunks, ElementsAre("chunk"));
  EXPECT_THAT(held.batches, ElementsAre("during"));
}

TEST_F(SqliteJournalTest, AnUnfinishedSnapshotCountsForNothing) {
  Open();
  Append("one");
  ASSERT_TRUE(journal_->BeginSnapshot(journal_->next_batch()).ok());
  ASSERT_TRUE(journal_->AppendToSnapshot("lost").ok());
  Append("two");
  Open();
  EXPECT_THAT(ReadAll(*journal_).batches, ElementsAre("one", "two"));
  WriteSnapshot({"whole"});
  TidyUp();
  const Held held = ReadAll(*journal_);
  EXPECT_THAT(held.chunks, ElementsAre("whole"));
  EXPECT_THAT(held.damages, IsEmpty());
}

TEST_F(SqliteJournalTest, TidyingLeavesNothingBehindAndTheFileDoesNotGrow) {
  Open({.checkpoint_pages = 50});
  const std::string chunk(100'000, 'c');
  std::uint64_t most = 0;
  for (int round = 0; round < 30; ++round) {
    for (int i = 0; i < 20; ++i) Append(std::string(5'000, 'b'));
    WriteSnapshot({chunk, chunk, chunk});
    TidyUp();
    if (round == 5) most = journal_->disk_bytes();
  }
  EXPECT_LE(journal_->disk_bytes(), most);
  EXPECT_EQ(Number("SELECT count(*) FROM chunk"), 3);
  EXPECT_EQ(Number("SELECT count(*) FROM batch"), 0);
}

/// Its reader keeps the WAL from beginning anew, and a checkpoint from copying what is behind it.
TEST_F(SqliteJournalTest, TidyingComesToAnEndWhileSomebodyReads) {
  Open({.checkpoint_pages = 50});
  Append("one");
  const auto reader = journal_->OpenReader();
  ASSERT_TRUE(reader.ok());
  for (int i = 0; i < 30; ++i) Append(std::string(10'000, 'b'));
  int pieces = 0;
  for (auto more = journal_->Tidy(); *more && pieces < 10; more = journal_->Tidy()) {
    ++pieces;
    ASSERT_TRUE(journal_->Append(journal_->next_batch(), {}).ok());
  }
  EXPECT_LT(pieces, 10);
}

TEST_F(SqliteJournalTest, NamesADamagedBatchAndKeepsTheOthers) {
  Open();
  for (const char* records : {"one", "two", "three"}) Append(records);
  Sql("UPDATE batch SET records = 'tvo' WHERE number = 2");
  const Held held = ReadAll(*journal_);
  EXPECT_THAT(held.batches, ElementsAre("one", "three"));
  EXPECT_THAT(held.damages, ElementsAre(HasSubstr("batch 2 does not have its checksum")));
  EXPECT_THAT(held.damages, ElementsAre(HasSubstr(file().string())));
}

TEST_F(SqliteJournalTest, NamesAMissingBatchAndAMissingChunk) {
  Open();
  WriteSnapshot({"a", "b"});
  for (const char* records : {"one", "two", "three"}) Append(records);
  Sql("DELETE FROM batch WHERE number = 2; DELETE FROM chunk WHERE records = X'61'");
  const Held held = ReadAll(*journal_);
  EXPECT_THAT(held.chunks, ElementsAre("b"));
  EXPECT_THAT(held.batches, ElementsAre("one", "three"));
  EXPECT_THAT(held.damages, ElementsAre(HasSubstr("chunk 0 of the snapshot is missing"),
                                        HasSubstr("batch 2 is missing")));
}

TEST_F(SqliteJournalTest, ABatchInTheWrongPlaceIsDamage) {
  Open();
  Append("one");
  Sql("INSERT INTO batch SELECT 2, 1, checksum, records FROM batch WHERE number = 1");
  EXPECT_THAT(ReadAll(*journal_).damages,
              ElementsAre(HasSubstr("batch 2 does not have its checksum")));
}

TEST_F(SqliteJournalTest, NamesABatchWithOtherBytesOnDisk) {
  Open();
  for (int i = 0; i < 20; ++i) Append(std::string(20'000, static_cast<char>('a' + i)));
  journal_.reset();  // puts the WAL into the database
  std::fstream stream(file(), std::ios::in | std::ios::out | std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
  stream.seekp(static_cast<std::streamoff>(bytes.find(std::string(1'000, 'e')) + 500));
  stream << "?";
  stream.close();
  core::LocationService location{core::Limits{}};
  const auto inspected = Inspect(file(), location, absl::UnixEpoch(), 1, nullptr);
  ASSERT_TRUE(inspected.ok()) << inspected.status();
  EXPECT_THAT(inspected->integrity, IsEmpty()) << "SQLite does not look at the bytes of a blob";
  Open();
  const Held held = ReadAll(*journal_);
  EXPECT_EQ(held.batches.size(), 19U);
  EXPECT_THAT(held.damages, ElementsAre(HasSubstr("batch 5 does not have its checksum")));
}

TEST_F(SqliteJournalTest, ReportsTornPages) {
  Open();
  for (int i = 0; i < 200; ++i) Append(std::string(3'000, 'x'));
  journal_.reset();
  std::fstream stream(file(), std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(4 * 4096);
  stream << std::string(100 * 4096, '\x7f');
  stream.close();
  auto journal = SqliteJournal::Open({.file = file()});
  if (!journal.ok()) {
    EXPECT_TRUE(absl::IsDataLoss(journal.status())) << journal.status();
  } else {
    EXPECT_THAT(ReadAll(**journal).damages, ::testing::Not(IsEmpty()));
  }
}

TEST_F(SqliteJournalTest, StoresNothingInAFileThatIsGone) {
  Open();
  Append("one");
  std::filesystem::remove(file());
  EXPECT_THAT(Message(journal_->Append(2, "two")), HasSubstr("was removed or replaced"));
}

TEST_F(SqliteJournalTest, RefusesANewerFormat) {
  Open();
  Sql("PRAGMA user_version = 7");
  const absl::Status status = OpenStatus();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(Message(status), HasSubstr("newer version of muster (format 7"));
}

TEST_F(SqliteJournalTest, RefusesWhatIsNoDatabaseOfMusters) {
  Sql("CREATE TABLE cats(name)");
  EXPECT_TRUE(absl::IsDataLoss(OpenStatus()));
  std::ofstream(file(), std::ios::trunc) << std::string(10'000, 'x');
  EXPECT_TRUE(absl::IsDataLoss(OpenStatus()));
}

TEST_F(SqliteJournalTest, ReadOnlyMakesAndChangesNothing) {
  EXPECT_FALSE(OpenStatus(/*read_only=*/true).ok());
  EXPECT_FALSE(std::filesystem::exists(file()));
  Open();
  Append("one");
  Open({.read_only = true});
  EXPECT_FALSE(journal_->Append(2, "two").ok());
  EXPECT_THAT(ReadAll(*journal_).batches, ElementsAre("one"));
}

class FailingDiskTest : public SqliteJournalTest {
 protected:
  ~FailingDiskTest() override { journal_.reset(); }  // before its disk

  void Open(int checkpoint_pages = 1'000) {
    SqliteJournalTest::Open({.vfs = vfs_.name(), .checkpoint_pages = checkpoint_pages});
  }

  PowerVfs vfs_{::testing::UnitTest::GetInstance()->current_test_info()->name()};
};

TEST_F(FailingDiskTest, KeepsNothingOfABatchThatCannotBeWritten) {
  Open();
  Append("one");
  vfs_.FailWrites(SQLITE_FULL);
  const absl::Status status = journal_->Append(2, "two");
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_THAT(Message(status), HasSubstr("full"));
  vfs_.Heal();
  ASSERT_TRUE(journal_->Append(4, "four").ok());
  EXPECT_THAT(ReadAll(*journal_).batches, ElementsAre("one", "four"));
}

TEST_F(FailingDiskTest, KeepsNothingOfABatchThatCannotBeSynced) {
  Open();
  Append("one");
  vfs_.FailSyncs(SQLITE_IOERR_FSYNC);
  EXPECT_FALSE(journal_->Append(2, "two").ok());
  EXPECT_FALSE(journal_->Append(2, {}).ok()) << "a trial writes and syncs";
  vfs_.Heal();
  ASSERT_TRUE(journal_->Append(2, "again").ok());
  EXPECT_THAT(ReadAll(*journal_).batches, ElementsAre("one", "again"));
}

TEST_F(FailingDiskTest, SavesTheBatchWhenASnapshotDoesNotFit) {
  Open();
  Append("one");
  ASSERT_TRUE(journal_->BeginSnapshot(2).ok());
  ASSERT_TRUE(journal_->AppendToSnapshot(std::string(200'000, 'c')).ok());
  vfs_.FailWrites(SQLITE_FULL, {.suffix = "-wal", .after = 20});
  // The chunk takes 50 pages; the batch alone would fit, once the transaction is begun anew.
  EXPECT_FALSE(journal_->Append(2, "two").ok());
  vfs_.Heal();
  ASSERT_TRUE(journal_->Append(2, "two").ok());
  const absl::Status status = journal_->FinishSnapshot();
  EXPECT_THAT(Message(status), HasSubstr("the snapshot is dropped"));
  const Held held = ReadAll(*journal_);
  EXPECT_THAT(held.chunks, IsEmpty());
  EXPECT_THAT(held.batches, ElementsAre("one", "two"));
}

TEST_F(FailingDiskTest, GoesOnWithoutCheckpointsForAWhileAndThenFails) {
  Open(/*checkpoint_pages=*/20);
  vfs_.FailWrites(SQLITE_IOERR_WRITE, {.suffix = ".db"});
  const std::string records(10'000, 'x');
  int stored = 0;
  absl::Status status;
  for (; stored < 1'000; ++stored) {
    status = journal_->Append(journal_->next_batch(), records);
    if (!status.ok()) break;
    if (stored <= 20) continue;
    EXPECT_FALSE(journal_->Tidy().ok()) << "the checkpoint fails";
  }
  EXPECT_THAT(Message(status), HasSubstr("checkpoint"));
  EXPECT_GT(stored, 20 * SqliteJournal::kMaxWalFactor / 5);
  EXPECT_LT(stored, 20 * SqliteJournal::kMaxWalFactor);
  vfs_.Heal();
  ASSERT_TRUE(journal_->Append(journal_->next_batch(), records).ok());
  EXPECT_EQ(ReadAll(*journal_).batches.size(), static_cast<std::size_t>(stored) + 1);
}

}  // namespace
}  // namespace muster::journal
