#pragma once

#include <string_view>

#include "parser/byte_index_pass.h"

namespace muster::parser {

/// AddAllAvx512, compiled against SIMDe's emulation: it runs on any processor.
void AddAllAvx512Emulated(std::string_view bytes, ByteIndexPass& pass);

}  // namespace muster::parser
