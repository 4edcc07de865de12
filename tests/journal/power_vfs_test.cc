#include "tests/journal/power_vfs.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace muster::journal {
namespace {

namespace fs = std::filesystem;

class Connection {
 public:
  Connection(const PowerVfs& vfs, const std::string& path) {
    open_result_ = sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                   vfs.name().c_str());
    sqlite3_extended_result_codes(db_, 1);
  }
  ~Connection() { EXPECT_EQ(sqlite3_close(db_), SQLITE_OK); }

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int open_result() const { return open_result_; }

  int Run(const std::string& sql) {
    return sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  }

  // The first column of each row, or none when the query fails.
  std::optional<std::vector<std::string>> Column(const std::string& sql) {
    std::vector<std::string> column;
    const auto add = [](void* to, int, char** values, char**) {
      static_cast<std::vector<std::string>*>(to)->emplace_back(values[0] ? values[0] : "NULL");
      return 0;
    };
    if (sqlite3_exec(db_, sql.c_str(), add, &column, nullptr) != SQLITE_OK) return std::nullopt;
    return column;
  }

  std::string Value(const std::string& sql) {
    const auto column = Column(sql);
    return column && column->size() == 1 ? column->front() : "no value";
  }

 private:
  sqlite3* db_ = nullptr;
  int open_result_;
};

std::string MakeDirectory() {
  std::string path = testing::TempDir() + "power_vfs_XXXXXX";
  EXPECT_NE(mkdtemp(path.data()), nullptr);
  return path;
}

class PowerVfsTest : public testing::Test {
 protected:
  ~PowerVfsTest() override { fs::remove_all(directory_); }

  std::string Path(const std::string& file) const { return directory_ + "/" + file; }

  // A database with the empty table t, all of it on the disk, and nobody connected.
  void MakeDatabase(const std::string& path) {
    Connection db(vfs_, path);
    ASSERT_EQ(db.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                     "CREATE TABLE t (id INTEGER PRIMARY KEY, filler BLOB)"),
              SQLITE_OK);
  }

  std::unique_ptr<Connection> Open(const std::string& path, const std::string& pragmas = "") {
    auto db = std::make_unique<Connection>(vfs_, path);
    EXPECT_EQ(db->open_result(), SQLITE_OK);
    EXPECT_EQ(db->Run(pragmas), SQLITE_OK);
    return db;
  }

  int64_t Uniform(int64_t from, int64_t to) {
    return std::uniform_int_distribution<int64_t>(from, to)(random_);
  }

  void CutWhileInserting(Connection& db);
  bool KeptAllCommitted(Connection& db) const;

  const std::string directory_ = MakeDirectory();
  PowerVfs vfs_{directory_};  // a path makes a unique name
  std::mt19937_64 random_{20261121};
  std::vector<int64_t> committed_;  // ascending
  int64_t next_id_ = 1;
};

// Inserts on a thread, a transaction for each row, notes in committed_ those that SQLite confirms,
// and cuts the power after a random number of writes, be it amidst a checkpoint.
void PowerVfsTest::CutWhileInserting(Connection& db) {
  std::atomic<bool> failed = false;
  const int64_t cut_at_writes = vfs_.writes() + Uniform(1, 120);
  std::thread inserting([&] {
    while (true) {
      const int64_t id = next_id_++;
      const std::string values = std::to_string(id) + ", randomblob(300)";
      if (db.Run("INSERT INTO t VALUES (" + values + ")") != SQLITE_OK) break;
      committed_.push_back(id);
    }
    failed = true;
  });
  while (vfs_.writes() < cut_at_writes && !failed) std::this_thread::yield();
  EXPECT_FALSE(failed) << "inserts fail with the power on";
  vfs_.Cut(random_);
  inserting.join();
}

bool PowerVfsTest::KeptAllCommitted(Connection& db) const {
  const auto ids = db.Column("SELECT id FROM t ORDER BY id");
  if (!ids) return false;
  std::vector<int64_t> kept;
  for (const std::string& id : *ids) kept.push_back(std::stoll(id));
  return std::ranges::includes(kept, committed_);
}

TEST_F(PowerVfsTest, FullSynchronousWalKeepsAllCommittedRowsOverCuts) {
  std::string path;
  size_t committed = 0;
  for (int i = 0; i < 300; ++i) {
    if (i % 25 == 0) {  // many cuts on one database, and never a large one
      path = Path(std::to_string(i) + ".db");
      MakeDatabase(path);
      committed += std::exchange(committed_, {}).size();
    }
    auto db = Open(path, "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16");
    CutWhileInserting(*db);
    // Whether the dead connection is closed before or after must not matter.
    if (Uniform(0, 1) == 0) db.reset();
    vfs_.PowerOn();
    const auto after = Open(path);
    ASSERT_TRUE(KeptAllCommitted(*after)) << "cut " << i;
    ASSERT_EQ(after->Value("PRAGMA integrity_check"), "ok") << "cut " << i;
  }
  EXPECT_GT(committed, 300u);
}

TEST_F(PowerVfsTest, NormalSynchronousWalLosesRowsButStaysWhole) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  int losses = 0;
  for (int i = 0; i < 100; ++i) {
    auto db = Open(path, "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16");
    CutWhileInserting(*db);
    vfs_.PowerOn();
    const auto after = Open(path);
    ASSERT_EQ(after->Value("PRAGMA integrity_check"), "ok") << "cut " << i;
    if (!KeptAllCommitted(*after)) ++losses;
    committed_.clear();
  }
  EXPECT_GT(losses, 0);
}

TEST_F(PowerVfsTest, WithoutSyncsCommittedRowsAreLostAtSomeCut) {
  bool lost = false;
  for (int i = 0; i < 100 && !lost; ++i) {
    const std::string path = Path(std::to_string(i) + ".db");
    MakeDatabase(path);
    committed_.clear();
    auto db = Open(path, "PRAGMA synchronous = OFF");
    CutWhileInserting(*db);
    vfs_.PowerOn();
    lost = !KeptAllCommitted(*Open(path));
  }
  EXPECT_TRUE(lost);
}

// The commit of a rollback journal is its deletion, which only EXTRA makes certain.
TEST_F(PowerVfsTest, ExtraSynchronousRollbackJournalKeepsAllCommittedRowsOverCuts) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  ASSERT_EQ(Open(path)->Value("PRAGMA journal_mode = DELETE"), "delete");
  for (int i = 0; i < 60; ++i) {
    auto db = Open(path, "PRAGMA synchronous = EXTRA");
    CutWhileInserting(*db);
    vfs_.PowerOn();
    const auto after = Open(path);
    ASSERT_TRUE(KeptAllCommitted(*after)) << "cut " << i;
    ASSERT_EQ(after->Value("PRAGMA integrity_check"), "ok") << "cut " << i;
  }
}

TEST_F(PowerVfsTest, ADeleteComesUndoneUnlessItsDirectoryIsSynced) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  ASSERT_EQ(Open(path)->Value("PRAGMA journal_mode = DELETE"), "delete");
  int losses = 0;
  for (int i = 0; i < 60; ++i) {
    auto db = Open(path, "PRAGMA synchronous = FULL");
    const std::string id = std::to_string(next_id_++);
    ASSERT_EQ(db->Run("INSERT INTO t VALUES (" + id + ", NULL)"), SQLITE_OK);
    vfs_.Cut(random_);
    vfs_.PowerOn();
    const auto after = Open(path);
    if (after->Value("SELECT count(*) FROM t WHERE id = " + id) == "0") ++losses;
    ASSERT_EQ(after->Value("PRAGMA integrity_check"), "ok") << "cut " << i;
  }
  EXPECT_GT(losses, 0);
  EXPECT_LT(losses, 60);
}

TEST_F(PowerVfsTest, ANewDatabaseMayVanishUntilItsFirstSync) {
  std::set<bool> exists;
  for (int i = 0; i < 30; ++i) {
    const std::string path = Path(std::to_string(i) + ".db");
    auto db = Open(path, "PRAGMA synchronous = OFF; CREATE TABLE t (id)");
    vfs_.Cut(random_);
    exists.insert(fs::exists(path));
    vfs_.PowerOn();
  }
  EXPECT_EQ(exists, (std::set<bool>{false, true}));
}

TEST_F(PowerVfsTest, ReadsSeeUnsyncedWritesOfAnotherConnection) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  auto writer = Open(path, "PRAGMA synchronous = OFF");
  auto reader = Open(path);
  EXPECT_EQ(vfs_.pending_bytes(), 0);
  const int64_t syncs = vfs_.syncs();
  ASSERT_EQ(writer->Run("INSERT INTO t VALUES (7, NULL)"), SQLITE_OK);
  EXPECT_GE(vfs_.pending_bytes(), 4096);
  EXPECT_EQ(vfs_.syncs(), syncs);
  EXPECT_EQ(reader->Value("SELECT id FROM t"), "7");
  // The table alone, before its file is synced, is no more than what was synced before.
  ASSERT_EQ(writer->Run("PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_OK);
  EXPECT_EQ(reader->Value("SELECT id FROM t"), "7");
  EXPECT_GE(vfs_.pending_bytes(), 4096);
}

TEST_F(PowerVfsTest, AFileExistsBeforeItsBytesAreSynced) {
  const std::string path = Path("a.db");
  const auto exists = [&] {
    sqlite3_vfs* const vfs = sqlite3_vfs_find(vfs_.name().c_str());
    int result = -1;
    EXPECT_EQ(vfs->xAccess(vfs, path.c_str(), SQLITE_ACCESS_EXISTS, &result), SQLITE_OK);
    return result;
  };
  EXPECT_EQ(exists(), 0);
  auto db = Open(path, "PRAGMA synchronous = OFF; CREATE TABLE t (id)");
  EXPECT_EQ(fs::file_size(path), 0u);
  EXPECT_EQ(exists(), 1);
}

TEST_F(PowerVfsTest, AnsweringACommitHasSyncedTheWal) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  auto db = Open(path, "PRAGMA synchronous = FULL");
  const int64_t syncs = vfs_.syncs();
  const int64_t writes = vfs_.writes();
  ASSERT_EQ(db->Run("INSERT INTO t VALUES (1, NULL)"), SQLITE_OK);
  EXPECT_GT(vfs_.syncs(), syncs);
  EXPECT_GT(vfs_.writes(), writes);
  EXPECT_EQ(vfs_.pending_bytes(), 0);
}

TEST_F(PowerVfsTest, TwoConnectionsShareADatabaseAndItsLocks) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  auto one = Open(path);
  auto two = Open(path);
  ASSERT_EQ(one->Run("BEGIN IMMEDIATE; INSERT INTO t VALUES (1, NULL)"), SQLITE_OK);
  EXPECT_EQ(two->Run("INSERT INTO t VALUES (2, NULL)"), SQLITE_BUSY);
  EXPECT_EQ(two->Value("SELECT count(*) FROM t"), "0");
  ASSERT_EQ(one->Run("COMMIT"), SQLITE_OK);
  EXPECT_EQ(two->Run("INSERT INTO t VALUES (2, NULL)"), SQLITE_OK);
  EXPECT_EQ(one->Value("SELECT count(*) FROM t"), "2");
  EXPECT_EQ(two->Value("PRAGMA wal_checkpoint(TRUNCATE)"), "0");
  EXPECT_EQ(one->Value("SELECT count(*) FROM t"), "2");
}

TEST_F(PowerVfsTest, ACutEndsAllThatIsOpenForEver) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  auto dead = Open(path);
  ASSERT_EQ(dead->Run("BEGIN IMMEDIATE; INSERT INTO t VALUES (1, NULL)"), SQLITE_OK);
  ASSERT_TRUE(fs::exists(path + "-shm"));
  vfs_.Cut(random_);
  EXPECT_FALSE(fs::exists(path + "-shm"));
  EXPECT_EQ(dead->Run("COMMIT") & 0xff, SQLITE_IOERR);
  EXPECT_EQ(Connection(vfs_, path).open_result(), SQLITE_IOERR);
  vfs_.PowerOn();
  EXPECT_NE(dead->Run("INSERT INTO t VALUES (1, NULL)"), SQLITE_OK);

  // The dead one's locks hold nobody up, and its closing takes nothing from the living.
  auto db = Open(path);
  ASSERT_EQ(db->Run("BEGIN IMMEDIATE; INSERT INTO t VALUES (2, NULL)"), SQLITE_OK);
  dead.reset();
  EXPECT_EQ(Open(path)->Run("BEGIN IMMEDIATE"), SQLITE_BUSY);
  ASSERT_EQ(db->Run("COMMIT"), SQLITE_OK);
  EXPECT_EQ(Open(path)->Value("SELECT id FROM t"), "2");
}

size_t OpenDescriptors() {
  return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
}

TEST_F(PowerVfsTest, ClosingWhatACutEndedGivesItsDescriptorsBack) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  const size_t before = OpenDescriptors();
  auto db = Open(path);
  ASSERT_EQ(db->Run("INSERT INTO t VALUES (1, NULL)"), SQLITE_OK);
  ASSERT_GT(OpenDescriptors(), before);
  vfs_.Cut(random_);
  db.reset();
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST_F(PowerVfsTest, FailingWritesFailTheStatementUntilHealed) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  auto db = Open(path);
  for (const int error : {SQLITE_FULL, SQLITE_IOERR_WRITE}) {
    vfs_.FailWrites(error);
    EXPECT_EQ(db->Run("INSERT INTO t VALUES (1, NULL)"), error);
    EXPECT_EQ(db->Value("SELECT count(*) FROM t"), "0");
  }
  vfs_.Heal();
  EXPECT_EQ(db->Run("INSERT INTO t VALUES (1, NULL)"), SQLITE_OK);
  EXPECT_EQ(db->Value("SELECT count(*) FROM t"), "1");
}

TEST_F(PowerVfsTest, AFaultLetsAsManyCallsPassAsItIsTold) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  auto db = Open(path, "PRAGMA synchronous = FULL");
  ASSERT_EQ(db->Run("INSERT INTO t VALUES (1, NULL)"), SQLITE_OK);  // writes the WAL's header
  vfs_.FailSyncs(SQLITE_IOERR_FSYNC, {.suffix = "-wal", .after = 2});
  EXPECT_EQ(db->Run("INSERT INTO t VALUES (2, NULL)"), SQLITE_OK);
  EXPECT_EQ(db->Run("INSERT INTO t VALUES (3, NULL)"), SQLITE_OK);
  EXPECT_EQ(db->Run("INSERT INTO t VALUES (4, NULL)"), SQLITE_IOERR_FSYNC);
  EXPECT_EQ(db->Run("INSERT INTO t VALUES (5, NULL)"), SQLITE_IOERR_FSYNC);
}

TEST_F(PowerVfsTest, FailingSyncsFailTheCommit) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  auto db = Open(path, "PRAGMA synchronous = FULL");
  vfs_.FailSyncs(SQLITE_IOERR_FSYNC);
  ASSERT_EQ(db->Run("BEGIN; INSERT INTO t VALUES (1, NULL)"), SQLITE_OK);
  EXPECT_EQ(db->Run("COMMIT"), SQLITE_IOERR_FSYNC);
  db->Run("ROLLBACK");
  vfs_.Heal();
  EXPECT_EQ(db->Run("INSERT INTO t VALUES (2, NULL)"), SQLITE_OK);
  EXPECT_EQ(db->Value("SELECT id FROM t"), "2");

  vfs_.Cut(random_);
  vfs_.PowerOn();
  EXPECT_EQ(Open(path)->Value("SELECT id FROM t"), "2");
}

TEST_F(PowerVfsTest, FailingReadsFailTheQuery) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  auto db = Open(path);
  vfs_.FailReads(SQLITE_IOERR_READ, {.suffix = ".db"});
  EXPECT_EQ(db->Run("SELECT * FROM t"), SQLITE_IOERR_READ);
  vfs_.Heal();
  EXPECT_EQ(db->Run("SELECT * FROM t"), SQLITE_OK);
}

TEST_F(PowerVfsTest, FailingWritesOrSyncsOfTheDatabaseFailCheckpointsButNotCommits) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  auto db = Open(path, "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1");
  vfs_.FailWrites(SQLITE_FULL, {.suffix = ".db"});
  EXPECT_EQ(db->Run("INSERT INTO t VALUES (1, NULL)"), SQLITE_OK);
  EXPECT_EQ(db->Run("PRAGMA wal_checkpoint"), SQLITE_FULL);
  vfs_.Heal();
  vfs_.FailSyncs(SQLITE_IOERR_FSYNC, {.suffix = ".db"});
  EXPECT_EQ(db->Run("INSERT INTO t VALUES (2, NULL)"), SQLITE_OK);
  EXPECT_EQ(db->Run("PRAGMA wal_checkpoint"), SQLITE_IOERR_FSYNC);
  vfs_.Heal();
  EXPECT_EQ(db->Run("PRAGMA wal_checkpoint"), SQLITE_OK);
  EXPECT_EQ(db->Value("SELECT count(*) FROM t"), "2");
}

TEST_F(PowerVfsTest, FailingTruncatesFailACheckpointThatTruncates) {
  const std::string path = Path("a.db");
  MakeDatabase(path);
  auto db = Open(path);
  ASSERT_EQ(db->Run("INSERT INTO t VALUES (1, NULL)"), SQLITE_OK);
  vfs_.FailTruncates(SQLITE_IOERR_TRUNCATE, {.suffix = "-wal"});
  EXPECT_EQ(db->Run("PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_IOERR_TRUNCATE);
  vfs_.Heal();
  EXPECT_EQ(db->Run("PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_OK);
}

TEST_F(PowerVfsTest, TemporaryTablesOnDiskWork) {
  auto db = Open(Path("a.db"), "PRAGMA temp_store = FILE; PRAGMA temp.cache_size = 1");
  ASSERT_EQ(db->Run("CREATE TEMP TABLE s (b); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
                    "i + 1 FROM n WHERE i < 2000) INSERT INTO s SELECT randomblob(500) FROM n"),
            SQLITE_OK);
  EXPECT_EQ(db->Value("SELECT count(DISTINCT b) FROM s"), "2000");
}

}  // namespace
}  // namespace muster::journal
