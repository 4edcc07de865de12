#pragma once

// The value of a filter of /v1, taken apart: `a;b;c`, `!a;b`, `100:199;404`, `Yealink*`. A
// backslash makes a following ; : ! * or \ a character like any other.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace muster::http::v1 {

/// One of the values between semicolons.
struct FilterItem {
  std::string text;                 // without backslashes, and without the wildcard
  std::vector<std::size_t> colons;  // in `text`, of those without a backslash
  bool is_prefix = false;           // a '*' stood at its end
};

struct FilterValue {
  bool is_negated = false;
  std::vector<FilterItem> items;
};

/// Returns what is wrong with the text, or "".
std::string ReadFilterValue(std::string_view text, FilterValue& value);

}  // namespace muster::http::v1
