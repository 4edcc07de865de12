#pragma once

// Reads a header field value or a URI from left to right: the primitives that all parsers of this
// folder are made of. Never looks past the end of its text.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "byte_index.h"
#include "char_class.h"
#include "muster/parser/error.h"

namespace muster::parser {

/// A header section that may have an index. A Scanner may read a part of it, one that ends where no
/// character of a host name stands.
struct Section {
  const ByteIndex* index = nullptr;  // none: byte by byte
  const char* begin = nullptr;       // the byte at offset 0 of the index
};

class Scanner {
 public:
  explicit Scanner(std::string_view text, Section section = {})
      : position_(text.data()),
        end_(text.data() + text.size()),
        begin_(text.data()),
        section_(section) {}

  bool AtEnd() const { return position_ == end_; }
  bool At(char c) const { return position_ != end_ && *position_ == c; }
  const char* position() const { return position_; }
  /// From `start`, an earlier position().
  std::string_view Since(const char* start) const {
    return {start, static_cast<std::size_t>(position_ - start)};
  }
  std::string_view Rest() const { return {position_, static_cast<std::size_t>(end_ - position_)}; }
  void Advance(std::size_t count) { position_ += count; }
  /// The next `size` bytes, for who must not read further. Its errors are this one's.
  Scanner Part(std::size_t size) const {
    Scanner part = *this;
    part.end_ = position_ + size;
    return part;
  }
  /// To the same place as `other`, which reads the same text.
  void MoveTo(const Scanner& other) { position_ = other.position_; }

  bool Skip(char c) {
    if (!At(c)) return false;
    ++position_;
    return true;
  }
  bool Skip(std::string_view text) {
    if (!Rest().starts_with(text)) return false;
    position_ += text.size();
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
    position_ = RunEnd(start, classes);
    return Since(start);
  }

  /// The same, %HH included.
  std::string_view TakeEscaped(CharClass classes) {
    const char* const start = position_;
    for (;;) {
      position_ = RunEnd(position_, classes);
      if (!AtEscape()) return Since(start);
      position_ += 3;
    }
  }

  /// At '"': a quoted string with its quotes. False, and not moved, when it does not end.
  bool TakeQuoted(std::string_view& quoted);

  /// The number that `digits`, a part of the text, says: 1*DIGIT, up to `max`; nullopt for anything
  /// else.
  std::optional<std::uint32_t> NumberIn(std::string_view digits, std::uint32_t max) const;

  /// Bits for the first ByteIndex::kWindowBits bytes from the position on; nullopt when there is no
  /// index.
  std::optional<std::uint64_t> Window(ByteIndex::Row row) const {
    if (section_.index == nullptr) return std::nullopt;
    return section_.index->Window(row, OffsetOf(position_));
  }

  /// Notes the error at the current position. Always false, for `return in.Fail(...)`.
  bool Fail(ErrorCode code, ParseError& error) const {
    error = {code, static_cast<std::uint32_t>(position_ - begin_)};
    return false;
  }

 private:
  bool SkipOneLws();
  bool AtEscape() const {
    return end_ - position_ >= 3 && *position_ == '%' && Is(position_[1], kHexDigit) &&
           Is(position_[2], kHexDigit);
  }
  std::size_t OffsetOf(const char* at) const {
    return static_cast<std::size_t>(at - section_.begin);
  }

  const char* RunEnd(const char* at, CharClass classes) const {
    const bool with_host_name = (classes & ~kWithHostName) == 0;
    if (!with_host_name || section_.index == nullptr) return RunEndByBytes(at, end_, classes);
    // A part of a section ends where a name does, so that there is no end to look for.
    for (;; ++at) {
      at = NameEnd(at);
      if (!Is(*at, classes) || at == end_) return at;
    }
  }
  const char* NameEnd(const char* at) const {
    constexpr std::uint64_t kWindowEnd = std::uint64_t{1} << ByteIndex::kWindowBits;
    for (;;) {
      const auto ends = section_.index->Window(ByteIndex::kNameEnds, OffsetOf(at)) | kWindowEnd;
      const auto run = static_cast<std::size_t>(std::countr_zero(ends));
      at += run;
      if (run != ByteIndex::kWindowBits) return at;
    }
  }
  static const char* RunEndByBytes(const char* at, const char* end, CharClass classes);

  const char* position_;
  const char* end_;
  const char* begin_;
  Section section_;
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
