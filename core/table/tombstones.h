#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/hash/hash.h"
#include "muster/core/hash.h"

namespace muster::core {

/// What a removal by API leaves behind: the CSeq that a REGISTER of the same AoR and Call-ID must
/// exceed, until the removed binding would have expired. At most `limit`; the oldest give way.
/// Thread-compatible.
class Tombstones {
 public:
  explicit Tombstones(std::size_t limit) : limit_(limit) {}
  Tombstones(const Tombstones&) = delete;
  Tombstones& operator=(const Tombstones&) = delete;

  /// Of two for one AoR and Call-ID, the higher CSeq and the later end count.
  void Add(std::string_view aor, std::string_view call_id, std::uint32_t cseq,
           std::int64_t until_ns, std::int64_t now_ns);
  struct Found {
    std::uint32_t cseq;
    std::int64_t until_ns;
  };
  std::optional<Found> Find(std::string_view aor, std::string_view call_id,
                            std::int64_t now_ns) const;
  void Remove(std::string_view aor, std::string_view call_id);
  /// Drops up to `most` that have ended; true when there are no more.
  bool SweepSlice(std::int64_t now_ns, std::size_t most);

  struct View {
    std::string_view aor;
    std::string_view call_id;
    std::uint32_t cseq;
    std::int64_t until_ns;
  };
  /// Visits up to `most` tombstones from the age `from` on, oldest first, and moves `from` behind
  /// the last one. False when there are no more.
  bool VisitSlice(std::size_t most, std::uint64_t& from,
                  absl::FunctionRef<void(const View&)> visit) const;

  std::size_t size() const { return by_age_.size(); }
  std::size_t MemoryBytes() const;

 private:
  struct Tombstone;
  using ByAge = std::map<std::uint64_t, Tombstone>;
  using ByEnd = std::multimap<std::int64_t, ByAge::iterator>;
  /// AoR and Call-ID, as views into a Tombstone.
  using Key = std::pair<std::string_view, std::string_view>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return absl::HashOf(HashText(key.first), HashText(key.second));
    }
  };

  struct Tombstone {
    std::string aor;
    std::string call_id;
    std::uint32_t cseq = 0;
    ByEnd::iterator by_end;  // its key is the end
    Key key() const { return {aor, call_id}; }
  };

  void Drop(ByAge::iterator tombstone);

  const std::size_t limit_;
  ByAge by_age_;  // oldest first
  std::uint64_t next_age_ = 0;
  ByEnd by_end_;
  absl::flat_hash_map<Key, ByAge::iterator, KeyHash> by_key_;
};

}  // namespace muster::core
