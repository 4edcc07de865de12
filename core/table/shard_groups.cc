// What is said of many rows at once: groups, and how a query is answered.

#include <algorithm>
#include <optional>

#include "table/shard.h"

namespace muster::core {
namespace {

/// Groups the rows of a block of the selection.
bool GroupBlock(const Selection& selection, std::uint32_t block, const BindingRows& rows,
                const ValueIndex& index, BindingField field,
                absl::FunctionRef<bool(const Shard::GroupVisit&)> visitor) {
  BlockWords words;
  selection.Join(block, words);
  std::size_t without = CountBits(words);
  if (without == 0) return true;
  for (const auto& [value, set] : index.sets()) {
    const std::size_t count = set.CountIn(block, words);
    without -= count;
    if (count != 0 && !visitor({rows.ShownFor(field, value), count})) return false;
  }
  return without == 0 || visitor({std::nullopt, without});
}

/// Groups all rows: the sizes of the sets.
void GroupAll(const Selection& selection, const BindingRows& rows, const ValueIndex& index,
              BindingField field, absl::FunctionRef<bool(const Shard::GroupVisit&)> visitor) {
  std::size_t without = selection.most();
  for (const auto& [value, set] : index.sets()) {
    without -= set.size();
    if (!visitor({rows.ShownFor(field, value), set.size()})) return;
  }
  if (without != 0) visitor({std::nullopt, without});
}

}  // namespace

void Shard::GroupBy(const PreparedQuery& query, absl::Time now, BindingField field,
                    absl::FunctionRef<bool(const GroupVisit&)> visitor) {
  std::uint32_t from = 0;
  bool by_index = InfoOf(field).index == FieldIndex::kValues && SweepToCount(query, now);
  while (by_index) {
    PatientLock lock(mutex_);
    const Selection selection = rows_.Select(query);
    if (from >= selection.end()) return;
    const ValueIndex& index = rows_.indexes().values(static_cast<std::size_t>(field));
    // New values may have come meanwhile, or fewer rows be left than are joined.
    by_index = index.sets().size() <= rows_.indexes().kMostValues && selection.is_exact();
    if (!by_index) break;
    if (selection.is_all() && from == 0) {
      return GroupAll(selection, rows_.bindings(), index, field, visitor);
    }
    const std::uint32_t block = from / kBlockSlots;
    if (!GroupBlock(selection, block, rows_.bindings(), index, field, visitor)) return;
    from += kBlockSlots;
  }
  bool goes_on = true;
  const auto visit = [&](const Visit& row) {
    goes_on = visitor({row.rows.bindings().Shown(row.row, field), 1});
    return goes_on;
  };
  while (goes_on && VisitSlice(query, now, from, visit)) {
  }
}

std::optional<std::size_t> Shard::Explain(const PreparedQuery& query, Explanation& explanation) {
  PatientLock lock(mutex_);
  const Selection selection = rows_.Select(query);
  const std::uint32_t told = selection.told();
  for (std::size_t i = 0; i != query.size(); ++i) {
    const IndexRows rows = rows_.indexes().Find(query[i]);
    explanation.steps[i].is_indexed = rows.is_known;
    explanation.steps[i].is_told |= Selection::IsTold(told, i);
    if (rows.is_known) explanation.steps[i].rows += rows.size();
  }
  const std::size_t most = std::min(selection.most(), rows_.size());
  explanation.rows_at_most += most;
  if (!selection.is_exact()) explanation.rows_looked_at += most;
  return selection.leading_condition();
}

}  // namespace muster::core
