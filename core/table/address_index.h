#pragma once

// How addresses, and blocks of them, stand in an ExactIndex: an address under itself and under each
// of some blocks that it lies in. Any IPv4 block is one of these or is made of 256 at most.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "muster/core/query.h"

namespace muster::core {

/// The sizes of the blocks under which an address stands, in bits, longest first.
std::span<const std::uint8_t> IndexedBits(const IpAddress& address);

std::uint64_t HashBlock(const AddressBlock& block);

/// Of which indexed blocks a block consists.
struct BlockKeys {
  /// So many keys a condition may have; beyond them its rows have to be looked at.
  static constexpr std::size_t kMost = 1'024;

  std::vector<AddressBlock> blocks;
  bool is_known = true;  // there is an indexed block, or several
  bool is_exact = true;  // they have no other addresses than those of the block
};

/// Adds those of `block` to `keys`.
void AddKeys(const AddressBlock& block, BlockKeys& keys);

}  // namespace muster::core
