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

MUSTER_AVX2 inline std::uint64_t Equal(__m256i low, __m256i high, char c) {
  const __m256i each = _mm256_set1_epi8(c);
  return TopBits(_mm256_cmpeq_epi8(low, each), _mm256_cmpeq_epi8(high, each));
}

MUSTER_AVX2 inline __m256i Table(const NibbleTable& table) {
  return _mm256_broadcastsi128_si256(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// A byte from 0x80 on selects nothing, in either table.
MUSTER_AVX2 inline __m256i LookUp(__m256i bytes) {
  const __m256i high_nibbles =
      _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
  return _mm256_and_si256(_mm256_shuffle_epi8(Table(kLowNibbleBits), bytes),
                          _mm256_shuffle_epi8(Table(kHighNibbleBits), high_nibbles));
}

}  // namespace

MUSTER_AVX2 void AddWordsAvx2(const char* bytes, std::size_t words, ByteIndexPass& pass) {
  ByteIndexPass local = pass;  // in registers
  const char* const end = bytes + words * ByteIndexPass::kWordBytes;
  for (; bytes != end && !local.done(); bytes += ByteIndexPass::kWordBytes) {
    const auto* const from = reinterpret_cast<const __m256i*>(bytes);
    const __m256i low = _mm256_loadu_si256(from), high = _mm256_loadu_si256(from + 1);
    const __m256i low_bits = LookUp(low), high_bits = LookUp(high);
    local.Add({.name_ends = Equal(low_bits, high_bits, 0),
               .digits = TopBits(low_bits, high_bits),
               .dots = Equal(low, high, '.'),
               .carriage_returns = Equal(low, high, '\r'),
               .line_feeds = Equal(low, high, '\n'),
               .nuls = Equal(low, high, '\0')});
  }
  pass = local;
}

}  // namespace muster::parser

#endif
