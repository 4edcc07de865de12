#pragma once

#include <cstddef>
#include <string>

namespace muster::http {

/// What a ChunkProducer hands out: moves up to `most` bytes from the front of `written` to `chunk`,
/// in place of what was there.
void TakeChunk(std::string& written, std::size_t most, std::string& chunk);

}  // namespace muster::http
