#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "location/shards.h"
#include "muster/core/location_service.h"

namespace muster::core {
namespace {

/// Counts by value, while it grows.
class Grouping {
 public:
  explicit Grouping(std::size_t most) : most_(most) {}

  void Add(FieldValue value, std::size_t count) {
    if (counts_.size() == most_ && !counts_.contains(value)) {
      is_complete_ = false;
      return;
    }
    counts_[std::move(value)] += count;
  }
  bool is_complete() const { return is_complete_; }

  /// Puts addresses in place of ids; several servers may have one address. Returns how many rows
  /// have a server without one.
  std::size_t NameServers(const std::vector<std::string>& addresses) {
    std::size_t without = 0;
    const Counts by_id = std::move(counts_);
    counts_ = {};
    for (const auto& [value, count] : by_id) {
      const auto id = static_cast<std::size_t>(std::get<std::int64_t>(value));
      if (id < addresses.size() && !addresses[id].empty()) {
        Add(addresses[id], count);
      } else {
        without += count;
      }
    }
    return without;
  }

  std::vector<Group> Sorted() const {
    std::vector<Group> groups;
    groups.reserve(counts_.size());
    for (const auto& [value, count] : counts_) groups.push_back({value, count});
    std::ranges::sort(groups, [](const Group& a, const Group& b) {
      return a.count != b.count ? a.count > b.count : a.value < b.value;
    });
    return groups;
  }

 private:
  struct Hash {
    std::size_t operator()(const FieldValue& value) const {
      const auto* const text = std::get_if<std::string>(&value);
      return text != nullptr ? HashText(*text) : absl::HashOf(std::get<std::int64_t>(value));
    }
  };

  using Counts = absl::flat_hash_map<FieldValue, std::size_t, Hash>;

  const std::size_t most_;
  Counts counts_;
  bool is_complete_ = true;
};

}  // namespace

Groups LocationService::GroupBy(const BindingFilter& filter, absl::Time now,
                                BindingField field) const {
  const PreparedQuery query = Prepare(filter, now);
  Grouping grouping(max_groups_);
  Groups groups;
  const auto add = [&](const Shard::GroupVisit& group) {
    groups.total += group.count;
    if (!group.value) {
      groups.without += group.count;
    } else {
      grouping.Add(*group.value, group.count);
    }
    return grouping.is_complete();
  };
  const auto [begin, end] = shards_->Range(query);
  for (std::uint32_t shard = begin; shard < end && grouping.is_complete(); ++shard) {
    (*shards_)[shard].GroupBy(query, now, field, add);
  }
  groups.is_complete = grouping.is_complete();
  if (field == BindingField::kServer) groups.without += grouping.NameServers(ServerAddresses());
  groups.groups = grouping.Sorted();
  return groups;
}

}  // namespace muster::core
