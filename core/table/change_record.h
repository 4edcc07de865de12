#pragma once

// How changes are written down: in batches of the journal, in its snapshots, and, the other way
// round, for taking them back.
//
// A record says what is the case from now on, not what to do: a binding is named by its AoR and its
// order among the AoR's bindings, and applying a record twice is applying it once. So a snapshot
// may be copied while the table changes, as long as every record from its beginning on is applied
// to it.
//
//   offset  bytes
//   0       4      size of the record, these included
//   4       1      kind
//   5       2      size of the AoR
//   7              AoR, then what the kind has
//
// Numbers are little-endian. A text is its size in two bytes, then its bytes. What is written here
// reaches the disk: a change of it is a new kSqliteFormat (journal/).

#include <cstdint>
#include <string>
#include <string_view>

#include "muster/core/binding.h"
#include "table/row.h"

namespace muster::core {

enum class ChangeKind : std::uint8_t {  // stored: never renumber
  kPut = 1,                             // the binding is this
  kRefresh = 2,                         // what a refresh sets is this; nothing else has changed
  kRemove = 3,                          // there is no such binding
  kBury = 4,                            // there is this tombstone
  kServer = 5,  // bindings behind this record have this server under this id
  kUnbury = 6,  // there is no such tombstone; only for taking back, never stored
};

/// A record as views on the bytes that it was read from. Which members count depends on the kind.
struct ChangeRecord {
  ChangeKind kind = ChangeKind::kPut;
  std::string_view aor;
  std::uint64_t order = 0;     // kPut, kRefresh, kRemove
  Binding binding;             // kPut: all but aor and user. kRefresh: what Row::SetRefreshed sets
  std::string_view call_id;    // kBury, kUnbury
  std::uint32_t cseq = 0;      // kBury
  std::int64_t until_ns = 0;   // kBury
  ServerId server = 0;         // kServer: the id that records say
  std::uint32_t node_id = 0;   // kServer
  std::string_view node_name;  // kServer
  std::string_view address;    // kServer
};

void WritePut(const Row& row, std::string_view user_agent, std::string& out);
void WriteRefresh(const Row& row, std::string& out);
void WriteRemove(std::string_view aor, std::uint64_t order, std::string& out);
void WriteBury(std::string_view aor, std::string_view call_id, std::uint32_t cseq,
               std::int64_t until_ns, std::string& out);
void WriteUnbury(std::string_view aor, std::string_view call_id, std::string& out);
void WriteServer(ServerId id, const Server& server, std::string& out);

/// Takes the first record off `bytes`. False when they begin with none that is whole and makes
/// sense; then `bytes` is as it was.
bool ReadRecord(std::string_view& bytes, ChangeRecord& record);

}  // namespace muster::core
