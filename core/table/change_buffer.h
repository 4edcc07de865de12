#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "muster/core/change_set.h"
#include "muster/core/commits.h"
#include "muster/core/location_service.h"
#include "table/row_store.h"
#include "table/tombstones.h"

namespace muster::core {

/// Writes the changes of a shard down until a batch takes them, and with each what takes it back.
/// Confined to the shard's lock.
class ChangeBuffer {
 public:
  /// Beyond `max_bytes`, of what is written and of what takes it back, the buffer is behind.
  explicit ChangeBuffer(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// From now on; before, nothing is written.
  void Start(BatchNumber first) {
    recording_ = true;
    next_ = first;
  }

  JournalState state() const;

  /// The batch of the last change that was written here.
  BatchNumber last() const { return changes_.empty() ? last_ : next_; }

  /// To be called around each change.
  void Added(const RowStore& rows, std::uint32_t slot);
  void Replacing(const RowStore& rows, std::uint32_t slot, bool is_refresh,
                 const Binding& replacement);
  void Replaced(const RowStore& rows, std::uint32_t slot, bool is_refresh);
  void Removing(const RowStore& rows, std::uint32_t slot);
  void Burying(const Row& row, const Tombstones& tombstones, std::int64_t now_ns);

  /// Moves what was written into `taken`, and gives what comes from now on to the batch behind
  /// `batch`.
  void Take(BatchNumber batch, ShardChanges& taken);
  /// All that was written is taken back, and the journal takes nothing more for now.
  void Refuse() {
    refusing_ = true;
    last_ = 0;
  }
  void Accept() { refusing_ = false; }

 private:
  /// Keeps what `write` writes as what takes the change under way back.
  void TakeBack(absl::FunctionRef<void(std::string& out)> write);

  const std::size_t max_bytes_;
  bool recording_ = false;
  bool refusing_ = false;
  BatchNumber next_ = 0;  // of the batch that will take what is written now
  BatchNumber last_ = 0;  // of the batch that took something last
  ShardChanges changes_;
};

}  // namespace muster::core
