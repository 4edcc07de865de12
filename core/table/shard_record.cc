#include "table/shard_record.h"

#include <algorithm>
#include <limits>

namespace muster::core {

ShardRecord::ShardRecord(const Aor& aor, std::int64_t now_ns, RowStore& rows,
                         const Tombstones& tombstones, BindingBudget& budget)
    : aor_(aor),
      now_ns_(now_ns),
      rows_(rows),
      tombstones_(tombstones),
      budget_(budget),
      slots_(rows.FindAor(aor.text(), aor.hash())) {
  const auto expired = std::partition(slots_.begin(), slots_.end(), [&](std::uint32_t slot) {
    return rows_.row(slot).expires_ns > now_ns;
  });
  for (auto slot = expired; slot != slots_.end(); ++slot) rows_.Remove(*slot);
  expired_ = static_cast<std::size_t>(slots_.end() - expired);
  budget_.Give(expired_);
  slots_.erase(expired, slots_.end());
  std::ranges::sort(slots_, {}, [&](std::uint32_t slot) { return rows_.row(slot).order; });
}

ShardRecord::~ShardRecord() { budget_.Give(held_room_); }

std::optional<std::uint32_t> ShardRecord::TombstoneCSeq(std::string_view call_id) const {
  return tombstones_.Find(aor_.text(), call_id, now_ns_);
}

bool ShardRecord::HasRoomFor(std::size_t count) const {
  if (count <= held_room_) return true;
  if (!budget_.TryTake(count - held_room_)) return false;
  held_room_ = count;
  return true;
}

void ShardRecord::Add(const Binding& binding) {
  if (held_room_ > 0) {
    --held_room_;
  } else {
    budget_.Take(1);
  }
  slots_.push_back(rows_.Add(aor_.text(), binding, NextOrder(), now_ns_));
}

void ShardRecord::Replace(std::size_t index, const Binding& binding) {
  rows_.Replace(slots_[index], binding, now_ns_);
}

void ShardRecord::Remove(std::size_t index) {
  rows_.Remove(slots_[index]);
  budget_.Give(1);
  slots_.erase(slots_.begin() + static_cast<std::ptrdiff_t>(index));
}

std::uint32_t ShardRecord::NextOrder() {
  if (slots_.empty()) return 0;
  const std::uint32_t last = rows_.row(slots_.back()).order;
  if (last < std::numeric_limits<std::uint32_t>::max()) return last + 1;
  std::uint32_t order = 0;
  for (const std::uint32_t slot : slots_) rows_.row(slot).order = order++;
  return order;
}

}  // namespace muster::core
