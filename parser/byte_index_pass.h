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

/// One pass over one section.
class ByteIndexPass {
 public:
  static constexpr std::size_t kWordBytes = ByteIndex::kWordBytes;

  explicit ByteIndexPass(ByteIndex& index) : index_(&index) {}

  /// The next 64 bytes.
  MUSTER_BIT_INSTRUCTIONS void Add(const ByteBits& bits) {
    index_->name_ends_[word_] = bits.name_ends;
    const std::uint64_t behind_one = bits.carriage_returns << 1 | carriage_returns_ >> 63;
    const std::uint64_t ends = bits.line_feeds & (bits.line_feeds << 2 | line_feeds_ >> 62);
    const std::uint64_t section = ends ^ (ends - 1);  // up to the first end, if there is one
    const std::uint64_t lines = bits.line_feeds & section;
    damage_ |= (lines ^ (behind_one & section)) | bits.nuls;
    ended_ = ends != 0;
    carriage_returns_ = bits.carriage_returns;
    line_feeds_ = bits.line_feeds;
    AddLines(lines);
    ++word_;
  }

  /// The rest, fewer than 64 bytes: the bits are those of the last 64 bytes.
  MUSTER_BIT_INSTRUCTIONS void AddRest(const ByteBits& last, std::size_t rest) {
    const std::size_t seen = kWordBytes - rest;
    Add({.name_ends = last.name_ends >> seen,
         .carriage_returns = last.carriage_returns >> seen,
         .line_feeds = last.line_feeds >> seen,
         .nuls = last.nuls});
  }

  /// The empty line was there, or there is no use in going on.
  bool done() const { return ended_ || damage_ != 0; }

  /// True if the section has its index.
  bool Finish() {
    index_->name_ends_[word_] = 0;
    index_->line_count_ = lines_;
    return ended_ && damage_ == 0;
  }

 private:
  // Two are written whether they are there or not: how many there are cannot be foreseen.
  MUSTER_BIT_INSTRUCTIONS void AddLines(std::uint64_t lines) {
    const std::size_t end = lines_ + static_cast<std::size_t>(__builtin_popcountll(lines));
    if (end > ByteIndex::kMaxLines) {
      damage_ = 1;
      return;
    }
    std::uint16_t* at = index_->line_feeds_.data() + lines_;
    const auto first = static_cast<std::uint32_t>(word_ * kWordBytes * 0x1'0001);
    do {
      std::uint32_t two = first + static_cast<std::uint32_t>(TakeFirstBit(lines));
      two += static_cast<std::uint32_t>(TakeFirstBit(lines)) << 16;
      std::memcpy(at, &two, sizeof(two));
      at += 2;
    } while (lines != 0);
    lines_ = end;
  }

  ByteIndex* index_;
  std::size_t word_ = 0;
  std::size_t lines_ = 0;
  std::uint64_t carriage_returns_ = 0;  // of the word before
  std::uint64_t line_feeds_ = 0;
  std::uint64_t damage_ = 0;
  bool ended_ = false;
};

/// Goes over all of `bytes`, 64 at least, or until the pass is done.
void AddAllAvx2(std::string_view bytes, ByteIndexPass& pass);
void AddAllAvx512(std::string_view bytes, ByteIndexPass& pass);

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
