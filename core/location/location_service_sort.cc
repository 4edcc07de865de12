#include <algorithm>
#include <utility>

#include "location/shards.h"
#include "muster/core/location_service.h"

namespace muster::core {
namespace {

/// A matching row, for the order by a key.
template <typename Key>
struct Ranked {
  Key key;
  RowPosition position;
};

template <typename Key>
class Before {
 public:
  explicit Before(bool is_descending) : is_descending_(is_descending) {}

  bool operator()(const Ranked<Key>& a, const Ranked<Key>& b) const {
    if (a.key != b.key) return is_descending_ ? a.key > b.key : a.key < b.key;
    if (a.position.shard != b.position.shard) return a.position.shard < b.position.shard;
    return a.position.row < b.position.row;
  }

 private:
  bool is_descending_;
};

/// The first `most` of what is added, in memory for twice as many.
template <typename Key>
class Ranking {
 public:
  Ranking(std::size_t most, Before<Key> before) : most_(most), before_(before) {}

  void Add(Ranked<Key> ranked) {
    ranked_.push_back(std::move(ranked));
    if (ranked_.size() / 2 >= std::max(most_, kFewest)) Cut();
  }

  /// In order.
  const std::vector<Ranked<Key>>& Sorted() {
    Cut();
    std::ranges::sort(ranked_, before_);
    return ranked_;
  }

 private:
  static constexpr std::size_t kFewest = 512;  // below, cutting costs more than it saves

  void Cut() {
    if (ranked_.size() <= most_) return;
    const auto end = ranked_.begin() + static_cast<std::ptrdiff_t>(most_);
    std::nth_element(ranked_.begin(), end, ranked_.end(), before_);
    ranked_.erase(end, ranked_.end());
  }

  const std::size_t most_;
  const Before<Key> before_;
  std::vector<Ranked<Key>> ranked_;
};

/// Positions of the first `most` rows behind `place`. `key_of(visit)` is a row's key.
template <typename Key, typename KeyOf>
std::vector<RowPosition> Rank(Shards& shards, const PreparedQuery& query, absl::Time now,
                              bool is_descending, std::size_t most, std::optional<SortPlace>& place,
                              KeyOf key_of) {
  const Before<Key> before(is_descending);
  Ranked<Key> last;
  if (place) {
    const Key* const key = std::get_if<Key>(&place->key);
    if (key == nullptr) return {};  // of another order
    last = {*key, place->position};
  }
  Ranking<Key> ranking(most, before);
  std::vector<Ranked<Key>> slice;
  const auto [begin, end] = shards.Range(query);
  for (std::uint32_t shard = begin; shard < end; ++shard) {
    std::uint32_t from = 0;
    for (bool more = true; more;) {
      // Ranked once the shard's lock is let go.
      slice.clear();
      more = shards[shard].VisitSlice(query, now, from, [&](const Shard::Visit& visit) {
        slice.push_back({key_of(visit), {shard, visit.slot}});
        return true;
      });
      for (Ranked<Key>& each : slice) {
        if (!place || before(last, each)) ranking.Add(std::move(each));
      }
    }
  }
  std::vector<RowPosition> positions;
  const std::vector<Ranked<Key>>& sorted = ranking.Sorted();
  for (const Ranked<Key>& ranked : sorted) positions.push_back(ranked.position);
  if (!positions.empty()) place = {sorted.back().key, positions.back()};
  return positions;
}

/// Addresses in the order of their bytes: IPv4 before IPv6, by number.
std::string AddressKey(const IpAddress& address) {
  if (address.empty()) return {};
  return {reinterpret_cast<const char*>(address.bytes().data()), address.bytes().size()};
}

}  // namespace

bool SortsByNumber(BindingField field) {
  const FieldType type = InfoOf(field).type;
  const bool is_shown_as_text = field == BindingField::kTransport || field == BindingField::kServer;
  return (type == FieldType::kNumber || type == FieldType::kTime) && !is_shown_as_text;
}

std::vector<RowPosition> LocationService::Sort(const BindingFilter& filter, absl::Time now,
                                               const SortOrder& order, std::size_t max_rows,
                                               std::optional<SortPlace>& place) const {
  const PreparedQuery query = Prepare(filter, now);
  const auto by_text = [&](auto key_of) {
    return Rank<std::string>(*shards_, query, now, order.is_descending, max_rows, place, key_of);
  };
  switch (order.field) {
    case BindingField::kIp:
      return by_text(
          [](const Shard::Visit& visit) { return AddressKey(visit.row.source_address()); });
    case BindingField::kTransport:
      return by_text([](const Shard::Visit& visit) {
        return std::string(TransportName(visit.row.transport));
      });
    case BindingField::kServer:
      return by_text([addresses = ServerAddresses()](const Shard::Visit& visit) {
        return visit.row.server < addresses.size() ? addresses[visit.row.server] : std::string();
      });
    default:
      break;
  }
  if (InfoOf(order.field).type == FieldType::kText) {
    return by_text([&](const Shard::Visit& visit) {
      BindingRows::FieldRoom room;
      return std::string(visit.rows.bindings().Text(visit.row, order.field, room));
    });
  }
  const auto number_of = [&](const Shard::Visit& visit) {
    std::int64_t number = 0;
    return visit.rows.bindings().Number(visit.row, order.field, number) ? number : 0;
  };
  return Rank<std::int64_t>(*shards_, query, now, order.is_descending, max_rows, place, number_of);
}

std::vector<std::string> LocationService::ServerAddresses() const {
  std::vector<std::string> addresses;
  for (std::size_t id = 0; id != servers_.size(); ++id) {
    addresses.push_back(servers_.Get(static_cast<ServerId>(id)).address);
  }
  return addresses;
}

}  // namespace muster::core
