#pragma once

// What the database looks like. A change of it, or of what the records say, is a new format.

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "sqlite.h"

namespace muster::journal {

/// "mstr": marks a database as muster's (SQLite's application_id).
inline constexpr std::int64_t kApplicationId = 0x6D737472;

/// Tables of an empty database. Rows of `snapshot` are whole snapshots, of which there is at most
/// one; the chunks of others are left over. `previous` is the number of the batch before, stored or
/// superfluous by now.
inline constexpr char kSchema[] = R"(
  CREATE TABLE batch(
    number INTEGER PRIMARY KEY, previous INTEGER NOT NULL, checksum INTEGER NOT NULL,
    records BLOB NOT NULL);
  CREATE TABLE chunk(id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, records BLOB NOT NULL);
  CREATE TABLE snapshot(
    id INTEGER PRIMARY KEY, next_batch INTEGER NOT NULL, chunks INTEGER NOT NULL,
    bytes INTEGER NOT NULL);
  CREATE TABLE trial(id INTEGER PRIMARY KEY, room BLOB NOT NULL);
)";

/// chunk.id: the snapshot above, the chunk's index below.
inline constexpr int kChunkBits = 32;
inline std::int64_t ChunkId(std::int64_t snapshot, std::size_t index) {
  return (snapshot << kChunkBits) + static_cast<std::int64_t>(index);
}

/// Of a row, whose id goes into it: a row in another's place is damage too.
std::int64_t Checksum(std::int64_t id, std::string_view records);

/// The newest whole snapshot; when there is none, one of nothing before the first batch.
struct Snapshot {
  std::int64_t id = 0;
  std::int64_t next_batch = 1;
  std::int64_t chunks = 0;
  std::int64_t bytes = 0;
};
absl::StatusOr<Snapshot> ReadSnapshot(Connection& connection);

/// Makes the tables in an empty database. Otherwise FailedPrecondition for a newer format, DataLoss
/// for somebody else's database, or tables that are not those.
absl::Status PrepareSchema(Connection& connection, bool read_only);

}  // namespace muster::journal
