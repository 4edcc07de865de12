#pragma once

#include <cstdint>

#include "muster/core/location_service.h"
#include "table/row.h"

namespace muster::core {

/// A BindingFilter made ready for many shards: its key hashed once. A view of the filter.
class FilterProbe {
 public:
  explicit FilterProbe(const BindingFilter& filter);

  const BindingFilter& filter() const { return filter_; }
  /// Of the filter's key; for kAor the one by which shards are chosen. 0 for kAll and kServer.
  std::uint64_t hash() const { return hash_; }
  /// Whether no row can match: the key is empty.
  bool means_nothing() const;
  bool Matches(const Row& row) const;

 private:
  const BindingFilter& filter_;
  std::uint64_t hash_ = 0;
};

}  // namespace muster::core
