#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace muster::bench {

inline void AppendPart(std::string_view part, std::string& text) { text += part; }
inline void AppendPart(std::integral auto part, std::string& text) { text += std::to_string(part); }

/// Texts and numbers, one behind the other. (absl::StrCat takes no std::string_view here.)
template <typename... Parts>
std::string Concat(const Parts&... parts) {
  std::string text;
  (AppendPart(parts, text), ...);
  return text;
}

}  // namespace muster::bench
