#pragma once

// Reads a header field value or a URI from left to right: the primitives that all parsers of this
// folder are made of.
//
// There are two readers with one interface, and a rule of the grammar is a template over them:
// Scanner reads any text, byte by byte, and never looks past its end; SectionScanner reads a value
// in a header section that has an index (byte_index.h). It has a line end behind it, so that it
// need not ask for the end before it looks at a byte.
//
// A SectionScanner reads what is usual. At anything else (kGivesUp: an escape, a quoted-pair, an
// IPv6 reference, a name without quotes, a number of nine digits, a fault) its rule fails without
// an error, and who called reads the value again with a Scanner. Every refusal is thus a Scanner's;
// and without calls to what is seldom needed, a SectionScanner stays in registers.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>

#include "byte_index.h"
#include "char_class.h"
#include "muster/parser/error.h"

namespace muster::parser {

/// A header section and its index, which outlives the scanners.
struct Section {
  const ByteIndex* index = nullptr;
  const char* begin = nullptr;
};

namespace scan_internal {

MUSTER_ALWAYS_INLINE std::uint64_t NameEnds(const char* at, const Section& section) {
  return section.index->NameEnds(static_cast<std::size_t>(at - section.begin));
}
/// The end of a host name's characters from `at` on, or of the first ByteIndex::kWindowBits of
/// them.
MUSTER_ALWAYS_INLINE const char* NameEnd(const char* at, const Section& section) {
  return at + __builtin_ctzll(NameEnds(at, section));
}

// What a Scanner meets seldom. By value: a scanner whose address is taken lives in memory.

/// Behind the white space and folds that begin at `at`.
const char* LwsEnd(const char* at, const char* end);
/// `at` a '%': behind the escapes and the characters of the class that begin there.
const char* EscapedEnd(const char* at, const char* end, CharClass classes);
/// `at` a '"': behind the quoted string, or nullptr when it does not end.
const char* QuotedEnd(const char* at, const char* end);

}  // namespace scan_internal

template <bool kIndexed>
class BasicScanner {
 public:
  /// When a rule fails, it may still be that the text follows it.
  static constexpr bool kGivesUp = kIndexed;

  explicit BasicScanner(std::string_view text) requires(!kIndexed)
      : position_(text.data()), end_(text.data() + text.size()), begin_(text.data()) {}

  /// `text` is a part of the section in front of white space or a line end.
  BasicScanner(std::string_view text, const Section& section) requires(kIndexed)
      : position_(text.data()),
        end_(text.data() + text.size()),
        begin_(text.data()),
        section_{section.index, section.begin} {}

  bool AtEnd() const { return position_ == end_; }
  /// Of an indexed scanner, `c` is neither white space nor part of a line end.
  bool At(char c) const { return (kIndexed || position_ != end_) && *position_ == c; }
  const char* position() const { return position_; }
  /// From `start`, an earlier position().
  std::string_view Since(const char* start) const {
    return {start, static_cast<std::size_t>(position_ - start)};
  }
  std::string_view Rest() const { return {position_, static_cast<std::size_t>(end_ - position_)}; }
  void Advance(std::size_t count) { position_ += count; }
  /// To the same place as `other`, which reads the same text.
  void MoveTo(const BasicScanner& other) { position_ = other.position_; }

  MUSTER_ALWAYS_INLINE bool Skip(char c) {
    if (!At(c)) return false;
    ++position_;
    return true;
  }
  /// One space, no more.
  bool SkipSpace() {
    const bool skip = !AtEnd() && *position_ == ' ';
    position_ += skip;
    return skip;
  }
  MUSTER_ALWAYS_INLINE bool Skip(std::string_view text) {
    // Four bytes stand behind every value of a section, the last of them its empty line.
    const bool readable = (kIndexed && text.size() <= 4) || Rest().size() >= text.size();
    if (!readable || std::memcmp(position_, text.data(), text.size()) != 0) return false;
    position_ += text.size();
    return true;
  }

  /// White space and folds (LWS of RFC 3261 25.1): a CRLF counts only before a space or tab.
  MUSTER_ALWAYS_INLINE void SkipLws() {
    if constexpr (kIndexed) {
      if (static_cast<unsigned char>(*position_) > ' ') return;
      while (position_ != end_ && (*position_ == ' ' || *position_ == '\t')) ++position_;
    } else if (!AtEnd() && static_cast<unsigned char>(*position_) <= ' ') {
      position_ = scan_internal::LwsEnd(position_, end_);
    }
  }

  /// The longest run of characters of a class; may be empty.
  MUSTER_ALWAYS_INLINE std::string_view Take(CharClass classes) {
    const char* const start = position_;
    position_ = RunEnd(start, classes);
    return Since(start);
  }

  /// The same, %HH included, at which an indexed scanner stops. No rule goes on with a '%'.
  MUSTER_ALWAYS_INLINE std::string_view TakeEscaped(CharClass classes) {
    const char* const start = position_;
    position_ = RunEnd(start, classes);
    if constexpr (!kIndexed) {
      if (At('%')) position_ = scan_internal::EscapedEnd(position_, end_, classes);
    }
    return Since(start);
  }

  /// At '"': a quoted string with its quotes. False, and not moved, when it does not end, or when
  /// it has a quoted-pair and the scanner an index.
  MUSTER_ALWAYS_INLINE bool TakeQuoted(std::string_view& quoted) {
    const char* const start = position_;
    const char* const end = QuotedEnd();
    if (end == nullptr) return false;
    position_ = end;
    quoted = Since(start);
    return true;
  }

  /// The number that `digits`, a part of the text, says: 1*DIGIT, up to `max`. False for anything
  /// else; with an index also for more than eight digits.
  bool NumberIn(std::string_view digits, std::uint32_t max, std::uint32_t& number) const;

  /// The beginning of the section, which an indexed one reads.
  const char* section_begin() const requires(kIndexed) { return section_.begin; }
  void MoveTo(const char* position) { position_ = position; }

  /// Notes the error at the current position, if that is what it is. Always false, for
  /// `return in.Fail(...)`.
  MUSTER_ALWAYS_INLINE bool Fail(ErrorCode code, ParseError& error) const {
    if constexpr (!kIndexed) error = {code, static_cast<std::uint32_t>(position_ - begin_)};
    return false;
  }

 private:
  struct NoSection {};

  MUSTER_ALWAYS_INLINE const char* RunEnd(const char* at, CharClass classes) const {
    if constexpr (kIndexed) {
      // A run of a narrow class is short, and seldom.
      if ((classes & ~kWithHostName) == 0) return RunEndByIndex(at, classes);
    }
    while (at < end_ && Is(*at, classes)) ++at;
    return at;
  }

  // Where a name ends, such a run ends too, but for its odd characters. The CR of the line is of no
  // class.
  MUSTER_ALWAYS_INLINE const char* RunEndByIndex(const char* at, CharClass classes) const {
    at = scan_internal::NameEnd(at, section_);
    while (Is(*at, classes)) at = scan_internal::NameEnd(at + 1, section_);
    return at;
  }

  MUSTER_ALWAYS_INLINE const char* QuotedEnd() const {
    if constexpr (!kIndexed) {
      return scan_internal::QuotedEnd(position_, end_);
    } else {
      for (const char* at = position_ + 1;;) {
        std::uint64_t ends = scan_internal::NameEnds(at, section_);
        const char* stop;
        do {
          stop = at + __builtin_ctzll(ends);
          ends &= ends - 1;
        } while (Is(*stop, kQuotedPlain) && ends != 0);
        if (*stop == '"') return stop + 1;
        if (!Is(*stop, kQuotedPlain)) return nullptr;
        at = stop;
      }
    }
  }

  const char* position_;
  const char* end_;
  const char* begin_;
  [[no_unique_address]] std::conditional_t<kIndexed, Section, NoSection> section_;
};

using Scanner = BasicScanner<false>;
using SectionScanner = BasicScanner<true>;

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

template <bool kIndexed>
MUSTER_ALWAYS_INLINE bool BasicScanner<kIndexed>::NumberIn(std::string_view digits,
                                                           std::uint32_t max,
                                                           std::uint32_t& number) const {
  if constexpr (kIndexed) {
    // Eight bytes up to the last digit, at once: what stands in front of them is the section's.
    constexpr std::size_t kSize = 8;
    constexpr std::uint64_t kZeros = 0x3030'3030'3030'3030;
    const char* const end = digits.data() + digits.size();
    if (digits.size() - 1 >= kSize || end - section_.begin < std::ptrdiff_t{kSize}) return false;
    std::uint64_t chunk;
    std::memcpy(&chunk, end - kSize, kSize);
    // The first byte is the lowest: bytes in front of the digits become zeros.
    const std::size_t others = (kSize - digits.size()) * 8;
    chunk = (chunk ^ kZeros) >> others << others;
    const std::uint64_t above_nine = chunk | (chunk + 0x0606'0606'0606'0606);
    // Pairs of digits, fours, and all eight.
    chunk = (chunk * 10 + (chunk >> 8)) & 0x00FF'00FF'00FF'00FF;
    chunk = (chunk * 100 + (chunk >> 16)) & 0x0000'FFFF'0000'FFFF;
    chunk = (chunk * 10'000 + (chunk >> 32)) & 0xFFFF'FFFF;
    number = static_cast<std::uint32_t>(chunk);
    return (above_nine & 0xF0F0'F0F0'F0F0'F0F0) == 0 && chunk <= max;
  } else {
    const auto parsed = ParseNumber(digits, max);
    number = parsed.value_or(0);
    return parsed.has_value();
  }
}

}  // namespace muster::parser
