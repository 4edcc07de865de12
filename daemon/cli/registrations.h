#pragma once

// The daemon's registrations API as the command line uses it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "options.h"

namespace muster::daemon::cli {

struct Registration {
  std::string identity;
  std::string contact;
  std::int64_t seconds_to_expire = 0;
  std::string primary;  // empty when the daemon does not know it
  std::string instrument;
  std::string call_id;
};

/// "/registrations/user/alice"
std::string PathOf(const Selector& selector);

/// The items of the API's document, or nullopt when it is none.
std::optional<std::vector<Registration>> ReadRegistrations(std::string_view document);

/// The array in the API's document, byte for byte, or nullopt when it is none.
std::optional<std::string> ItemsOf(std::string_view document);

}  // namespace muster::daemon::cli
