#pragma once

// The journal: where batches of changes are kept, in order, and snapshots of the table that make
// old batches superfluous. What is in them is the location service's business (see
// change_record.h); the journal keeps bytes.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "muster/core/commits.h"

namespace muster::core {

/// Reads what is stored: the chunks of the newest whole snapshot, in any order, then the batches
/// behind it. Confined to one thread; others may have readers of their own.
class JournalReader {
 public:
  virtual ~JournalReader() = default;

  virtual std::size_t chunks() const = 0;
  /// Views live until the next call. DataLoss names the file and what is damaged in it; others may
  /// still be read.
  virtual absl::StatusOr<std::string_view> ReadChunk(std::size_t index) = 0;
  /// The next batch, nullopt behind the last one. After DataLoss the next call goes on behind the
  /// damage.
  virtual absl::StatusOr<std::optional<std::string_view>> ReadBatch() = 0;
};

/// Confined to one thread at a time, but for OpenReader.
class Journal {
 public:
  virtual ~Journal() = default;

  /// Stores a batch, and returns when it is as durable as this journal promises. After an error
  /// nothing of it is kept. Numbers ascend; one that has failed may come again. Empty `records` are
  /// a trial.
  virtual absl::Status Append(BatchNumber number, std::string_view records) = 0;

  /// Begins a snapshot, in place of one that was begun and not finished. It will hold the state
  /// after all batches before `next`, or a later one.
  virtual absl::Status BeginSnapshot(BatchNumber next) = 0;
  /// Durable with the next Append at the latest. An Append that succeeds without the chunks that
  /// came before it drops the snapshot: the next chunk, or FinishSnapshot, gets an error.
  virtual absl::Status AppendToSnapshot(std::string_view chunk) = 0;
  /// Makes it the newest one. What it makes superfluous goes, bit by bit, with coming calls.
  virtual absl::Status FinishSnapshot() = 0;
  /// Does a piece of work that can wait: deletes what is superfluous, copies what is to be copied.
  /// False when there is none left. Durable with the next Append; an error leaves it to be done.
  virtual absl::StatusOr<bool> Tidy() = 0;

  /// The number of the first batch that has not been stored.
  virtual BatchNumber next_batch() const = 0;
  /// Bytes of records behind the newest snapshot, and of that snapshot.
  virtual std::uint64_t tail_bytes() const = 0;
  virtual std::uint64_t snapshot_bytes() const = 0;
  /// Bytes on disk, for the metrics.
  virtual std::uint64_t disk_bytes() const = 0;

  /// Of what is stored at this moment.
  virtual absl::StatusOr<std::unique_ptr<JournalReader>> OpenReader() = 0;
};

}  // namespace muster::core
