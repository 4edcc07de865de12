#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "muster/core/journal.h"
#include "schema.h"
#include "sqlite.h"

namespace muster::journal {

/// A connection of its own, on the database as it was when it was opened.
class Reader final : public core::JournalReader {
 public:
  /// `salvage`: also a database that SQLite refuses as damaged, as far as it can be read.
  absl::Status Open(const std::string& file, const std::string& vfs, bool salvage = false);

  std::size_t chunks() const override { return static_cast<std::size_t>(snapshot_.chunks); }
  absl::StatusOr<std::string_view> ReadChunk(std::size_t index) override;
  absl::StatusOr<std::optional<std::string_view>> ReadBatch() override;

 private:
  absl::Status FindSnapshot(bool salvage);
  absl::Status CountChunks();
  void ReadFrom(std::int64_t number);
  absl::Status SkipUnreadable(const absl::Status& why);
  absl::Status AtEnd();

  Connection connection_;
  Snapshot snapshot_;
  Statement chunk_;
  Statement batch_;
  std::string oddity_;                    // of the snapshot, not reported yet
  bool begun_ = false;                    // to read batches
  bool ended_ = false;                    // reading them
  bool any_ = false;                      // batch was there
  bool behind_damage_ = false;            // a gap has been reported
  int damages_ = 0;                       // of batches
  std::int64_t last_ = 0;                 // batch that was read, or missed
  std::optional<std::string_view> kept_;  // behind a gap that is being reported
};

}  // namespace muster::journal
