#include "byte_index_pass.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define MUSTER_AVX2 __attribute__((target("avx2,bmi,popcnt")))

namespace muster::parser {
namespace {

// The top bit of each of 64 bytes.
MUSTER_AVX2 inline std::uint64_t TopBits(__m256i low, __m256i high) {
  const auto low_bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(low));
  const auto high_bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(high));
  return low_bits | std::uint64_t{high_bits} << 32;
}

MUSTER_AVX2 inline std::uint64_t Equal(__m256i low, __m256i high, __m256i to) {
  return TopBits(_mm256_cmpeq_epi8(low, to), _mm256_cmpeq_epi8(high, to));
}

MUSTER_AVX2 inline __m256i Load(const char* bytes) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
}

MUSTER_AVX2 inline __m256i Twice(const NibbleTable& table) {
  return _mm256_broadcastsi128_si256(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// In a register of its own: GCC would make it anew for each block.
MUSTER_AVX2 inline __m256i Each(char c) {
  __m256i each = _mm256_set1_epi8(c);
  __asm__("" : "+x"(each));
  return each;
}

}  // namespace

MUSTER_AVX2 bool BuildAvx2(std::string_view bytes, ByteIndex& index) {
  constexpr std::size_t kWordBytes = ByteIndexPass::kWordBytes;
  const __m256i low_table = Twice(kLowNibbleBits), high_table = Twice(kHighNibbleBits);
  const __m256i nibble = Each(0x0F), none = Each('\0');
  const __m256i carriage_return = Each('\r'), line_feed = Each('\n');
  // A byte from 0x80 on selects nothing, in either table.
  const auto look_up = [&](__m256i each) MUSTER_AVX2 {
    const __m256i high_nibble = _mm256_and_si256(_mm256_srli_epi16(each, 4), nibble);
    return _mm256_and_si256(_mm256_shuffle_epi8(low_table, each),
                            _mm256_shuffle_epi8(high_table, high_nibble));
  };
  const auto name_ends = [&](__m256i low, __m256i high)
                             MUSTER_AVX2 { return Equal(look_up(low), look_up(high), none); };
  ByteIndexPass pass(index);
  __m256i unpaired = none;  // of CR and LF, but in the word that the end is in
  __m256i least = Each('\xFF');
  const char* const end = bytes.data() + bytes.size();
  const char* const last = end - kWordBytes;
  const char* at = bytes.data();
  pass.Refuse(*at == '\n');
  for (; at < last; at += kWordBytes) {
    const __m256i low = Load(at), high = Load(at + 32);
    const __m256i low_lines = _mm256_cmpeq_epi8(Load(at + 1), line_feed);
    const __m256i high_lines = _mm256_cmpeq_epi8(Load(at + 33), line_feed);
    const __m256i low_unpaired =
        _mm256_xor_si256(low_lines, _mm256_cmpeq_epi8(low, carriage_return));
    const __m256i high_unpaired =
        _mm256_xor_si256(high_lines, _mm256_cmpeq_epi8(high, carriage_return));
    least = _mm256_min_epu8(least, _mm256_min_epu8(low, high));
    if (pass.Add(name_ends(low, high), TopBits(low_lines, high_lines))) {
      pass.Refuse((TopBits(low_unpaired, high_unpaired) & pass.section()) |
                  TopBits(unpaired, _mm256_cmpeq_epi8(least, none)));
      return pass.Finish();
    }
    unpaired = _mm256_or_si256(unpaired, _mm256_or_si256(low_unpaired, high_unpaired));
  }
  const __m256i low = Load(last), high = Load(end - 32);
  pass.AddRest({.name_ends = name_ends(low, high),
                .carriage_returns = Equal(low, high, carriage_return),
                .line_feeds = Equal(low, high, line_feed),
                .nuls = Equal(low, high, none)},
               static_cast<std::size_t>(end - at));
  pass.Refuse(TopBits(unpaired, _mm256_cmpeq_epi8(least, none)));
  return pass.Finish();
}

}  // namespace muster::parser

#endif
