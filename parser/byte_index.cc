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
  ByteIndexPass pass(*this);
  switch (instructions) {
#if defined(__x86_64__)
    case Instructions::kAvx2:
      AddAllAvx2(bytes, pass);
      break;
    case Instructions::kAvx512:
      AddAllAvx512(bytes, pass);
      break;
#endif
    default:
      return false;
  }
  return pass.Finish();
}

}  // namespace muster::parser
