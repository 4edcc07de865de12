#include "printable.h"

namespace muster::daemon::cli {

std::string Printable(std::string_view utf8) {
  std::string text;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    const bool is_c1 =
        byte == 0xC2 && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xA0;
    if (is_c1) ++i;
    text += byte < ' ' || byte == 0x7F || is_c1 ? '?' : utf8[i];
  }
  return text;
}

}  // namespace muster::daemon::cli
