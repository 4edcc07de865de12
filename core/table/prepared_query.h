#pragma once

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "muster/core/query.h"
#include "table/address_index.h"

namespace muster::core {

/// A condition with what is looked up in an index, hashed once for all shards. Views the Condition
/// that it is made of.
class PreparedCondition {
 public:
  struct Text {
    std::string_view text;
    std::uint64_t hash;
  };
  struct Block {
    AddressBlock block;
    std::uint64_t hash;
  };

  explicit PreparedCondition(const Condition& condition)
      : index_field(condition.field), condition_(&condition) {}
  // Moved alone: texts may be views of its own, which a move leaves where they are.
  PreparedCondition(PreparedCondition&&) = default;
  PreparedCondition& operator=(PreparedCondition&&) = default;

  const Condition& condition() const { return changed_ ? *changed_ : *condition_; }
  /// In place of what it was made of.
  void Change(Condition condition) { changed_ = std::move(condition); }

  /// Looks up a text of the condition, or one that is made of it.
  void LookUp(std::string_view text);
  void LookUpOwn(std::string text) { LookUp(own_texts_.emplace_front(std::move(text))); }
  /// Looks up the condition's blocks.
  void LookUpBlocks();

  std::size_t index_field;  // whose index is asked
  /// False when there is nothing to be looked up: a beginning of a text, a block that is too large.
  bool is_known = true;
  /// Whether every row that is found there meets the condition.
  bool is_exact = true;

  const absl::InlinedVector<Text, 1>& texts() const { return texts_; }  // for kExact
  const std::vector<Block>& blocks() const { return blocks_; }          // for kAddress

 private:
  const Condition* condition_;
  std::optional<Condition> changed_;
  std::forward_list<std::string> own_texts_;
  absl::InlinedVector<Text, 1> texts_;
  std::vector<Block> blocks_;
};

/// Conditions joined by "and". Thread-compatible.
using PreparedQuery = absl::InlinedVector<PreparedCondition, 1>;

}  // namespace muster::core
