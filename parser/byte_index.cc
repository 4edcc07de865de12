#include "byte_index.h"

#include "byte_index_pass.h"

namespace muster::parser {

Instructions BestInstructions() {
#if defined(__x86_64__)
  const bool bits = __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
  if (bits && __builtin_cpu_supports("avx512bw")) return Instructions::kAvx512;
  if (bits && __builtin_cpu_supports("avx2")) return Instructions::kAvx2;
#endif
  return Instructions::kPortable;
}

bool ByteIndex::Build(std::string_view bytes, Instructions instructions) {
  bytes = bytes.substr(0, kMaxBytes);
  if (bytes.size() < kWordBytes) return false;
  switch (instructions) {
#if defined(__x86_64__)
    case Instructions::kAvx2:
      return BuildAvx2(bytes, *this);
    case Instructions::kAvx512:
      return BuildAvx512(bytes, *this);
#endif
    default:
      return false;
  }
}

}  // namespace muster::parser
