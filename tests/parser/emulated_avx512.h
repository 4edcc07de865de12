#pragma once

#include <string_view>

#include "parser/byte_index_pass.h"

namespace muster::parser {

/// BuildAvx512, compiled against SIMDe's emulation: it runs where there is no AVX-512.
bool BuildAvx512Emulated(std::string_view bytes, ByteIndex& index);

}  // namespace muster::parser
