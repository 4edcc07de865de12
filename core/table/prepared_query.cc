#include "table/prepared_query.h"

#include <algorithm>

#include "muster/core/hash.h"

namespace muster::core {

void PreparedCondition::LookUp(std::string_view text) { texts_.push_back({text, HashText(text)}); }

void PreparedCondition::LookUpBlocks() {
  BlockKeys keys;
  for (const AddressBlock& block : condition().blocks) AddKeys(block, keys);
  is_known = keys.is_known;
  is_exact = keys.is_exact;
  for (const AddressBlock& block : keys.blocks) blocks_.push_back({block, HashBlock(block)});
  // Each once, whatever was asked for.
  std::ranges::sort(blocks_, {}, &Block::hash);
  const auto repeated = std::ranges::unique(blocks_, {}, &Block::block);
  blocks_.erase(repeated.begin(), repeated.end());
}

}  // namespace muster::core
