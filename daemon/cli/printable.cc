#include "printable.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace muster::daemon::cli {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;  // 0 when it is no UTF-8
};

/// The first of `text`, which is not empty. Overlong forms and surrogates are let through: they
/// command nothing.
Character FirstOf(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
  std::uint32_t code = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i != bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {};
    code = code << 6 | (next & 0x3FU);
  }
  return {code, bytes};
}

bool IsPrintable(std::uint32_t code) {
  struct Range {
    std::uint32_t first;
    std::uint32_t last;
  };
  static constexpr std::array<Range, 6> kCommands = {{{0x0, 0x1F},
                                                      {0x7F, 0x9F},
                                                      {0x61C, 0x61C},
                                                      {0x200E, 0x200F},
                                                      {0x2028, 0x202E},
                                                      {0x2066, 0x2069}}};
  for (const Range& range : kCommands) {
    if (range.first <= code && code <= range.last) return false;
  }
  return true;
}

/// All of these are in the Basic Multilingual Plane.
void AppendEscape(std::uint32_t code, std::string& out) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += "0123456789abcdef"[code >> shift & 15];
}

}  // namespace

std::string Printable(std::string_view utf8) {
  std::string text;
  text.reserve(utf8.size());
  while (!utf8.empty()) {
    const Character first = FirstOf(utf8);
    const std::size_t bytes = first.bytes == 0 ? 1 : first.bytes;
    if (first.bytes != 0 && IsPrintable(first.code)) {
      text.append(utf8, 0, bytes);
    } else {
      text += '?';
    }
    utf8.remove_prefix(bytes);
  }
  return text;
}

std::string PrintableJson(std::string_view json) {
  std::string text;
  text.reserve(json.size());
  while (!json.empty()) {
    const Character first = FirstOf(json);
    const std::size_t bytes = first.bytes == 0 ? 1 : first.bytes;
    if (first.bytes == 0) {
      text += '?';
    } else if (first.code < ' ' || IsPrintable(first.code)) {
      text.append(json, 0, bytes);
    } else {
      AppendEscape(first.code, text);
    }
    json.remove_prefix(bytes);
  }
  return text;
}

}  // namespace muster::daemon::cli
