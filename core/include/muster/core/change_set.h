#pragma once

// The changes of one batch, on their way from the location service to the journal.

#include <cstddef>
#include <string>
#include <vector>

namespace muster::core {

/// Of one shard.
struct ShardChanges {
  std::string records;    // for the journal
  std::string take_back;  // for LocationService::TakeBack; each record followed by its size
  std::size_t count = 0;  // of changes

  bool empty() const { return records.empty(); }
  void Clear() {
    records.clear();
    take_back.clear();
    count = 0;
  }
};

/// Use one again and again: it keeps its memory. Thread-compatible.
struct ChangeSet {
  std::vector<ShardChanges> shards;
  std::string records;             // all of them, for the journal
  std::size_t count = 0;           // of changes
  std::size_t servers_before = 0;  // that had been written down before this batch
};

}  // namespace muster::core
