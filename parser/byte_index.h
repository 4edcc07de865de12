#pragma once

// Where names end, for all bytes of a header section at once.
//
// Reading a token byte by byte costs a branch misprediction at its end, since no two tokens are
// equally long; that is most of the time that a parser takes. Here one SIMD pass over the section
// asks of each byte what it is, and keeps the answer as a bit. The end of a run is then the first
// bit that is set: a load, a shift, and a count of zeros, whatever its length.
//
//   bytes        V i a :   S I P / 2 . 0
//   name ends    0 0 0 1 1 0 0 0 1 0 0 0     no character of a host name
//
// Host names' characters are in every class that a run may be long of (kWithHostName of
// char_class.h), so that these bits serve them all: where a name ends, such a run may go on.
//
// The pass is written for AVX2 and for AVX-512 (byte_index_avx2.cc, byte_index_avx512.cc). Without
// either there is no index, and the Scanner goes byte by byte to the same places.
//
// Thread-compatible. An index knows nothing of the bytes' place, only offsets into them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace muster::parser {

enum class Instructions : std::uint8_t { kPortable, kAvx2, kAvx512 };

/// The best that this processor has.
Instructions BestInstructions();

class ByteIndex {
 public:
  /// A header section beyond these is read without an index, and so is a message of fewer than 64
  /// bytes.
  static constexpr std::size_t kMaxBytes = 7'168;
  static constexpr std::size_t kMaxLines = 192;

  /// Indexes the header section that `bytes` begins with, its empty line included. False when there
  /// is no whole one within the bounds above, when it holds a CR or LF that is no line end, when a
  /// NUL is in it or in what else was looked at with its end, or with kPortable; nothing else may
  /// be asked then.
  bool Build(std::string_view bytes, Instructions instructions);

  /// Offsets of the LFs, the empty line's the last.
  std::span<const std::uint16_t> line_feeds() const { return {line_feeds_.data(), line_count_}; }

  /// Bytes that NameEnds tells of.
  static constexpr std::size_t kWindowBits = 57;
  /// The lowest bit is for the byte at `offset`, which is one of the section's. Bit kWindowBits is
  /// set in any case, so that there is one; those above it mean nothing.
  std::uint64_t NameEnds(std::size_t offset) const {
    std::uint64_t bits;
    std::memcpy(&bits, reinterpret_cast<const char*>(name_ends_.data()) + offset / 8, sizeof(bits));
    return bits >> (offset % 8) | std::uint64_t{1} << kWindowBits;
  }

 private:
  friend class ByteIndexPass;

  static constexpr std::size_t kWordBytes = 64;

  // Word n is for the 64 bytes from 64 * n on. There is one more, for NameEnds to look into.
  std::array<std::uint64_t, kMaxBytes / kWordBytes + 1> name_ends_;
  std::size_t line_count_ = 0;
  std::array<std::uint16_t, kMaxLines + 2> line_feeds_;  // and what a pass writes in excess
};

}  // namespace muster::parser
