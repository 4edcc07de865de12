#pragma once

// Reads a header field value or a URI from left to right: the primitives that all parsers of this
// folder are made of. Never looks past the end of its text.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "char_class.h"
#include "muster/parser/error.h"

namespace muster::parser {

class Scanner {
 public:
  explicit Scanner(std::string_view text)
      : begin_(text.data()), position_(text.data()), end_(text.data() + text.size()) {}

  bool AtEnd() const { return position_ == end_; }
  bool At(char c) const { return position_ != end_ && *position_ == c; }
  const char* position() const { return position_; }
  /// From `start`, an earlier position().
  std::string_view Since(const char* start) const {
    return {start, static_cast<std::size_t>(position_ - start)};
  }
  std::string_view Rest() const { return {position_, static_cast<std::size_t>(end_ - position_)}; }
  void Advance(std::size_t count) { position_ += count; }

  bool Skip(char c) {
    if (!At(c)) return false;
    ++position_;
    return true;
  }

  /// White space and folds (LWS of RFC 3261 25.1): a CRLF counts only before a space or tab.
  void SkipLws() {
    while (position_ != end_ && static_cast<unsigned char>(*position_) <= ' ' && SkipOneLws()) {
    }
  }

  /// The longest run of characters of a class; may be empty.
  std::string_view Take(CharClass classes) {
    const char* const start = position_;
    position_ = Run(start, classes);
    return Since(start);
  }

  /// The same, %HH included.
  std::string_view TakeEscaped(CharClass classes) {
    const char* const start = position_;
    for (;;) {
      position_ = Run(position_, classes);
      if (end_ - position_ < 3 || *position_ != '%' || !Is(position_[1], kHexDigit) ||
          !Is(position_[2], kHexDigit)) {
        return Since(start);
      }
      position_ += 3;
    }
  }

  /// At '"': a quoted string with its quotes. False, and not moved, when it does not end.
  bool TakeQuoted(std::string_view& quoted);

  /// Notes the error at the current position. Always false, for `return in.Fail(...)`.
  bool Fail(ErrorCode code, ParseError& error) const {
    error = {code, static_cast<std::uint32_t>(position_ - begin_)};
    return false;
  }

 private:
  bool SkipOneLws();

  // In registers: a loop over position_ itself would store it at every byte.
  const char* Run(const char* at, CharClass classes) const {
    const char* const end = end_;
    while (at != end && Is(*at, classes)) ++at;
    return at;
  }

  const char* begin_;
  const char* position_;
  const char* end_;
};

/// Without LWS on either side.
std::string_view TrimLws(std::string_view text);
inline std::string_view Trim(std::string_view text) {
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) > ' '; };
  const bool trimmed = !text.empty() && is_plain(text.front()) && is_plain(text.back());
  return trimmed ? text : TrimLws(text);
}

/// 1*DIGIT up to `max`; nullopt for anything else. Linear, however many digits there are.
std::optional<std::uint32_t> ParseNumber(std::string_view text, std::uint32_t max);

/// A NUL that is not the second half of a quoted-pair inside a quoted string, which is the only
/// place where RFC 3261 25.1 allows one.
bool HasStrayNul(std::string_view text);

}  // namespace muster::parser
