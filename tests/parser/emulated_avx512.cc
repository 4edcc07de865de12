#include "emulated_avx512.h"

#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>

#define MUSTER_AVX512
#define BuildAvx512 BuildAvx512Emulated
#include "parser/byte_index_avx512.cc"
