#include "table/slots.h"

#include <memory>

namespace muster::core {

Slots::~Slots() {
  for (RowPtr* const chunk : chunks_) {
    std::destroy_n(chunk, kRowsOfChunk);
    pool_.Give(chunk);
  }
}

std::uint32_t Slots::Add(RowPtr row) {
  std::uint32_t slot = end_;
  if (free_.empty()) {
    if (slot % kRowsOfChunk == 0) {
      chunks_.push_back(static_cast<RowPtr*>(pool_.Take()));
      std::uninitialized_value_construct_n(chunks_.back(), kRowsOfChunk);
    }
    ++end_;
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  At(slot) = std::move(row);
  return slot;
}

}  // namespace muster::core
