#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "muster/core/binding.h"
#include "table/exact_index.h"
#include "table/expiry_wheel.h"
#include "table/filter_probe.h"
#include "table/interner.h"
#include "table/row_keys.h"
#include "table/slots.h"

namespace muster::core {

/// Slots of rows. As many as a usual AoR has bindings are held without allocating.
using SlotList = absl::InlinedVector<std::uint32_t, 16>;

/// The rows of a shard with all their indexes, which it keeps in step. Confined to the shard's
/// lock.
class RowStore {
 public:
  RowStore() : wheel_(slots_) {}
  RowStore(const RowStore&) = delete;
  RowStore& operator=(const RowStore&) = delete;

  std::uint32_t Add(std::string_view aor, const Binding& binding, std::uint64_t order,
                    std::int64_t registered_ns, std::int64_t now_ns);
  /// Whether `binding` differs from the row by what Row::SetRefreshed sets alone.
  bool IsRefresh(std::uint32_t slot, const Binding& binding) const;
  /// Takes from `binding` what Row::SetRefreshed sets: touches no index and allocates nothing.
  void Refresh(std::uint32_t slot, const Binding& binding, std::int64_t now_ns);
  /// Builds the row anew; it keeps its slot, AoR, order and registered_ns, and its places in the
  /// indexes of what does not differ. `binding` may be a view of the old one.
  void Rewrite(std::uint32_t slot, const Binding& binding, std::int64_t now_ns);
  /// One of the two, as IsRefresh says.
  void Replace(std::uint32_t slot, const Binding& binding, std::int64_t now_ns);
  void Remove(std::uint32_t slot);

  /// Like ExpiryWheel's. Removes what has expired and adds to `removed` how many.
  bool SweepSlice(std::int64_t now_ns, std::size_t& budget, ExpiryWheel::Place& place,
                  std::size_t& removed);

  /// All rows of the AoR, by slot. `hash` is HashText(aor).
  SlotList FindAor(std::string_view aor, std::uint64_t hash) const;
  /// The same, best q first, equal ones in order of registration.
  SlotList FindAorByPreference(std::string_view aor, std::uint64_t hash) const;
  /// Up to `most` slots from `from` on, ascending, among which are all rows that match in that
  /// stretch. Others may be among them, for kAll empty slots too.
  void CopyCandidates(const FilterProbe& probe, std::uint32_t from, std::size_t most,
                      std::vector<std::uint32_t>& slots) const;
  /// Rows that match, expired or not.
  std::size_t Count(const FilterProbe& probe) const;
  /// How many of `slots`, all taken, match and have not expired.
  std::size_t CountLive(const FilterProbe& probe, std::int64_t now_ns,
                        std::span<const std::uint32_t> slots) const;

  const Slots& slots() const { return slots_; }
  /// The binding of that AoR and order; kNoSlot when there is none. `hash` is HashText(aor).
  std::uint32_t FindOrder(std::string_view aor, std::uint64_t hash, std::uint64_t order) const;
  Row& row(std::uint32_t slot) const { return slots_[slot]; }
  std::string_view UserAgentOf(const Row& row) const { return user_agents_.Text(row.user_agent); }
  /// Views live until the row is changed.
  Binding ToBinding(std::uint32_t slot) const;
  std::size_t MemoryBytes() const;

 private:
  /// The rows that the probe's key has in its index. Not for kAll and kServer.
  KeyRows Find(const FilterProbe& probe) const;
  void CopyCandidatesOfServers(const std::vector<ServerId>& servers, std::uint32_t from,
                               std::size_t most, std::vector<std::uint32_t>& slots) const;

  void IndexAddresses(std::uint32_t slot, const AddressKeys& keys);
  void UnindexAddresses(std::uint32_t slot, const AddressKeys& keys);
  void IndexInstrument(std::uint32_t slot);
  void UnindexInstrument(std::uint32_t slot);
  void IndexCallId(std::uint32_t slot);
  void IndexServer(std::uint32_t slot);

  AddressKeys AddressKeysOf(const Row& row) const {
    return {row.contact_uri(), row.source_address, row.call_id()};
  }

  Slots slots_;
  ExpiryWheel wheel_;
  Interner user_agents_;
  ExactIndex by_aor_;
  ExactIndex by_user_;
  ExactIndex by_instrument_;
  ExactIndex by_address_;
  ExactIndex by_call_id_;
  std::vector<RowSet> by_server_;  // by ServerId
  std::size_t row_bytes_ = 0;
};

}  // namespace muster::core
