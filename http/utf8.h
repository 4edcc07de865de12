#pragma once

// UTF-8 (RFC 3629), as far as writers of JSON and XML need it: stored bytes may be anything.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace muster::http {

/// U+FFFD, what stands for bytes that are no text.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 0;  // 0 when the text does not begin with a whole, valid sequence
};

/// The code point that `text`, which is not empty, begins with. Overlong forms and surrogates are
/// not valid.
CodePoint FirstCodePoint(std::string_view text);

}  // namespace muster::http
