#include "scan.h"

namespace muster::parser {

bool Scanner::SkipOneLws() {
  if (*position_ == ' ' || *position_ == '\t') {
    ++position_;
    return true;
  }
  const bool fold = end_ - position_ >= 3 && position_[0] == '\r' && position_[1] == '\n' &&
                    (position_[2] == ' ' || position_[2] == '\t');
  if (fold) position_ += 3;
  return fold;
}

bool Scanner::TakeQuoted(std::string_view& quoted) {
  const char* const start = position_;
  const auto give_up = [&] {
    position_ = start;
    return false;
  };
  ++position_;
  for (;;) {
    position_ = RunEnd(position_, kQuotedPlain);
    if (position_ == end_) return give_up();
    if (*position_ == '"') {
      ++position_;
      quoted = Since(start);
      return true;
    }
    if (*position_ == '\\') {
      // quoted-pair: anything but CR and LF, NUL included.
      if (end_ - position_ < 2 || position_[1] == '\r' || position_[1] == '\n') return give_up();
      position_ += 2;
    } else if (*position_ == '\0' || !SkipOneLws()) {
      return give_up();
    }
  }
}

const char* Scanner::RunEndByBytes(const char* at, const char* end, CharClass classes) {
  while (at != end && Is(*at, classes)) ++at;
  return at;
}

std::optional<std::uint32_t> Scanner::NumberIn(std::string_view digits, std::uint32_t max) const {
  constexpr std::size_t kChunk = 8;
  constexpr std::uint64_t kZeros = 0x3030'3030'3030'3030;
  // What stands in front of a part of a section can be read along with it.
  const bool chunk_is_there =
      section_.index != nullptr && !digits.empty() && digits.size() <= kChunk &&
      digits.data() + digits.size() - section_.begin >= std::ptrdiff_t{kChunk};
  if (!chunk_is_there) return ParseNumber(digits, max);
  std::uint64_t chunk;
  std::memcpy(&chunk, digits.data() + digits.size() - kChunk, kChunk);
  // The first byte is the lowest: bytes in front of the digits become '0's.
  chunk = (chunk ^ kZeros) & ~std::uint64_t{0} << (kChunk - digits.size()) * 8;
  const bool all_digits = ((chunk | (chunk + 0x0606'0606'0606'0606)) & 0xF0F0'F0F0'F0F0'F0F0) == 0;
  // Pairs of digits, fours, and all eight.
  chunk = (chunk * 10 + (chunk >> 8)) & 0x00FF'00FF'00FF'00FF;
  chunk = (chunk * 100 + (chunk >> 16)) & 0x0000'FFFF'0000'FFFF;
  chunk = (chunk * 10'000 + (chunk >> 32)) & 0xFFFF'FFFF;
  if (!all_digits || chunk > max) return std::nullopt;
  return static_cast<std::uint32_t>(chunk);
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
