// What the location service does for the journal.

#include <utility>

#include "location/shards.h"
#include "muster/core/location_service.h"
#include "table/change_record.h"

namespace muster::core {

void LocationService::StartRecording(BatchNumber first) {
  for (const auto& shard : *shards_) shard->StartRecording(first);
  servers_written_ = 0;
}

void LocationService::TakeChanges(BatchNumber batch, ChangeSet& changes) {
  changes.shards.resize(shards_->size());
  changes.records.clear();
  changes.count = 0;
  for (std::size_t i = 0; i < shards_->size(); ++i) {
    (*shards_)[i].TakeChanges(batch, changes.shards[i]);
  }
  // After the shards, so that no binding in this batch has a server that is in none.
  changes.servers_before = servers_written_;
  servers_written_ = WriteServers(servers_written_, changes.records);
  for (const ShardChanges& shard : changes.shards) {
    changes.records += shard.records;
    changes.count += shard.count;
  }
}

void LocationService::TakeBack(BatchNumber last_failed, ChangeSet& changes, absl::Time now) {
  for (std::size_t i = 0; i < shards_->size(); ++i) {
    (*shards_)[i].TakeBack(last_failed, changes.shards[i], now);
  }
  servers_written_ = changes.servers_before;
}

void LocationService::AcceptChanges() {
  for (const auto& shard : *shards_) shard->AcceptChanges();
}

bool LocationService::CopyRecords(absl::Time now, std::size_t bytes, RecordPosition& position,
                                  std::string& out) {
  if (position == RecordPosition()) WriteServers(0, out);
  while (position.shard < shards_->size()) {
    const bool more = (*shards_)[position.shard].CopyRecords(now, position, out);
    if (!more) position = {.shard = position.shard + 1};
    // Only now: servers alone may be as many bytes, and a walk that stands still has no end.
    if (out.size() >= bytes) return position.shard < shards_->size();
  }
  return false;
}

std::size_t LocationService::WriteServers(std::size_t from, std::string& out) const {
  const std::size_t end = servers_.size();
  for (std::size_t id = from; id < end; ++id) {
    WriteServer(static_cast<ServerId>(id), servers_.Get(static_cast<ServerId>(id)), out);
  }
  return end;
}

}  // namespace muster::core
