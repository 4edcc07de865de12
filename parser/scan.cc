#include "scan.h"

namespace muster::parser {

std::string_view TrimLws(std::string_view text) {
  Scanner in(text);
  in.SkipLws();
  text = in.Rest();
  // A CR or LF at the end that is no part of a fold stays: it is for the caller to refuse.
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    const std::size_t size = text.size();
    const bool fold = size >= 3 && text[size - 2] == '\n' && text[size - 3] == '\r';
    text.remove_suffix(fold ? 3 : 1);
  }
  return text;
}

std::optional<std::uint32_t> ParseNumber(std::string_view text, std::uint32_t max) {
  if (text.empty()) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    if (!Is(c, kDigit)) return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
    if (number > max) return std::nullopt;
  }
  return static_cast<std::uint32_t>(number);
}

bool HasStrayNul(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      quoted = !quoted;
    } else if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '\0') {
      return true;
    }
  }
  return quoted && text.find('\0') != std::string_view::npos;
}

}  // namespace muster::parser
