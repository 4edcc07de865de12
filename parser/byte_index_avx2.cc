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

// Not zero if any is.
MUSTER_AVX2 inline std::uint64_t AnyZero(__m256i low, __m256i high) {
  const __m256i lesser = _mm256_min_epu8(low, high);
  return static_cast<std::uint32_t>(
      _mm256_movemask_epi8(_mm256_cmpeq_epi8(lesser, _mm256_setzero_si256())));
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

MUSTER_AVX2 void AddAllAvx2(std::string_view bytes, ByteIndexPass& pass) {
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
  const auto bits_of = [&](const char* block) MUSTER_AVX2 {
    const auto* const from = reinterpret_cast<const __m256i*>(block);
    const __m256i low = _mm256_loadu_si256(from), high = _mm256_loadu_si256(from + 1);
    return ByteBits{.name_ends = Equal(look_up(low), look_up(high), none),
                    .carriage_returns = Equal(low, high, carriage_return),
                    .line_feeds = Equal(low, high, line_feed),
                    .nuls = AnyZero(low, high)};
  };
  ByteIndexPass local = pass;  // in registers
  const char* const end = bytes.data() + bytes.size();
  const char* at = bytes.data();
  for (; end - at >= std::ptrdiff_t{kWordBytes} && !local.done(); at += kWordBytes) {
    local.Add(bits_of(at));
  }
  if (at != end && !local.done()) {
    local.AddRest(bits_of(end - kWordBytes), static_cast<std::size_t>(end - at));
  }
  pass = local;
}

}  // namespace muster::parser

#endif
