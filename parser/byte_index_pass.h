#pragma once

// What the passes of byte_index.h have in common: where they put what they find out about 64 bytes.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "byte_index.h"
#include "char_class.h"

#if defined(__x86_64__)
// Every processor with AVX2 has these; a pass may inline what asks for no more than itself.
#define MUSTER_BIT_INSTRUCTIONS __attribute__((target("bmi,popcnt")))
#else
#define MUSTER_BIT_INSTRUCTIONS
#endif

namespace muster::parser {

/// The number of the lowest bit, which goes; 64 if there is none.
MUSTER_BIT_INSTRUCTIONS inline std::uint64_t TakeFirstBit(std::uint64_t& bits) {
#if defined(__x86_64__)
  const std::uint64_t first = __builtin_ia32_tzcnt_u64(bits);
#else
  const auto first = static_cast<std::uint64_t>(std::countr_zero(bits));
#endif
  bits &= bits - 1;
  return first;
}

/// A bit for each of 64 bytes, the lowest for the first.
struct ByteBits {
  std::uint64_t name_ends, carriage_returns, line_feeds;
  std::uint64_t nuls;  // not zero if there is any
};

/// One pass over one section. Line feeds are looked for one byte ahead: the one behind a CR then
/// has the bit of the CR, and what is in one row only is no line end.
class ByteIndexPass {
 public:
  static constexpr std::size_t kWordBytes = ByteIndex::kWordBytes;

  explicit ByteIndexPass(ByteIndex& index)
      : index_(&index),
        next_word_(index.name_ends_.data()),
        next_line_(index.line_feeds_.data()),
        last_line_(next_line_ + ByteIndex::kMaxLines) {}

  /// The next 64 bytes; the first bit of `next_line_feeds` is for the second of them. True if the
  /// section ends with one of these line feeds, or there is no use in going on.
  MUSTER_BIT_INSTRUCTIONS bool Add(std::uint64_t name_ends, std::uint64_t next_line_feeds) {
    *next_word_++ = name_ends;
    const std::uint64_t ends = next_line_feeds & (next_line_feeds << 2 | line_feeds_ >> 62);
    line_feeds_ = next_line_feeds;
    if (ends == 0) [[likely]]
      return !AddLines(next_line_feeds);
    ended_ = true;
    section_ = ends ^ (ends - 1);
    AddLines(next_line_feeds & section_);
    return true;
  }

  /// The rest, 64 bytes at most: the bits are those of the last 64 bytes.
  MUSTER_BIT_INSTRUCTIONS void AddRest(const ByteBits& last, std::size_t rest) {
    const std::size_t seen = kWordBytes - rest;
    const std::uint64_t next_line_feeds = last.line_feeds >> seen >> 1;
    Add(last.name_ends >> seen, next_line_feeds);
    Refuse(((last.carriage_returns >> seen ^ next_line_feeds) & section_) | last.nuls);
  }

  /// Of the 64 bytes added last, those up to the section's end.
  std::uint64_t section() const { return section_; }

  /// If there is anything: the section gets no index.
  void Refuse(std::uint64_t damage) { damage_ |= damage; }

  /// True if the section has its index.
  bool Finish() {
    *next_word_ = ~std::uint64_t{0};  // the last line feed may have the first bit
    index_->line_count_ = static_cast<std::size_t>(next_line_ - index_->line_feeds_.data());
    return ended_ && damage_ == 0;
  }

 private:
  // Two are written whether they are there or not: how many there are cannot be foreseen.
  MUSTER_BIT_INSTRUCTIONS bool AddLines(std::uint64_t lines) {
    std::uint16_t* at = next_line_;
    next_line_ += __builtin_popcountll(lines);
    if (next_line_ > last_line_) {
      next_line_ = at;
      damage_ = 1;
      return false;
    }
    do {
      std::uint32_t two = first_ + static_cast<std::uint32_t>(TakeFirstBit(lines));
      two += static_cast<std::uint32_t>(TakeFirstBit(lines)) << 16;
      std::memcpy(at, &two, sizeof(two));
      at += 2;
    } while (lines != 0);
    first_ += kWordBytes * 0x1'0001;
    return true;
  }

  ByteIndex* index_;
  std::uint64_t* next_word_;
  std::uint16_t* next_line_;
  const std::uint16_t* last_line_;
  std::uint32_t first_ = 0x1'0001;  // twice the offset that the first bit of a word stands for
  std::uint64_t line_feeds_ = 0;    // of the word before
  std::uint64_t section_ = ~std::uint64_t{0};
  std::uint64_t damage_ = 0;
  bool ended_ = false;
};

/// ByteIndex::Build for 64 to kMaxBytes bytes.
bool BuildAvx2(std::string_view bytes, ByteIndex& index);
bool BuildAvx512(std::string_view bytes, ByteIndex& index);

/// What a byte is looked up in by its halves: it is a character of a host name if the entries have
/// a bit in common.
using NibbleTable = std::array<std::uint8_t, 16>;
inline constexpr NibbleTable kHighNibbleBits = {1, 2, 4, 8, 16, 32, 64, 128};
inline constexpr NibbleTable kLowNibbleBits = [] {
  NibbleTable table{};
  for (unsigned c = 0; c < 0x80; ++c) {
    if (!Is(static_cast<char>(c), kHostName)) continue;
    table[c % 16] = static_cast<std::uint8_t>(table[c % 16] | kHighNibbleBits[c / 16]);
  }
  return table;
}();

}  // namespace muster::parser
