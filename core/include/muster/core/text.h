#pragma once

#include <algorithm>
#include <string_view>

namespace muster::core {

inline char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// ASCII alone folds: SIP's tokens and host names know no other case (RFC 3261 7.3.1).
inline bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, LowerAscii, LowerAscii);
}

/// Writes `text` at `out`, where there is room for it; the place behind it. (GCC 12 makes a loop
/// over bytes of std::ranges::copy.)
inline char* CopyText(std::string_view text, char* out) {
  return std::copy(text.data(), text.data() + text.size(), out);
}

}  // namespace muster::core
