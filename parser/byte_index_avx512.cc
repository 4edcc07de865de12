#include "byte_index_pass.h"

#if defined(__x86_64__) || defined(MUSTER_AVX512)

// A test that emulates the intrinsics, for processors without, has defined it.
#if !defined(MUSTER_AVX512)
#include <immintrin.h>
#define MUSTER_AVX512 __attribute__((target("avx512f,avx512bw,bmi,popcnt")))
#endif

namespace muster::parser {
namespace {

MUSTER_AVX512 inline std::uint64_t Equal(__m512i bytes, char c) {
  return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c));
}

MUSTER_AVX512 inline __m512i FourTimes(const NibbleTable& table) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

MUSTER_AVX512 inline ByteBits BitsOf(const char* block) {
  const __m512i bytes = _mm512_loadu_si512(block);
  // A byte from 0x80 on selects nothing, in either table.
  const __m512i high_nibbles =
      _mm512_and_si512(_mm512_srli_epi16(bytes, 4), _mm512_set1_epi8(0x0F));
  return {.name_ends =
              ~_mm512_test_epi8_mask(_mm512_shuffle_epi8(FourTimes(kLowNibbleBits), bytes),
                                     _mm512_shuffle_epi8(FourTimes(kHighNibbleBits), high_nibbles)),
          .carriage_returns = Equal(bytes, '\r'),
          .line_feeds = Equal(bytes, '\n'),
          .nuls = Equal(bytes, '\0')};
}

}  // namespace

MUSTER_AVX512 bool BuildAvx512(std::string_view bytes, ByteIndex& index) {
  constexpr std::size_t kWordBytes = ByteIndexPass::kWordBytes;
  ByteIndexPass pass(index);
  const char* const end = bytes.data() + bytes.size();
  const char* const last = end - kWordBytes;
  const char* at = bytes.data();
  pass.Refuse(*at == '\n');
  for (; at < last; at += kWordBytes) {
    const ByteBits bits = BitsOf(at);
    const std::uint64_t next_line_feeds = Equal(_mm512_loadu_si512(at + 1), '\n');
    const bool done = pass.Add(bits.name_ends, next_line_feeds);
    pass.Refuse(((bits.carriage_returns ^ next_line_feeds) & pass.section()) | bits.nuls);
    if (done) return pass.Finish();
  }
  pass.AddRest(BitsOf(last), static_cast<std::size_t>(end - at));
  return pass.Finish();
}

}  // namespace muster::parser

#endif
