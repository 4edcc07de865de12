#pragma once

// start and limit of the sipXcom API: the first row, zero based, and the number of rows.

#include <cstdint>
#include <optional>
#include <string>

#include "muster/http/message.h"

namespace muster::http::sipxcom {

/// Takes effect only when the request has both: then newest expiry first.
struct Paging {
  std::uint64_t start = 0;
  std::uint64_t limit = 0;  // 0 = no limit
};

struct PagingResult {
  std::optional<Paging> paging;
  std::string problem;  // what is wrong and with which parameter, or empty
};

/// Both parameters are checked even when one alone is there and has no effect.
PagingResult ReadPaging(const Request& request);

}  // namespace muster::http::sipxcom
