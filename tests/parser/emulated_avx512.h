#pragma once

#include <string_view>

#include "parser/byte_index_pass.h"

namespace muster::parser {

/// AddAllAvx512, compiled against SIMDe's emulation: it runs where there is no AVX-512.
void AddAllAvx512Emulated(std::string_view bytes, ByteIndexPass& pass);

}  // namespace muster::parser
