#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "muster/core/hash.h"
#include "muster/core/query.h"
#include "table/address_index.h"
#include "table/blocks.h"
#include "table/exact_index.h"
#include "table/prepared_query.h"
#include "table/selection.h"
#include "table/value_index.h"

namespace muster::core {

/// All indexes over the rows of one kind in one shard. The kind says which fields there are and
/// what is found under them; `Rows` has
///
///   using Row;
///   const Row& operator[](std::uint32_t slot) const;
///   std::uint32_t end() const;  // slots are below it
///   void Prefetch(std::uint32_t slot) const;  // brings the row nearer
///   /// By field.
///   static constexpr std::array<FieldIndex, N> kIndexes;
///   /// Of kExact: calls visit(text) for each text under which the row is found.
///   void VisitKeys(const Row&, std::size_t field, visit) const;
///   /// Of kValues. False when the row has none.
///   bool Value(const Row&, std::size_t field, std::uint32_t& value) const;
///   /// Of kValues: whether rows of that value meet the condition.
///   bool ValueMeets(std::size_t field, std::uint32_t value, const Condition&) const;
///   /// Of kValues: calls visit(value) for each that the condition names whole. False when it may
///   /// mean others.
///   bool VisitWholeValues(std::size_t field, const Condition&, visit) const;
///   /// Of kAddress: calls visit(address) for each address of the row, each once.
///   void VisitAddresses(const Row&, std::size_t field, visit) const;
///   bool HasAddressIn(const Row&, std::size_t field, const AddressBlock&) const;
///
/// Thread-compatible.
template <typename Rows>
class RowIndexes {
 public:
  using Row = typename Rows::Row;

  /// Different values of a kValues field that are tried one by one, and tries of all values with
  /// all that a condition asks for. Beyond them the rows are looked at.
  static constexpr std::size_t kMostValues = 1'024;
  static constexpr std::size_t kMostTries = 16'384;

  /// `rows` and `blocks` outlive the indexes.
  RowIndexes(const Rows& rows, Blocks& blocks)
      : rows_(rows), exact_(ExactIndexes(blocks, std::make_index_sequence<kFields>())) {}

  void Insert(std::uint32_t slot) {
    all_.Insert(slot);
    for (std::size_t field = 0; field != kFields; ++field) InsertIn(field, slot, rows_[slot]);
  }
  void Erase(std::uint32_t slot) {
    all_.Erase(slot);
    for (std::size_t field = 0; field != kFields; ++field) EraseFrom(field, slot, rows_[slot]);
  }

  /// The same for the kValues fields alone: the row changes in between.
  void InsertValues(std::uint32_t slot) {
    for (std::size_t field = 0; field != kFields; ++field) {
      if (Rows::kIndexes[field] == FieldIndex::kValues) InsertIn(field, slot, rows_[slot]);
    }
  }
  void EraseValues(std::uint32_t slot) {
    for (std::size_t field = 0; field != kFields; ++field) {
      if (Rows::kIndexes[field] == FieldIndex::kValues) EraseFrom(field, slot, rows_[slot]);
    }
  }

  /// The row in `slot` becomes another one: first BeginChange, then the exchange, then EndChange.
  /// Returns the fields whose keys differ, which are out of their indexes meanwhile.
  using Fields = std::array<bool, Rows::kIndexes.size()>;
  Fields BeginChange(std::uint32_t slot, const Row& next) {
    Fields differ{};
    for (std::size_t field = 0; field != kFields; ++field) {
      differ[field] = KeysDiffer(field, rows_[slot], next);
      if (differ[field]) EraseFrom(field, slot, rows_[slot]);
    }
    return differ;
  }
  void EndChange(std::uint32_t slot, const Fields& differ) {
    for (std::size_t field = 0; field != kFields; ++field) {
      if (differ[field]) InsertIn(field, slot, rows_[slot]);
    }
  }

  /// The rows that have `key` in a kExact field.
  KeyRows FindText(std::size_t field, std::uint64_t hash, std::string_view key) const {
    return exact_[field].Find(hash, [&](std::uint32_t slot) {
      rows_.Prefetch(slot);
      return HasKey(rows_[slot], field, key);
    });
  }

  /// Whether no row has a text or an address that the query asks for: the usual case where a key
  /// is looked up in many shards, seen at once.
  bool HasNothing(const PreparedQuery& query) const {
    return std::ranges::any_of(query, [this](const PreparedCondition& condition) {
      const bool has_keys = condition.is_known && !condition.condition().is_negated;
      return has_keys && (HasNoText(condition) || HasNoBlock(condition));
    });
  }

  /// What the indexes tell of a query.
  Selection Select(const PreparedQuery& query) const {
    Selection selection(all_, rows_.end());
    for (const PreparedCondition& condition : query) selection.Add(Find(condition));
    return selection;
  }
  /// What they tell of one condition.
  IndexRows Find(const PreparedCondition& condition) const {
    IndexRows found;
    found.is_negated = condition.condition().is_negated;
    found.is_known = condition.is_known;
    found.is_exact = condition.is_exact;
    if (!found.is_known) return found;
    switch (Rows::kIndexes[condition.index_field]) {
      case FieldIndex::kNone:
        found.is_known = false;
        break;
      case FieldIndex::kExact:
        for (const PreparedCondition::Text& text : condition.texts()) {
          AddRows(FindText(condition.index_field, text.hash, text.text), found);
        }
        found.is_disjoint = condition.texts().size() == 1;
        break;
      case FieldIndex::kValues:
        FindValues(condition, found);
        break;
      case FieldIndex::kAddress:
        FindBlocks(condition, found);
        break;
    }
    return found;
  }

  /// See ExactIndex::Prefetch: for what Select will look up first. Needs no lock.
  void Prefetch(const PreparedQuery& query, ExactIndex::Part part) const {
    for (const PreparedCondition& condition : query) {
      const ExactIndex& index = exact_[condition.index_field];
      if (!condition.texts().empty()) index.Prefetch(condition.texts().front().hash, part);
      if (!condition.blocks().empty()) index.Prefetch(condition.blocks().front().hash, part);
    }
  }

  const SlotSet& all() const { return all_; }
  const ValueIndex& values(std::size_t field) const { return values_[field]; }
  std::size_t MemoryBytes() const {
    std::size_t bytes = all_.MemoryBytes();
    for (const ExactIndex& index : exact_) bytes += index.MemoryBytes();
    for (const ValueIndex& index : values_) bytes += index.MemoryBytes();
    return bytes;
  }

 private:
  static constexpr std::size_t kFields = Rows::kIndexes.size();

  template <std::size_t... kField>
  static std::array<ExactIndex, kFields> ExactIndexes(Blocks& blocks,
                                                      std::index_sequence<kField...>) {
    return {((void)kField, ExactIndex(blocks))...};
  }

  static std::uint64_t Hash(std::string_view key) { return HashText(key); }

  bool HasKey(const Row& row, std::size_t field, std::string_view key) const {
    bool has = false;
    rows_.VisitKeys(row, field, [&](std::string_view text) { has = has || text == key; });
    return has;
  }
  /// As many as the addresses of a row usually lie in.
  using AddressBlocks = absl::InlinedVector<AddressBlock, 12>;
  /// The indexed blocks in which the row's addresses lie, each once.
  AddressBlocks BlocksOf(const Row& row, std::size_t field) const {
    AddressBlocks blocks;
    rows_.VisitAddresses(row, field, [&](const IpAddress& address) {
      for (const std::uint8_t bits : IndexedBits(address)) {
        const AddressBlock block = AddressBlock::Around(address, bits);
        if (std::ranges::find(blocks, block) == blocks.end()) blocks.push_back(block);
      }
    });
    return blocks;
  }

  void InsertIn(std::size_t field, std::uint32_t slot, const Row& row) {
    switch (Rows::kIndexes[field]) {
      case FieldIndex::kNone:
        return;
      case FieldIndex::kExact:
        return rows_.VisitKeys(row, field, [&](std::string_view key) {
          exact_[field].Insert(Hash(key), slot, [&](std::uint32_t other) {
            return HasKey(rows_[other], field, key);
          });
        });
      case FieldIndex::kValues: {
        std::uint32_t value = 0;
        if (rows_.Value(row, field, value)) values_[field].Insert(value, slot);
        return;
      }
      case FieldIndex::kAddress:
        for (const AddressBlock& block : BlocksOf(row, field)) {
          exact_[field].Insert(HashBlock(block), slot, [&](std::uint32_t other) {
            return rows_.HasAddressIn(rows_[other], field, block);
          });
        }
        return;
    }
  }

  void EraseFrom(std::size_t field, std::uint32_t slot, const Row& row) {
    switch (Rows::kIndexes[field]) {
      case FieldIndex::kNone:
        return;
      case FieldIndex::kExact:
        return rows_.VisitKeys(row, field,
                               [&](std::string_view key) { exact_[field].Erase(Hash(key), slot); });
      case FieldIndex::kValues: {
        std::uint32_t value = 0;
        if (rows_.Value(row, field, value)) values_[field].Erase(value, slot);
        return;
      }
      case FieldIndex::kAddress:
        for (const AddressBlock& block : BlocksOf(row, field)) {
          exact_[field].Erase(HashBlock(block), slot);
        }
        return;
    }
  }

  bool KeysDiffer(std::size_t field, const Row& before, const Row& after) const {
    switch (Rows::kIndexes[field]) {
      case FieldIndex::kNone:
        return false;
      case FieldIndex::kExact: {
        std::array<std::vector<std::string>, 2> keys;
        rows_.VisitKeys(before, field, [&](std::string_view key) { keys[0].emplace_back(key); });
        rows_.VisitKeys(after, field, [&](std::string_view key) { keys[1].emplace_back(key); });
        return keys[0] != keys[1];
      }
      case FieldIndex::kValues: {
        std::array<std::pair<bool, std::uint32_t>, 2> values{};
        values[0].first = rows_.Value(before, field, values[0].second);
        values[1].first = rows_.Value(after, field, values[1].second);
        return values[0] != values[1];
      }
      case FieldIndex::kAddress:
        return BlocksOf(before, field) != BlocksOf(after, field);
    }
    return false;
  }

  bool HasNoText(const PreparedCondition& condition) const {
    const std::size_t field = condition.index_field;
    if (Rows::kIndexes[field] != FieldIndex::kExact || condition.texts().empty()) return false;
    return std::ranges::all_of(condition.texts(), [&](const PreparedCondition::Text& text) {
      return FindText(field, text.hash, text.text).size() == 0;
    });
  }
  /// Of many blocks some are there, mostly: it is not asked.
  bool HasNoBlock(const PreparedCondition& condition) const {
    if (condition.blocks().size() != 1) return false;
    return FindBlock(condition.index_field, condition.blocks().front()).size() == 0;
  }

  KeyRows FindBlock(std::size_t field, const PreparedCondition::Block& block) const {
    return exact_[field].Find(block.hash, [&](std::uint32_t slot) {
      rows_.Prefetch(slot);
      return rows_.HasAddressIn(rows_[slot], field, block.block);
    });
  }

  static void AddRows(const KeyRows& rows, IndexRows& found) {
    if (rows.set() != nullptr) found.sets.push_back(rows.set());
    for (const std::uint32_t slot : rows.loose()) found.loose.push_back(slot);
  }

  void FindValues(const PreparedCondition& prepared, IndexRows& found) const {
    const std::size_t field = prepared.index_field;
    const Condition& condition = prepared.condition();
    const ValueIndex& index = values_[field];
    const bool is_whole = rows_.VisitWholeValues(field, condition, [&](std::uint32_t value) {
      const SlotSet* const set = index.Find(value);
      const bool is_new = std::ranges::find(found.sets, set) == found.sets.end();
      if (set != nullptr && is_new) found.sets.push_back(set);
    });
    if (is_whole) return;
    found.sets.clear();
    found.is_known =
        index.sets().size() <= kMostValues && index.sets().size() * condition.size() <= kMostTries;
    if (!found.is_known) return;
    for (const auto& [value, rows] : index.sets()) {
      if (rows_.ValueMeets(field, value, condition)) found.sets.push_back(&rows);
    }
  }

  void FindBlocks(const PreparedCondition& condition, IndexRows& found) const {
    const std::size_t field = condition.index_field;
    for (const auto part : {ExactIndex::Part::kPlace, ExactIndex::Part::kBucket}) {
      for (const auto& [block, hash] : condition.blocks()) exact_[field].Prefetch(hash, part);
    }
    for (const PreparedCondition::Block& block : condition.blocks()) {
      AddRows(FindBlock(field, block), found);
    }
    found.is_disjoint = condition.blocks().size() == 1;
  }

  const Rows& rows_;
  SlotSet all_;  // slots that are taken
  // By field; empty ones for fields without.
  std::array<ExactIndex, kFields> exact_;
  std::array<ValueIndex, kFields> values_;
};

}  // namespace muster::core
