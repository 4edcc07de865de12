#include "table/row_store.h"

#include <algorithm>
#include <utility>

#include "muster/core/hash.h"

namespace muster::core {
namespace {

using Field = BindingFilter::Field;

/// Indexes use the lower half; shards are chosen by the top bits.
std::uint32_t IndexHash(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }

std::uint32_t TextKey(std::string_view text) { return IndexHash(HashText(text)); }

void KeepLowest(std::size_t count, std::vector<std::uint32_t>& slots) {
  if (slots.size() <= count) return;
  std::ranges::nth_element(slots, slots.begin() + static_cast<std::ptrdiff_t>(count));
  slots.resize(count);
}

}  // namespace

std::uint32_t RowStore::Add(std::string_view aor, const Binding& binding, std::uint64_t order,
                            std::int64_t registered_ns, std::int64_t now_ns) {
  RowPtr made = Row::Make(aor, binding, user_agents_.Acquire(binding.user_agent));
  made->order = order;
  made->registered_ns = registered_ns;
  row_bytes_ += made->size();
  const std::uint32_t slot = slots_.Add(std::move(made));
  const Row& row = slots_[slot];

  by_aor_.Insert(TextKey(row.aor()), slot,
                 [&](std::uint32_t other) { return slots_[other].aor() == row.aor(); });
  if (!row.user().empty()) {
    by_user_.Insert(TextKey(row.user()), slot,
                    [&](std::uint32_t other) { return slots_[other].user() == row.user(); });
  }
  IndexCallId(slot);
  IndexInstrument(slot);
  IndexAddresses(slot, AddressKeysOf(row));
  IndexServer(slot);
  wheel_.Link(slot, now_ns);
  return slot;
}

bool RowStore::IsRefresh(std::uint32_t slot, const Binding& binding) const {
  const Row& row = slots_[slot];
  return row.server == binding.server && row.source_address == binding.source_address &&
         row.HasTextOf(binding) && user_agents_.Text(row.user_agent) == binding.user_agent;
}

void RowStore::Replace(std::uint32_t slot, const Binding& binding, std::int64_t now_ns) {
  IsRefresh(slot, binding) ? Refresh(slot, binding, now_ns) : Rewrite(slot, binding, now_ns);
}

void RowStore::Refresh(std::uint32_t slot, const Binding& binding, std::int64_t now_ns) {
  Row& row = slots_[slot];
  const std::int64_t expires_ns = row.expires_ns;
  row.SetRefreshed(binding);
  if (row.expires_ns != expires_ns) wheel_.Moved(slot, now_ns);
}

void RowStore::Rewrite(std::uint32_t slot, const Binding& binding, std::int64_t now_ns) {
  const Row& old = slots_[slot];
  RowPtr made = Row::Make(old.aor(), binding, user_agents_.Acquire(binding.user_agent));
  made->order = old.order;
  made->registered_ns = old.registered_ns;
  made->wheel_next = old.wheel_next;
  made->wheel_previous = old.wheel_previous;
  made->wheel_bucket = old.wheel_bucket;
  row_bytes_ += made->size() - old.size();

  const AddressKeys old_keys = AddressKeysOf(old);
  const AddressKeys new_keys = AddressKeysOf(*made);
  const bool new_addresses = old_keys != new_keys;
  const bool new_call_id = old.call_id() != made->call_id();
  const bool new_instrument = old.instrument() != made->instrument();
  const bool new_server = old.server != made->server;

  if (new_addresses) UnindexAddresses(slot, old_keys);
  if (new_call_id) by_call_id_.Erase(TextKey(old.call_id()), slot);
  if (new_instrument) UnindexInstrument(slot);
  if (new_server) by_server_[old.server].Erase(slot);
  const RowPtr gone = slots_.Exchange(slot, std::move(made));
  if (new_addresses) IndexAddresses(slot, new_keys);
  if (new_call_id) IndexCallId(slot);
  if (new_instrument) IndexInstrument(slot);
  if (new_server) IndexServer(slot);
  if (slots_[slot].expires_ns != gone->expires_ns) wheel_.Moved(slot, now_ns);
  user_agents_.Release(gone->user_agent);
}

void RowStore::Remove(std::uint32_t slot) {
  const Row& row = slots_[slot];
  wheel_.Unlink(slot);
  by_aor_.Erase(TextKey(row.aor()), slot);
  if (!row.user().empty()) by_user_.Erase(TextKey(row.user()), slot);
  if (!row.call_id().empty()) by_call_id_.Erase(TextKey(row.call_id()), slot);
  UnindexInstrument(slot);
  UnindexAddresses(slot, AddressKeysOf(row));
  by_server_[row.server].Erase(slot);
  user_agents_.Release(row.user_agent);
  row_bytes_ -= row.size();
  slots_.Release(slot);
}

bool RowStore::SweepSlice(std::int64_t now_ns, std::size_t& budget, ExpiryWheel::Place& place,
                          std::size_t& removed) {
  return wheel_.SweepSlice(now_ns, budget, place, [&](std::uint32_t slot) {
    Remove(slot);
    ++removed;
  });
}

SlotList RowStore::FindAor(std::string_view aor, std::uint64_t hash) const {
  const KeyRows rows =
      by_aor_.Find(IndexHash(hash), [&](std::uint32_t slot) { return slots_[slot].aor() == aor; });
  SlotList slots(rows.size());
  rows.CopyFrom(0, {slots.data(), slots.size()});
  return slots;
}

std::uint32_t RowStore::FindOrder(std::string_view aor, std::uint64_t hash,
                                  std::uint64_t order) const {
  for (const std::uint32_t slot : FindAor(aor, hash)) {
    if (slots_[slot].order == order) return slot;
  }
  return kNoSlot;
}

SlotList RowStore::FindAorByPreference(std::string_view aor, std::uint64_t hash) const {
  SlotList slots = FindAor(aor, hash);
  std::ranges::sort(slots, [&](std::uint32_t a, std::uint32_t b) {
    const int a_q = QThousandths(slots_[a].q_text());
    const int b_q = QThousandths(slots_[b].q_text());
    return a_q != b_q ? a_q > b_q : slots_[a].order < slots_[b].order;
  });
  return slots;
}

KeyRows RowStore::Find(const FilterProbe& probe) const {
  const auto has_key = [&](std::uint32_t slot) { return probe.Matches(slots_[slot]); };
  const std::uint32_t hash = IndexHash(probe.hash());
  switch (probe.filter().field()) {
    case Field::kUser:
      return by_user_.Find(hash, has_key);
    case Field::kAor:
      return by_aor_.Find(hash, has_key);
    case Field::kInstrument:
      return by_instrument_.Find(hash, has_key);
    case Field::kIp:
      return by_address_.Find(hash, has_key);
    case Field::kCallId:
      return by_call_id_.Find(hash, has_key);
    case Field::kAll:
    case Field::kServer:
      break;
  }
  return {};
}

void RowStore::CopyCandidates(const FilterProbe& probe, std::uint32_t from, std::size_t most,
                              std::vector<std::uint32_t>& slots) const {
  slots.clear();
  if (probe.means_nothing()) return;
  switch (probe.filter().field()) {
    case Field::kAll:
      for (std::uint32_t slot = from; slot < slots_.end() && slots.size() < most; ++slot) {
        slots.push_back(slot);
      }
      return;
    case Field::kServer:
      CopyCandidatesOfServers(probe.filter().servers(), from, most, slots);
      return;
    default: {
      const KeyRows rows = Find(probe);
      slots.resize(std::min(most, rows.size()));
      slots.resize(rows.CopyFrom(from, slots));
      return;
    }
  }
}

void RowStore::CopyCandidatesOfServers(const std::vector<ServerId>& servers, std::uint32_t from,
                                       std::size_t most, std::vector<std::uint32_t>& slots) const {
  for (const ServerId server : servers) {
    if (server >= by_server_.size()) continue;
    const std::size_t begin = slots.size();
    slots.resize(begin + std::min(most, by_server_[server].size()));
    const std::span<std::uint32_t> room(slots.data() + begin, slots.size() - begin);
    slots.resize(begin + by_server_[server].CopyFrom(from, room));
    if (slots.size() >= 2 * most) KeepLowest(most, slots);
  }
  KeepLowest(most, slots);
  std::ranges::sort(slots);
}

std::size_t RowStore::Count(const FilterProbe& probe) const {
  if (probe.means_nothing()) return 0;
  switch (probe.filter().field()) {
    case Field::kAll:
      return slots_.size();
    case Field::kServer: {
      std::size_t count = 0;
      for (const ServerId server : probe.filter().servers()) {
        if (server < by_server_.size()) count += by_server_[server].size();
      }
      return count;
    }
    default:
      return Find(probe).size();
  }
}

std::size_t RowStore::CountLive(const FilterProbe& probe, std::int64_t now_ns,
                                std::span<const std::uint32_t> slots) const {
  return static_cast<std::size_t>(std::ranges::count_if(slots, [&](std::uint32_t slot) {
    return slots_[slot].expires_ns > now_ns && probe.Matches(slots_[slot]);
  }));
}

Binding RowStore::ToBinding(std::uint32_t slot) const {
  const Row& row = slots_[slot];
  Binding binding = row.ToBinding();
  binding.user_agent = user_agents_.Text(row.user_agent);
  return binding;
}

std::size_t RowStore::MemoryBytes() const {
  constexpr std::size_t kAllocatorBytes = 16;  // a block's header, and rounding
  std::size_t bytes = row_bytes_ + slots_.size() * kAllocatorBytes + slots_.MemoryBytes() +
                      wheel_.MemoryBytes() + user_agents_.MemoryBytes() + by_aor_.MemoryBytes() +
                      by_user_.MemoryBytes() + by_instrument_.MemoryBytes() +
                      by_address_.MemoryBytes() + by_call_id_.MemoryBytes();
  for (const RowSet& rows : by_server_) bytes += sizeof(RowSet) + rows.MemoryBytes();
  return bytes;
}

void RowStore::IndexAddresses(std::uint32_t slot, const AddressKeys& keys) {
  for (const IpAddress& key : keys.keys()) {
    by_address_.Insert(IndexHash(HashAddress(key)), slot, [&](std::uint32_t other) {
      return slots_[other].source_address == key || AddressKeysOf(slots_[other]).Contains(key);
    });
  }
}

void RowStore::UnindexAddresses(std::uint32_t slot, const AddressKeys& keys) {
  for (const IpAddress& key : keys.keys()) by_address_.Erase(IndexHash(HashAddress(key)), slot);
}

void RowStore::IndexInstrument(std::uint32_t slot) {
  const std::string_view instrument = slots_[slot].instrument();
  if (instrument.empty()) return;
  const std::string key = NormalizeMac(instrument).value_or(std::string(instrument));
  by_instrument_.Insert(TextKey(key), slot, [&](std::uint32_t other) {
    return IsInstrument(slots_[other].instrument(), key);
  });
}

void RowStore::UnindexInstrument(std::uint32_t slot) {
  const std::string_view instrument = slots_[slot].instrument();
  if (!instrument.empty()) by_instrument_.Erase(IndexHash(HashInstrument(instrument)), slot);
}

void RowStore::IndexCallId(std::uint32_t slot) {
  const std::string_view call_id = slots_[slot].call_id();
  if (call_id.empty()) return;
  by_call_id_.Insert(TextKey(call_id), slot,
                     [&](std::uint32_t other) { return slots_[other].call_id() == call_id; });
}

void RowStore::IndexServer(std::uint32_t slot) {
  const ServerId server = slots_[slot].server;
  if (server >= by_server_.size()) by_server_.resize(server + std::size_t{1});
  by_server_[server].Insert(slot);
}

}  // namespace muster::core
