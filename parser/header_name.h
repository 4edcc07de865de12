#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "muster/parser/message.h"

namespace muster::parser {

/// What HeaderIdOfToken reads of a name.
inline constexpr std::size_t kHeaderNameBytes = 16;

namespace header_name_internal {

/// The end of a name as numbers: its letters in lower case, zeros in front of them. Only of '-' and
/// letters, or else setting their sixth bit could make one name of another.
struct Key {
  std::uint64_t words[2] = {};
};
static_assert(sizeof(Key) == kHeaderNameBytes);
/// No known name is longer.
inline constexpr std::size_t kLongestName = 19;

/// The known names, compact forms among them. No two want the same slot: the multiplier was looked
/// for until there were none.
struct NameTable {
  struct Entry {
    Key key;
    HeaderId id = HeaderId::kOther;
  };
  static constexpr std::size_t kSlots = 256;

  std::uint64_t multiplier = 0;
  std::array<Entry, kSlots> entries;

  /// A name's last word and its size tell the known ones apart.
  constexpr std::size_t SlotOf(std::uint64_t last_word, std::size_t size) const {
    return (last_word + size) * multiplier >> 56;
  }
};
extern const NameTable kNameTable;

/// From `size` on: a mask for each byte of a key.
inline constexpr auto kMasks = [] {
  std::array<char, kLongestName + kHeaderNameBytes> masks{};
  for (std::size_t i = kHeaderNameBytes; i != masks.size(); ++i) masks[i] = '\xFF';
  return masks;
}();

inline std::uint64_t WordAt(const char* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

/// The known name of that size, kLongestName at most, that ends with the same bytes.
inline HeaderId HeaderIdByItsEnd(const char* end, std::size_t size) {
  const char* const begin = end - kHeaderNameBytes;
  const char* const mask = kMasks.data() + size;
  const auto word = [begin, mask](std::size_t at) {
    constexpr std::uint64_t kLowerCase = 0x2020'2020'2020'2020;
    return (WordAt(begin + at) | kLowerCase) & WordAt(mask + at);
  };
  const std::uint64_t last = word(8);
  const auto& entry = kNameTable.entries[kNameTable.SlotOf(last, size)];
  const std::uint64_t difference = (last ^ entry.key.words[1]) | (word(0) ^ entry.key.words[0]);
  return difference == 0 ? entry.id : HeaderId::kOther;
}

}  // namespace header_name_internal

/// HeaderIdFrom for the name that ends in front of `end`, a token. kHeaderNameBytes in front of
/// `end` can be read, whatever its size is.
inline HeaderId HeaderIdOfToken(const char* end, std::size_t size) {
  if (size > kHeaderNameBytes) [[unlikely]]
    return HeaderIdFrom({end - size, size});
  return header_name_internal::HeaderIdByItsEnd(end, size);
}

/// "Subject" for "s": the long form of any registered compact form (RFC 3261 7.3.3 and the IANA
/// registry), also of headers without a HeaderId. Any other name comes back as it is.
std::string_view LongHeaderName(std::string_view name);

}  // namespace muster::parser
