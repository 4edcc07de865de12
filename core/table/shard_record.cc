#include "table/shard_record.h"

#include <algorithm>

namespace muster::core {

ShardRecord::ShardRecord(const Aor& aor, std::int64_t now_ns, RowStore& rows,
                         const Tombstones& tombstones, BindingBudget& budget, ChangeBuffer& changes,
                         std::size_t max_rows)
    : aor_(aor),
      now_ns_(now_ns),
      rows_(rows),
      tombstones_(tombstones),
      budget_(budget),
      changes_(changes),
      max_rows_(max_rows),
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

const Binding& ShardRecord::at(std::size_t index) const {
  // Grows after an edit only: what was given before need not live on.
  if (shown_.size() < slots_.size()) {
    shown_.clear();
    shown_.resize(slots_.size());
  }
  Shown& shown = shown_[index];
  if (!shown.is_current) {
    shown.binding = rows_.ToBinding(slots_[index], shown.room);
    shown.is_current = true;
  }
  return shown.binding;
}

std::optional<std::uint32_t> ShardRecord::TombstoneCSeq(std::string_view call_id) const {
  const auto found = tombstones_.Find(aor_.text(), call_id, now_ns_);
  return found ? std::optional(found->cseq) : std::nullopt;
}

bool ShardRecord::HasRoomFor(std::size_t count) const {
  if (rows_.size() + count > max_rows_) return false;
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
  const std::int64_t registered_ns = binding.registered_at == absl::UnixEpoch()
                                         ? now_ns_
                                         : absl::ToUnixNanos(binding.registered_at);
  slots_.push_back(rows_.Add(aor_.text(), binding, NextOrder(), registered_ns, now_ns_));
  changes_.Added(rows_, slots_.back());
}

void ShardRecord::Replace(std::size_t index, const Binding& binding) {
  const std::uint32_t slot = slots_[index];
  const bool is_refresh = IsRefresh(at(index), binding);
  changes_.Replacing(rows_, slot, is_refresh, binding);
  if (is_refresh) {
    rows_.Refresh(slot, binding, now_ns_);
    rows_.row(slot).GetRefreshed(shown_[index].binding);
  } else {
    rows_.Rewrite(slot, binding, now_ns_);
    shown_[index].is_current = false;
  }
  changes_.Replaced(rows_, slot, is_refresh);
}

void ShardRecord::Remove(std::size_t index) {
  changes_.Removing(rows_, slots_[index]);
  rows_.Remove(slots_[index]);
  budget_.Give(1);
  slots_.erase(slots_.begin() + static_cast<std::ptrdiff_t>(index));
  for (std::size_t i = index; i < shown_.size(); ++i) shown_[i].is_current = false;
}

std::uint64_t ShardRecord::NextOrder() const {
  return slots_.empty() ? 0 : rows_.row(slots_.back()).order + 1;
}

}  // namespace muster::core
