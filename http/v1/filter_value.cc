#include "filter_value.h"

#include <utility>

#include "muster/core/limits.h"

namespace muster::http::v1 {
namespace {

constexpr std::string_view kSpecial = ";:!*\\";

/// Moves the item under way to the others.
std::string TakeItem(FilterItem& item, FilterValue& value) {
  if (item.text.empty() && !item.is_prefix) return "has an empty value in its list";
  if (value.items.size() == core::Limits::kMaxFilterValues) {
    return "has more than " + std::to_string(core::Limits::kMaxFilterValues) + " values";
  }
  value.items.push_back(std::exchange(item, {}));
  return "";
}

}  // namespace

std::string ReadFilterValue(std::string_view text, FilterValue& value) {
  if (text.starts_with('!')) {
    value.is_negated = true;
    text.remove_prefix(1);
  }
  FilterItem item;
  for (std::size_t i = 0; i != text.size(); ++i) {
    const char c = text[i];
    if (c == ';') {
      if (std::string problem = TakeItem(item, value); !problem.empty()) return problem;
    } else if (item.is_prefix) {
      return "has a * that is not at the end of a value; \\* stands for the character";
    } else if (c == '*') {
      item.is_prefix = true;
    } else if (c == '\\') {
      const bool is_special =
          i + 1 != text.size() && kSpecial.find(text[i + 1]) != std::string_view::npos;
      if (!is_special) return "has a \\ in front of none of ; : ! * \\";
      item.text.push_back(text[++i]);
    } else {
      if (c == ':') item.colons.push_back(item.text.size());
      item.text.push_back(c);
    }
  }
  return TakeItem(item, value);
}

}  // namespace muster::http::v1
