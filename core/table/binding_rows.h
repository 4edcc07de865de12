#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "muster/core/binding_filter.h"
#include "muster/core/location_service.h"
#include "table/blocks.h"
#include "table/interner.h"
#include "table/prepared_query.h"
#include "table/row.h"
#include "table/row_keys.h"
#include "table/slots.h"

namespace muster::core {

/// The bindings of a shard as the kind of rows that RowIndexes asks for. Confined to the shard's
/// lock.
class BindingRows {
 public:
  using Row = core::Row;

  /// MAC and instance are found by the instrument.
  static constexpr auto kIndexes = [] {
    std::array<FieldIndex, kBindingFields> indexes{};
    for (std::size_t i = 0; i != kBindingFields; ++i) indexes[i] = kBindingFieldInfos[i].index;
    indexes[static_cast<std::size_t>(BindingField::kMac)] = FieldIndex::kNone;
    indexes[static_cast<std::size_t>(BindingField::kInstance)] = FieldIndex::kNone;
    return indexes;
  }();

  /// `blocks` and `pool` outlive the rows.
  BindingRows(Blocks& blocks, ChunkPool& pool) : blocks_(blocks), slots_(pool) {}

  RowPtr Make(std::string_view aor, const Binding& binding);
  /// Gives back what Make has taken for it beside its bytes.
  void Release(const Row& row);
  /// Everything. Views live until the row is changed, and as long as `room`.
  Binding ToBinding(const Row& row, RowRoom& room) const;

  Slots& slots() { return slots_; }
  const Slots& slots() const { return slots_; }
  std::string_view UserAgentOf(const Row& row) const { return user_agents_.Text(row.user_agent); }

  Row& operator[](std::uint32_t slot) const { return slots_[slot]; }
  std::uint32_t end() const { return slots_.end(); }
  void Prefetch(std::uint32_t slot) const { slots_[slot].Prefetch(); }

  template <typename Visit>
  void VisitKeys(const Row& row, std::size_t field, Visit visit) const {
    const auto which = static_cast<BindingField>(field);
    if (which == BindingField::kInstrument) return VisitInstrumentKeys(row, visit);
    FieldRoom room;
    const std::string_view text = Text(row, which, room);
    if (!text.empty()) visit(text);
  }
  bool Value(const Row& row, std::size_t field, std::uint32_t& value) const;
  /// Of a text field: Interner::kEmpty when no row has it.
  std::uint32_t FindValue(BindingField field, std::string_view text) const;
  /// What it stands for, of a text field.
  std::string_view TextOfValue(BindingField field, std::uint32_t value) const;
  bool ValueMeets(std::size_t field, std::uint32_t value, const Condition& condition) const;
  /// Calls `visit(value)` for each that the condition names whole. False when it may mean others.
  template <typename Visit>
  bool VisitWholeValues(std::size_t field, const Condition& condition, Visit visit) const {
    const auto which = static_cast<BindingField>(field);
    if (InfoOf(which).type == FieldType::kText) {
      for (const TextValue& text : condition.texts) {
        if (text.is_prefix) return false;
        if (const std::uint32_t value = FindValue(which, text.text)) visit(value);
      }
      return true;
    }
    for (const NumberRange& range : condition.ranges) {
      if (range.first != range.last) return false;
      // Of no row: values have 32 bits.
      if (range.first != static_cast<std::uint32_t>(range.first)) continue;
      visit(static_cast<std::uint32_t>(range.first));
    }
    return true;
  }
  template <typename Visit>
  void VisitAddresses(const Row& row, std::size_t, Visit visit) const {
    const AddressKeys addresses = AddressesOf(row);
    for (const IpAddress& address : addresses.keys()) visit(address);
  }
  bool HasAddressIn(const Row& row, std::size_t field, const AddressBlock& block) const;

  /// Whether the row meets the condition, in which times stand for seconds left.
  bool Meets(const Row& row, const Condition& condition) const;

  /// For a text that is not stored as it is.
  struct FieldRoom {
    TextRoom packed;
    std::string canonical;
  };
  /// Of a text field. Of kContact it is the URI.
  std::string_view Text(const Row& row, BindingField field, FieldRoom& room) const;
  /// Of a number or a time; kExpiresIn is the time of expiry. False when the row has none.
  bool Number(const Row& row, BindingField field, std::int64_t& number) const;

  /// What the row shows in the field; nullopt when it has none.
  std::optional<FieldValue> Shown(const Row& row, BindingField field) const;
  /// What rows of that value show, of a kValues field.
  FieldValue ShownFor(BindingField field, std::uint32_t value) const;

  std::size_t MemoryBytes() const;

 private:
  /// The MAC, or what else names the device; and what its instance says, if that is another.
  template <typename Visit>
  void VisitInstrumentKeys(const Row& row, Visit visit) const {
    TextRoom packed;
    std::string room[2];
    const std::string_view instrument = CanonicalInstrument(row.instrument(packed), room[0]);
    const std::string_view of_instance =
        CanonicalInstrument(InstrumentFromInstance(row.instance(packed)), room[1]);
    if (!instrument.empty()) visit(instrument);
    if (!of_instance.empty() && of_instance != instrument) visit(of_instance);
  }
  static AddressKeys AddressesOf(const Row& row);
  bool HasAnyText(const Row& row, BindingField field, const std::vector<TextValue>& values) const;

  Blocks& blocks_;
  Slots slots_;
  Interner user_agents_;
  Interner domains_;
};

/// What a filter means at `now`, ready to be looked up. Views the filter.
PreparedQuery Prepare(const BindingFilter& filter, absl::Time now);

}  // namespace muster::core
