#pragma once

// The location service: who is registered where (RFC 3261 10). It holds bindings and answers
// questions about them; what a REGISTER may do to them is the Registrar's to decide.
//
// Thread-safe. Bindings live in shards chosen by the AoR's hash, one lock each, never two held at
// once; all bindings of an AoR live in one shard, so that one REGISTER takes one lock once. Time is
// always given by the caller: a binding whose expires_at is not after `now` is in no answer, swept
// or not. Iterating over shards is no snapshot of all; a row that lives through a whole walk is
// seen exactly once by it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "muster/core/aor.h"
#include "muster/core/binding.h"
#include "muster/core/binding_filter.h"
#include "muster/core/change_set.h"
#include "muster/core/commits.h"
#include "muster/core/limits.h"

namespace muster::core {

/// The servers whose bindings are held: ids are dense, and never forgotten. At most 1,024; beyond
/// them Add gives id 0. Thread-safe.
class ServerRegistry {
 public:
  static constexpr std::size_t kMaxServers = 1'024;

  ServerRegistry();
  ~ServerRegistry();
  /// The id of `server`, new if it has none yet.
  ServerId Add(const Server& server);
  /// A copy; an empty Server for an id never given.
  Server Get(ServerId id) const;
  std::size_t size() const;
  /// Ids whose node id (as decimal), node name (case ignored) or address (by value) is `text`.
  std::vector<ServerId> Find(std::string_view text) const;
  /// Ids whose node name (case ignored) or address, as text, begins with `text`.
  std::vector<ServerId> FindByPrefix(std::string_view text) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether the journal takes changes.
enum class JournalState : std::uint8_t {
  kOpen,
  kFailing,  // what it was given last could not be stored, and is undone
  kBehind,   // Limits::max_uncommitted_bytes wait for it
};

/// The bindings of one AoR while its shard is locked: the handle that LocationService::Edit lends
/// to its callback. Expired bindings are not among them. Confined to the callback.
class Record {
 public:
  virtual ~Record() = default;
  /// Bindings, in the order of their first registration.
  virtual std::size_t size() const = 0;
  /// Lives, as its views do, until the next edit of this record, at most to the end of the
  /// callback.
  virtual const Binding& at(std::size_t index) const = 0;
  /// CSeq of the tombstone that a removal by API left for this AoR and Call-ID, if any.
  virtual std::optional<std::uint32_t> TombstoneCSeq(std::string_view call_id) const = 0;
  /// False when `count` more bindings would exceed Limits::max_bindings. When true, the room is
  /// held for this record to the end of the callback. What has expired counts until it is swept.
  virtual bool HasRoomFor(std::size_t count) const = 0;
  /// To be asked before the first edit: unless it is kOpen there must be none.
  virtual JournalState journal_state() const = 0;

  /// Adds `binding` behind the others. Its aor and user are set by the record, registered_at when
  /// it is the epoch.
  virtual void Add(const Binding& binding) = 0;
  /// Replaces the binding at `index`, which keeps its place and its registered_at. When nothing but
  /// expires_at, updated_at and cseq differ, no index and no string is touched.
  virtual void Replace(std::size_t index, const Binding& binding) = 0;
  /// Removes the binding at `index`; those behind it move up.
  virtual void Remove(std::size_t index) = 0;
};

/// A place in row order: the order of shards and of the rows in them, stable as long as a row
/// lives.
struct RowPosition {
  std::uint32_t shard = 0;
  std::uint32_t row = 0;

  friend bool operator==(const RowPosition&, const RowPosition&) = default;
};

/// By one field; ties in row order. Rows without the field come first, or last when descending. By
/// kIp it is the source address, by kServer its address.
struct SortOrder {
  BindingField field;
  bool is_descending = false;
};

/// A number (a time is one too), or a text.
using FieldValue = std::variant<std::int64_t, std::string>;

/// Whether rows are put in order by a number, not by a text.
bool SortsByNumber(BindingField field);

/// A place in such an order; the key is what SortsByNumber says.
struct SortPlace {
  FieldValue key;
  RowPosition position;
};

/// Rows that have one value of a field.
struct Group {
  FieldValue value;
  std::size_t count = 0;
};
struct Groups {
  std::vector<Group> groups;  // most rows first, equal ones by value
  std::size_t without = 0;    // rows that have no value
  std::size_t total = 0;      // rows matched
  bool is_complete = true;    // false beyond Limits::max_groups different values
};

/// How a query is answered.
struct Explanation {
  struct Step {
    std::uint8_t field = 0;
    bool is_indexed = false;
    bool leads = false;    // in most shards: its rows are what the others are checked on
    bool is_told = false;  // by indexes, in some shard: its rows are joined with the leader's
    std::size_t rows = 0;  // that its index gives, negation left aside; 0 without one
  };
  std::vector<Step> steps;         // by condition
  std::size_t rows_at_most = 0;    // in the answer
  std::size_t rows_looked_at = 0;  // one by one, at most; 0 when indexes tell all
};

/// Copies of rows, taken under the lock and read without it. Reuse one for page after page.
class BindingPage {
 public:
  std::size_t size() const { return rows_.size(); }
  /// Views live until the page is cleared or filled again.
  const Binding& operator[](std::size_t index) const { return rows_[index]; }
  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }
  void Clear();

  // Of use to the location service, and to tests.
  /// Copies the binding's strings.
  void Append(const Binding& binding);
  /// Appends a binding whose strings live as long as the page.
  void AppendView(const Binding& binding) { rows_.push_back(binding); }
  /// Bytes that live until the page is cleared, at a multiple of eight.
  char* Take(std::size_t bytes);
  /// A copy that lives as long.
  std::string_view Keep(std::string_view text);

 private:
  static constexpr std::size_t kBlockBytes = 16'384;

  /// Stable storage for strings; kept over Clear().
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };

  /// Keeps `part`: in `copy` if it lies in `whole`, else by itself.
  std::string_view KeepPart(std::string_view part, std::string_view whole, std::string_view copy);

  std::vector<Binding> rows_;
  std::vector<Block> blocks_;
  std::size_t block_ = 0;       // the one being filled
  std::size_t block_used_ = 0;  // of it, in bytes
};

class Shards;

/// What LocationService::Remove has done.
struct Removal {
  std::size_t removed = 0;
  /// To be waited for before anybody is told.
  BatchNumber batch = 0;
  /// False when the journal failed: then some, or all, are still there.
  bool complete = true;
};

/// How far LocationService::CopyRecords has come.
struct RecordPosition {
  std::size_t shard = 0;
  std::uint32_t row = 0;
  bool rows_done = false;
  std::uint64_t tombstone = 0;

  friend bool operator==(const RecordPosition&, const RecordPosition&) = default;
};

class LocationService {
 public:
  /// `shards` is a power of two.
  explicit LocationService(const Limits& limits, std::size_t shards = 16);
  ~LocationService();

  LocationService(const LocationService&) = delete;
  LocationService& operator=(const LocationService&) = delete;

  /// Runs `edit` on the AoR's record under its shard's lock: everything it does is one atomic
  /// change. `edit` must be short, and must not call back into the location service. Returns the
  /// batch to wait for before anybody is told what it did, or what it saw.
  BatchNumber Edit(const Aor& aor, absl::Time now, absl::FunctionRef<void(Record&)> edit);

  /// The AoR's bindings, best q first, equal ones in order of registration.
  void Lookup(const Aor& aor, absl::Time now, BindingPage& page) const;

  /// Bindings that the filter means. Exact for the moments in which its blocks of 65,536 rows were
  /// counted. Explain says what it costs.
  std::size_t Count(const BindingFilter& filter, absl::Time now) const;

  /// Fills `page` with up to `max_rows` matching rows at or after `position` in row order, and
  /// moves `position` behind the last one. False when the walk is over (page may still hold rows).
  /// Holds no lock for more than Limits::rows_per_slice rows.
  bool Read(const BindingFilter& filter, absl::Time now, std::size_t max_rows,
            RowPosition& position, BindingPage& page) const;

  /// The place behind the first `count` matching rows in row order; at the end when there are not
  /// more. Where indexes tell all, it costs less than counting.
  RowPosition Skip(const BindingFilter& filter, absl::Time now, std::size_t count) const;

  /// Positions of the first `max_rows` matching rows in the order that stand behind `place`, which
  /// moves to the last of them; of the very first when it is nullopt. Fewer when the walk is over.
  /// Each call looks at all matching rows, in memory for twice `max_rows`. A row whose field
  /// changes between two calls moves in the order: such a walk may miss it, or see it twice.
  std::vector<RowPosition> Sort(const BindingFilter& filter, absl::Time now, const SortOrder& order,
                                std::size_t max_rows, std::optional<SortPlace>& place) const;
  /// Fills `page` with the rows at `positions` that still live and match.
  void ReadAt(std::span<const RowPosition> positions, const BindingFilter& filter, absl::Time now,
              BindingPage& page) const;

  /// Matching rows by the values that they have in `field`. Of fields with few values the cost is
  /// that of counting; of others each row is looked at.
  Groups GroupBy(const BindingFilter& filter, absl::Time now, BindingField field) const;

  Explanation Explain(const BindingFilter& filter, absl::Time now) const;

  /// Removes what the filter means, in slices, leaving tombstones: (AoR, Call-ID, CSeq) until the
  /// removed binding would have expired, so that a late replay of an old REGISTER does not bring it
  /// back. Blocks where there is more to remove than one batch takes.
  Removal Remove(const BindingFilter& filter, absl::Time now, Commits& commits);

  /// Frees what has expired by `now`, in slices. To be called every second or so; answers do not
  /// depend on it. Returns how many bindings have gone by expiry since the last call: some are
  /// freed earlier, where they are met.
  std::size_t Sweep(absl::Time now);

  // For the journal. A change is in the batch that Edit or Remove names; all of one AoR are in the
  // order in which they were made. All for one thread.

  /// From now on changes are written down, for batches from `first` on. Once, before there are
  /// other threads.
  void StartRecording(BatchNumber first);
  /// Moves all that was written down into `changes`. What follows goes into the next batch.
  void TakeChanges(BatchNumber batch, ChangeSet& changes);
  /// The batch could not be stored: takes back all changes that are in none, then those of
  /// `changes`; the former count as of the batch `last_failed`. From then on changes are refused.
  void TakeBack(BatchNumber last_failed, ChangeSet& changes, absl::Time now);
  void AcceptChanges();
  /// Appends records of all that is held to `out`, until there are `bytes` of them or a little
  /// more, from `position` on, which it moves. False when nothing follows. Servers are in what the
  /// first call appends. No snapshot of one moment: it becomes one when all records of batches that
  /// were taken since the beginning of the walk have been applied to it.
  bool CopyRecords(absl::Time now, std::size_t bytes, RecordPosition& position, std::string& out);

  ServerRegistry& servers();
  const ServerRegistry& servers() const;

  /// Bytes held by the table (rows, indexes, interned strings), roughly, for the metrics.
  std::size_t MemoryBytes() const;
  /// The most rows for which a reader, a removal or the sweep has held a shard's lock so far.
  std::size_t LongestHoldRows() const;

 private:
  friend class RecordPlayer;

  /// Appends records of the servers from that id on. Returns how many servers there are.
  std::size_t WriteServers(std::size_t from, std::string& out) const;

  /// By ServerId.
  std::vector<std::string> ServerAddresses() const;

  const std::size_t max_groups_;
  const std::unique_ptr<Shards> shards_;
  ServerRegistry servers_;
  std::size_t servers_written_ = 0;  // of those, in a batch; of the journal's thread
};

}  // namespace muster::core
