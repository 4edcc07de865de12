#include "table/row_store.h"

#include <algorithm>
#include <new>
#include <utility>

#include "muster/core/hash.h"

namespace muster::core {
namespace {

constexpr auto kAor = static_cast<std::size_t>(BindingField::kAor);

}  // namespace

std::uint32_t RowStore::Add(std::string_view aor, const Binding& binding, std::uint64_t order,
                            std::int64_t registered_ns, std::int64_t now_ns) {
  RowPtr made = rows_.Make(aor, binding);
  made->order = order;
  made->registered_ns = registered_ns;
  const std::uint32_t slot = rows_.slots().Add(std::move(made));
  indexes_.Insert(slot);
  wheel_.Link(slot, now_ns);
  return slot;
}

bool IsRefresh(const Binding& before, const Binding& after) {
  return before.contact == after.contact && before.call_id == after.call_id &&
         before.instance == after.instance && before.user_agent == after.user_agent &&
         before.to_uri == after.to_uri && before.source_address == after.source_address &&
         before.server == after.server && before.path == after.path &&
         before.q_text == after.q_text && before.contact_uri == after.contact_uri &&
         before.instrument == after.instrument;
}

void RowStore::Replace(std::uint32_t slot, const Binding& binding, std::int64_t now_ns) {
  RowRoom room;
  const bool is_refresh = IsRefresh(ToBinding(slot, room), binding);
  is_refresh ? Refresh(slot, binding, now_ns) : Rewrite(slot, binding, now_ns);
}

void RowStore::Refresh(std::uint32_t slot, const Binding& binding, std::int64_t now_ns) {
  Row& row = rows_[slot];
  const std::int64_t expires_ns = row.expires_ns;
  const bool is_indexed_same = row.transport == binding.transport && row.reg_id == binding.reg_id;
  if (is_indexed_same) {
    row.SetRefreshed(binding);
  } else {
    indexes_.EraseValues(slot);
    row.SetRefreshed(binding);
    indexes_.InsertValues(slot);
  }
  if (row.expires_ns != expires_ns) wheel_.Moved(slot, now_ns);
}

void RowStore::Rewrite(std::uint32_t slot, const Binding& binding, std::int64_t now_ns) {
  const Row& old = rows_[slot];
  RowPtr made = rows_.Make(old.aor(), binding);
  made->order = old.order;
  made->registered_ns = old.registered_ns;
  made->wheel_next = old.wheel_next;
  made->wheel_previous = old.wheel_previous;
  made->wheel_bucket = old.wheel_bucket;

  const auto differ = indexes_.BeginChange(slot, *made);
  const RowPtr gone = rows_.slots().Exchange(slot, std::move(made));
  indexes_.EndChange(slot, differ);
  if (rows_[slot].expires_ns != gone->expires_ns) wheel_.Moved(slot, now_ns);
  rows_.Release(*gone);
}

void RowStore::Remove(std::uint32_t slot) {
  wheel_.Unlink(slot);
  indexes_.Erase(slot);
  rows_.Release(rows_[slot]);
  rows_.slots().Release(slot);
}

bool RowStore::SweepSlice(std::int64_t now_ns, std::size_t& budget, ExpiryWheel::Place& place,
                          std::size_t& removed) {
  return wheel_.SweepSlice(now_ns, budget, place, [&](std::uint32_t slot) {
    Remove(slot);
    ++removed;
  });
}

SlotList RowStore::FindAor(std::string_view aor, std::uint64_t hash) const {
  const KeyRows rows = indexes_.FindText(kAor, hash, aor);
  if (rows.set() == nullptr) return {rows.loose().begin(), rows.loose().end()};
  SlotList slots(rows.set()->size());
  rows.set()->CopyFrom(0, {slots.data(), slots.size()});
  return slots;
}

std::uint32_t RowStore::FindOrder(std::string_view aor, std::uint64_t hash,
                                  std::uint64_t order) const {
  for (const std::uint32_t slot : FindAor(aor, hash)) {
    if (rows_[slot].order == order) return slot;
  }
  return kNoSlot;
}

SlotList RowStore::FindAorByPreference(std::string_view aor, std::uint64_t hash) const {
  SlotList slots = FindAor(aor, hash);
  std::ranges::sort(slots, [&](std::uint32_t a, std::uint32_t b) {
    const int a_q = QThousandths(rows_[a].q_text());
    const int b_q = QThousandths(rows_[b].q_text());
    return a_q != b_q ? a_q > b_q : rows_[a].order < rows_[b].order;
  });
  return slots;
}

bool RowStore::Meets(std::uint32_t slot, const PreparedQuery& query, std::uint32_t told,
                     std::int64_t now_ns) const {
  const Row& row = rows_[slot];
  if (row.expires_ns <= now_ns) return false;
  for (std::size_t i = 0; i != query.size(); ++i) {
    if (!Selection::IsTold(told, i) && !rows_.Meets(row, query[i].condition())) return false;
  }
  return true;
}

void RowStore::CopyTo(std::uint32_t slot, BindingPage& page) const {
  const Row& row = rows_[slot];
  const Row& copy = row.CopyTo(page.Take(row.size()));
  RowRoom& room = *new (page.Take(sizeof(RowRoom))) RowRoom;
  Binding binding = copy.ToBinding(room);
  binding.user_agent = page.Keep(UserAgentOf(row));
  page.AppendView(binding);
}

std::size_t RowStore::MemoryBytes() const {
  return rows_.MemoryBytes() + indexes_.MemoryBytes() + wheel_.MemoryBytes();
}

}  // namespace muster::core
