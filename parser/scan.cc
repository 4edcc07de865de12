#include "scan.h"

namespace muster::parser {
namespace {

// Behind one space, tab or fold; `at` if none is there.
const char* AfterOneLws(const char* at, const char* end) {
  if (at >= end) return at;
  if (*at == ' ' || *at == '\t') return at + 1;
  const bool fold =
      end - at >= 3 && at[0] == '\r' && at[1] == '\n' && (at[2] == ' ' || at[2] == '\t');
  return fold ? at + 3 : at;
}

}  // namespace

const char* scan_internal::LwsEnd(const char* at, const char* end) {
  for (const char* next = AfterOneLws(at, end); next != at; next = AfterOneLws(at, end)) at = next;
  return at;
}

const char* scan_internal::EscapedEnd(const char* at, const char* end, CharClass classes) {
  while (at < end) {
    if (Is(*at, classes)) {
      ++at;
    } else if (*at == '%' && end - at >= 3 && Is(at[1], kHexDigit) && Is(at[2], kHexDigit)) {
      at += 3;
    } else {
      break;
    }
  }
  return at;
}

const char* scan_internal::QuotedEnd(const char* at, const char* end) {
  ++at;
  while (at != end && *at != '"') {
    const char* next = at + 1;
    if (*at == '\\') {
      // quoted-pair: anything but CR and LF, NUL included.
      if (end - at < 2 || at[1] == '\r' || at[1] == '\n') return nullptr;
      next = at + 2;
    } else if (!Is(*at, kQuotedPlain)) {
      next = AfterOneLws(at, end);
      if (next == at) return nullptr;
    }
    at = next;
  }
  return at != end ? at + 1 : nullptr;
}

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
