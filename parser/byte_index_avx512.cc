#include "byte_index_pass.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define MUSTER_AVX512 __attribute__((target("avx512f,avx512bw,bmi,popcnt")))

namespace muster::parser {
namespace {

MUSTER_AVX512 inline std::uint64_t Equal(__m512i bytes, char c) {
  return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c));
}

MUSTER_AVX512 inline __m512i Table(const NibbleTable& table) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// A byte from 0x80 on selects nothing, in either table.
MUSTER_AVX512 inline __m512i LookUp(__m512i bytes) {
  const __m512i high_nibbles =
      _mm512_and_si512(_mm512_srli_epi16(bytes, 4), _mm512_set1_epi8(0x0F));
  return _mm512_and_si512(_mm512_shuffle_epi8(Table(kLowNibbleBits), bytes),
                          _mm512_shuffle_epi8(Table(kHighNibbleBits), high_nibbles));
}

}  // namespace

MUSTER_AVX512 void AddWordsAvx512(const char* bytes, std::size_t words, ByteIndexPass& pass) {
  ByteIndexPass local = pass;  // in registers
  const char* const end = bytes + words * ByteIndexPass::kWordBytes;
  for (; bytes != end && !local.done(); bytes += ByteIndexPass::kWordBytes) {
    const __m512i block = _mm512_loadu_si512(bytes);
    const __m512i bits = LookUp(block);
    local.Add({.name_ends = Equal(bits, 0),
               .carriage_returns = Equal(block, '\r'),
               .line_feeds = Equal(block, '\n'),
               .nuls = Equal(block, '\0')});
  }
  pass = local;
}

}  // namespace muster::parser

#endif
