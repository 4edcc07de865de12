#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "muster/core/location_service.h"
#include "tests/core/owned_binding.h"

namespace muster::core {

/// Random changes of a location service: the same for the same seed. Few AoRs, Call-IDs, servers
/// and seconds, so that they meet.
class RandomChanges {
 public:
  /// `location` outlives it. It begins with two servers.
  RandomChanges(LocationService& location, std::uint32_t seed);

  /// One edit, or now and then a removal by filter, at now() or shortly before.
  void Change();
  /// The same, or time moves on, or what has expired is swept.
  void Step();
  void Steps(std::uint32_t count);

  /// From now on removals mean one AoR each: others' bindings are safe.
  void KeepToOwnAors() { keeps_to_own_aors_ = true; }

  absl::Time now() const { return now_; }
  std::uint32_t Below(std::uint32_t bound) { return random_() % bound; }
  bool OneIn(std::uint32_t n) { return Below(n) == 0; }
  std::mt19937& random() { return random_; }
  /// Of the last edit.
  BatchNumber batch() const { return batch_; }

 private:
  std::string AnyAor();
  std::string AnyCallId();
  std::string AnyIp();
  BindingFilter AnyFilter();
  OwnedBinding AnyBinding(const std::string& aor, absl::Time now);
  void EditOnce(Record& record, const std::string& aor, absl::Time now);
  void Change(OwnedBinding& binding, absl::Time now);

  LocationService& location_;
  std::mt19937 random_;
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  BatchNumber batch_ = 0;
  bool keeps_to_own_aors_ = false;
};

/// Everything that RandomChanges can bring about, in an order of its own: each AoR's bindings with
/// all their fields (the server's name in place of its id), its tombstones, and counts by every
/// filter.
std::vector<std::string> ListAll(LocationService& location, absl::Time now);

}  // namespace muster::core
