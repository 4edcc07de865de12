#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "muster/core/query.h"
#include "table/address_index.h"

namespace muster::core {

/// A condition with what is looked up in an index, hashed once for all shards.
struct PreparedCondition {
  struct Text {
    std::string text;
    std::uint32_t hash;
  };
  struct Block {
    AddressBlock block;
    std::uint32_t hash;
  };

  /// Looks up whole `texts`.
  void LookUp(std::string_view text);
  /// Looks up the condition's blocks.
  void LookUpBlocks();

  Condition condition;
  std::size_t index_field = 0;  // whose index is asked
  /// False when there is nothing to be looked up: a beginning of a text, a block that is too large.
  bool is_known = true;
  /// Whether every row that is found there meets the condition.
  bool is_exact = true;
  std::vector<Text> texts;    // for kExact
  std::vector<Block> blocks;  // for kAddress
};

/// Conditions joined by "and". Thread-compatible.
using PreparedQuery = std::vector<PreparedCondition>;

}  // namespace muster::core
