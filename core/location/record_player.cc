#include "muster/core/record_player.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "location/shards.h"
#include "muster/core/hash.h"
#include "table/change_record.h"

namespace muster::core {

absl::Status RecordPlayer::Play(std::string_view records, absl::Time now, Share share) {
  std::string_view left = records;
  ChangeRecord record;
  while (!left.empty()) {
    if (!ReadRecord(left, record)) {
      return absl::DataLossError(absl::StrCat("the record at byte ", records.size() - left.size(),
                                              " of ", records.size(), " makes no sense"));
    }
    if (record.kind == ChangeKind::kServer) {
      if (record.server >= servers_.size()) servers_.resize(record.server + std::size_t{1});
      servers_[record.server] = location_->servers().Add(
          {record.node_id, std::string(record.node_name), std::string(record.address)});
      continue;
    }
    if (share.of == 0) continue;
    const std::uint64_t hash = HashText(record.aor);
    Shards& shards = *location_->shards_;
    if (shards.IndexOf(hash) % share.of != share.index) continue;
    if (record.binding.server < servers_.size()) {
      record.binding.server = servers_[record.binding.server];
    }
    shards.Of(hash).Apply(record, hash, now);
  }
  return absl::OkStatus();
}

}  // namespace muster::core
