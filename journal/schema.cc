#include "schema.h"

#include <xxhash.h>

#include "absl/strings/str_cat.h"
#include "muster/journal/sqlite_journal.h"

namespace muster::journal {
namespace {

absl::Status MakeTables(Connection& connection) {
  const std::string sql =
      absl::StrCat("BEGIN; PRAGMA application_id=", kApplicationId,
                   "; PRAGMA user_version=", kSqliteFormat, ";", kSchema, "COMMIT;");
  return connection.Execute(sql);
}

}  // namespace

std::int64_t Checksum(std::int64_t id, std::string_view records) {
  return static_cast<std::int64_t>(
      XXH3_64bits_withSeed(records.data(), records.size(), static_cast<XXH64_hash_t>(id)));
}

absl::StatusOr<Snapshot> ReadSnapshot(Connection& connection) {
  Statement statement;
  absl::Status status = connection.Prepare(
      "SELECT id, next_batch, chunks, bytes FROM snapshot ORDER BY id DESC LIMIT 1", statement);
  if (!status.ok()) return status;
  const auto row = statement.Step();
  if (!row.ok()) return row.status();
  if (!*row) return Snapshot{};
  const Snapshot snapshot{statement.Integer(0), statement.Integer(1), statement.Integer(2),
                          statement.Integer(3)};
  constexpr std::int64_t kMost = std::int64_t{1} << (63 - kChunkBits - 1);
  if (snapshot.id < 1 || snapshot.id > kMost || snapshot.next_batch < 1 || snapshot.chunks < 0) {
    return absl::DataLossError(
        absl::StrCat(connection.file(), ": the snapshot's row makes no sense"));
  }
  return snapshot;
}

namespace {

absl::Status CheckTables(Connection& connection) {
  for (const char* const sql :
       {"SELECT number, previous, checksum, records FROM batch",
        "SELECT id, checksum, records FROM chunk",
        "SELECT id, next_batch, chunks, bytes FROM snapshot", "SELECT id, room FROM trial"}) {
    Statement statement;
    if (absl::Status status = connection.Prepare(sql, statement); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status PrepareSchema(Connection& connection, bool read_only) {
  const auto format = connection.Value("PRAGMA user_version");
  if (!format.ok()) return format.status();
  const auto application = connection.Value("PRAGMA application_id");
  if (!application.ok()) return application.status();
  const auto tables = connection.Value("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) return tables.status();
  if (*tables == 0 && !read_only) return MakeTables(connection);
  if (*application != kApplicationId) {
    return absl::DataLossError(
        absl::StrCat(connection.file(), ": this is no database of muster's"));
  }
  if (*format > kSqliteFormat) {
    return absl::FailedPreconditionError(
        absl::StrCat(connection.file(), ": written by a newer version of muster (format ", *format,
                     ", this one reads up to ", kSqliteFormat, ")"));
  }
  return CheckTables(connection);
}

}  // namespace muster::journal
