#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "muster/core/hash.h"
#include "muster/core/limits.h"
#include "muster/core/location_service.h"
#include "table/binding_budget.h"
#include "table/chunk_pool.h"
#include "table/shard.h"

namespace muster::core {

/// The shards of a location service, chosen by the top bits of the AoR's hash. Thread-safe.
class Shards {
 public:
  /// `count` is a power of two.
  Shards(const Limits& limits, std::size_t count)
      : budget_(limits.max_bindings), shift_(64 - std::countr_zero(std::bit_ceil(count))) {
    count = std::bit_ceil(count);
    // The sums stay within the limits.
    const Shard::Room room{
        .rows_per_slice = std::max<std::size_t>(limits.rows_per_slice, 1),
        .max_tombstones = limits.max_tombstones / count,
        .max_uncommitted_bytes = limits.max_uncommitted_bytes / count,
        .max_rows = limits.max_bindings_of_shard,
    };
    for (std::size_t i = 0; i < count; ++i) {
      shards_.push_back(std::make_unique<Shard>(room, budget_, pool_));
    }
  }

  std::size_t IndexOf(std::uint64_t hash) const { return shift_ == 64 ? 0 : hash >> shift_; }
  Shard& Of(std::uint64_t hash) { return *shards_[IndexOf(hash)]; }
  Shard& operator[](std::size_t index) { return *shards_[index]; }
  std::size_t size() const { return shards_.size(); }
  auto begin() const { return shards_.begin(); }
  auto end() const { return shards_.end(); }

  /// Brings nearer what a query looks up first in each of those shards.
  void Prefetch(const PreparedQuery& query, std::uint32_t begin, std::uint32_t end) const {
    for (const auto part : {ExactIndex::Part::kPlace, ExactIndex::Part::kBucket}) {
      for (std::uint32_t shard = begin; shard < end; ++shard) shards_[shard]->Prefetch(query, part);
    }
  }

  /// The shards that can hold what the query means: [first, second).
  std::pair<std::uint32_t, std::uint32_t> Range(const PreparedQuery& query) const {
    for (const PreparedCondition& prepared : query) {
      const Condition& condition = prepared.condition();
      const bool is_aor = condition.field == static_cast<std::uint8_t>(BindingField::kAor);
      if (!is_aor || !prepared.is_known || condition.is_negated || prepared.texts().size() != 1) {
        continue;
      }
      const auto index = static_cast<std::uint32_t>(IndexOf(prepared.texts()[0].hash));
      return {index, index + 1};
    }
    return {0, static_cast<std::uint32_t>(shards_.size())};
  }

 private:
  BindingBudget budget_;
  ChunkPool pool_;
  const int shift_;
  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace muster::core
