#pragma once

// Values of filters by type: numbers, times and addresses, of any row kind.

#include <cstdint>
#include <string>

#include "filter_value.h"
#include "muster/core/query.h"

namespace muster::http::v1 {

// Each adds what the item means to the condition. Returns what is wrong with it, or "".

/// `7`, `1:9`, `1:` or `:9`, of 0 to `max`.
std::string AddNumbers(const FilterItem& item, std::int64_t max, core::Condition& condition);
/// RFC 3339, or seconds since 1970, or a range of either. A time without a fraction stands for its
/// whole second.
std::string AddTimes(const FilterItem& item, core::Condition& condition);
/// An address, or a block (RFC 4632) such as 10.0.0.0/8 or 2001:db8::/32.
std::string AddBlock(const FilterItem& item, core::Condition& condition);

}  // namespace muster::http::v1
