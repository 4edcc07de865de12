#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "byte_index.h"
#include "muster/parser/message.h"

namespace muster::parser {

/// What HeaderIdOfToken reads in front of the name's end.
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
  struct alignas(32) Entry {
    Key key;
    std::uint32_t begin = 0;  // the first bytes, of a name that is longer than its key
    std::uint8_t size = 0;
    HeaderId id = HeaderId::kOther;
  };
  static_assert(kLongestName <= sizeof(Entry::key) + sizeof(Entry::begin));
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
  std::array<char, ByteIndex::kWindowBits + kHeaderNameBytes> masks{};
  for (std::size_t i = kHeaderNameBytes; i != masks.size(); ++i) masks[i] = '\xFF';
  return masks;
}();

template <typename Word>
Word LowerCaseAt(const char* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof(word));
  return word | static_cast<Word>(0x2020'2020'2020'2020);
}

}  // namespace header_name_internal

/// HeaderIdFrom for the name that ends in front of `end`, a token of ByteIndex::kWindowBits bytes
/// at most. kHeaderNameBytes in front of `end` can be read, whatever its size is.
inline HeaderId HeaderIdOfToken(const char* end, std::size_t size) {
  using header_name_internal::kMasks;
  using header_name_internal::kNameTable;
  using header_name_internal::LowerCaseAt;
  std::uint64_t mask[2];
  std::memcpy(mask, kMasks.data() + size, sizeof(mask));
  const std::uint64_t last = LowerCaseAt<std::uint64_t>(end - 8) & mask[1];
  const std::uint64_t before = LowerCaseAt<std::uint64_t>(end - 16) & mask[0];
  const auto& entry = kNameTable.entries[kNameTable.SlotOf(last, size)];
  if (((last ^ entry.key.words[1]) | (before ^ entry.key.words[0])) != 0) return HeaderId::kOther;
  const bool longer = size > kHeaderNameBytes;
  const bool same =
      !longer || (size == entry.size && LowerCaseAt<std::uint32_t>(end - size) == entry.begin);
  return same ? entry.id : HeaderId::kOther;
}

/// "Subject" for "s": the long form of any registered compact form (RFC 3261 7.3.3 and the IANA
/// registry), also of headers without a HeaderId. Any other name comes back as it is.
std::string_view LongHeaderName(std::string_view name);

}  // namespace muster::parser
