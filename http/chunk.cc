#include "chunk.h"

namespace muster::http {

void TakeChunk(std::string& written, std::size_t most, std::string& chunk) {
  chunk.clear();
  chunk.swap(written);
  if (chunk.size() <= most) return;
  written.assign(chunk, most);
  chunk.resize(most);
}

}  // namespace muster::http
