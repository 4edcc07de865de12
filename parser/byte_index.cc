#include "byte_index.h"

#include <algorithm>

#include "byte_index_pass.h"

namespace muster::parser {
namespace {

#if defined(__x86_64__)
void AddWords(Instructions instructions, const char* bytes, std::size_t words,
              ByteIndexPass& pass) {
  const auto add = instructions == Instructions::kAvx512 ? AddWordsAvx512 : AddWordsAvx2;
  add(bytes, words, pass);
}
#else
void AddWords(Instructions, const char*, std::size_t, ByteIndexPass&) {}
#endif

}  // namespace

Instructions BestInstructions() {
#if defined(__x86_64__)
  const bool bits = __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
  if (bits && __builtin_cpu_supports("avx512bw")) return Instructions::kAvx512;
  if (bits && __builtin_cpu_supports("avx2")) return Instructions::kAvx2;
#endif
  return Instructions::kPortable;
}

bool ByteIndex::Build(std::string_view bytes, Instructions instructions) {
  if (instructions == Instructions::kPortable) return false;
  ByteIndexPass pass(*this);
  const std::size_t whole_words = std::min(bytes.size(), kMaxBytes) / kWordBytes;
  AddWords(instructions, bytes.data(), whole_words, pass);
  if (!pass.done() && whole_words * kWordBytes < kMaxBytes) {
    // The rest, on a block of spaces: a pass reads 64 bytes at a time, and these may end a page.
    std::array<char, kWordBytes> block;
    block.fill(' ');
    const std::string_view rest = bytes.substr(whole_words * kWordBytes);
    std::memcpy(block.data(), rest.data(), rest.size());
    AddWords(instructions, block.data(), 1, pass);
  }
  return pass.Finish();
}

}  // namespace muster::parser
