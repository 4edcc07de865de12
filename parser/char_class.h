#pragma once

// The character classes of RFC 3261 section 25.1 and RFC 3966 section 3, as one table: what a byte
// may be part of is one look-up.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// For what a header field's value is read with, a few bytes at a time: with a scanner's state in
// registers throughout, a phone's REGISTER is parsed in a tenth fewer instructions and less time
// than where the compiler chooses for itself.
#define MUSTER_ALWAYS_INLINE __attribute__((always_inline)) inline
#define MUSTER_ALWAYS_INLINE_LAMBDA __attribute__((always_inline))

namespace muster::parser {

using CharClass = std::uint32_t;

inline constexpr CharClass kToken = 1 << 0;         // token
inline constexpr CharClass kParamValue = 1 << 1;    // an unquoted header parameter's value
inline constexpr CharClass kUser = 1 << 2;          // user, but escapes
inline constexpr CharClass kPassword = 1 << 3;      // password, but escapes
inline constexpr CharClass kUriParam = 1 << 4;      // paramchar, but escapes
inline constexpr CharClass kUriHeader = 1 << 5;     // hname and hvalue, but escapes
inline constexpr CharClass kUriAny = 1 << 6;        // any character of a URI (RFC 3986 2)
inline constexpr CharClass kHostName = 1 << 7;      // hostname, and '_', which hosts do have
inline constexpr CharClass kVisible = 1 << 8;       // a Call-ID: visible ASCII
inline constexpr CharClass kDisplayName = 1 << 9;   // an unquoted display name
inline constexpr CharClass kQuotedPlain = 1 << 10;  // stands for itself in a quoted string
// Classes that lack some of a host name's characters.
inline constexpr CharClass kScheme = 1 << 11;  // scheme, behind its first letter
inline constexpr CharClass kDigit = 1 << 12;
inline constexpr CharClass kHexDigit = 1 << 13;
inline constexpr CharClass kAlpha = 1 << 14;
inline constexpr CharClass kPhoneDigit = 1 << 15;  // phonedigit of RFC 3966: digit or separator
inline constexpr CharClass kDot = 1 << 16;

/// The classes that all of kHostName's characters are in.
inline constexpr CharClass kWithHostName = kToken | kParamValue | kUser | kPassword | kUriParam |
                                           kUriHeader | kUriAny | kHostName | kVisible |
                                           kDisplayName | kQuotedPlain;

namespace char_class_internal {

constexpr bool IsDigit(int c) { return c >= '0' && c <= '9'; }
constexpr bool IsAlpha(int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool IsOneOf(int c, std::string_view set) {
  return c > 0 && c < 0x80 && set.find(static_cast<char>(c)) != std::string_view::npos;
}

constexpr CharClass ClassesOf(int c) {
  const bool alphanum = IsAlpha(c) || IsDigit(c);
  const bool unreserved = alphanum || IsOneOf(c, "-_.!~*'()");
  const bool token = alphanum || IsOneOf(c, "-.!%*_+`'~");
  CharClass classes = 0;
  const auto add = [&classes](bool is, CharClass which) {
    if (is) classes |= which;
  };
  add(token, kToken);
  add(unreserved || IsOneOf(c, "&=+$,;?/"), kUser);
  add(unreserved || IsOneOf(c, "&=+$,"), kPassword);
  add(unreserved || IsOneOf(c, "[]/:&+$"), kUriParam);
  add(unreserved || IsOneOf(c, "[]/?:+$"), kUriHeader);
  add(alphanum || IsOneOf(c, "-._"), kHostName);
  add(alphanum || IsOneOf(c, "+-."), kScheme);
  add(IsDigit(c), kDigit);
  add(IsDigit(c) || IsOneOf(c, "abcdefABCDEF"), kHexDigit);
  add(IsAlpha(c), kAlpha);
  add(unreserved || IsOneOf(c, ";/?:@&=+$,#[]%"), kUriAny);
  // gen-value is a token, a host or a quoted string; tags and branches with Base64 or an address in
  // them are common enough, and none of these characters can end a value.
  add(token || IsOneOf(c, "[]:/@=&$"), kParamValue);
  // callid is narrower ("word"), but '=' and '&' are seen in the field, and nothing reads into it.
  add(c > 0x20 && c < 0x7F, kVisible);
  // Tokens; and UTF-8, which phones do send without the quotes that it needs.
  add(token || c >= 0x80, kDisplayName);
  add(IsDigit(c) || IsOneOf(c, "-.()"), kPhoneDigit);
  add(!IsOneOf(c, "\"\\\r\n") && c != 0, kQuotedPlain);
  add(c == '.', kDot);
  return classes;
}

constexpr std::array<CharClass, 256> MakeTable() {
  std::array<CharClass, 256> table{};
  for (int c = 0; c < 256; ++c) table[static_cast<std::size_t>(c)] = ClassesOf(c);
  return table;
}

inline constexpr std::array<CharClass, 256> kTable = MakeTable();

}  // namespace char_class_internal

constexpr bool Is(char c, CharClass classes) {
  return (char_class_internal::kTable[static_cast<unsigned char>(c)] & classes) != 0;
}

namespace char_class_internal {

constexpr bool HostNamesAreIn(CharClass classes) {
  for (const CharClass each : kTable) {
    if ((each & kHostName) != 0 && (each & classes) != classes) return false;
  }
  return true;
}
static_assert(HostNamesAreIn(kWithHostName));

}  // namespace char_class_internal

/// ASCII only, whatever the locale.
constexpr char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (ToLower(a[i]) != ToLower(b[i])) return false;
  }
  return true;
}

namespace char_class_internal {

template <typename Word>
MUSTER_ALWAYS_INLINE bool SameWord(const char* a, const char* b) {
  Word first, second;
  std::memcpy(&first, a, sizeof(first));
  std::memcpy(&second, b, sizeof(second));
  return first == second;
}

/// Two words that overlap make a compare of kSize bytes, which the compiler would call memcmp for.
template <std::size_t kSize>
MUSTER_ALWAYS_INLINE bool SameBytes(const char* a, const char* b) {
  static_assert(kSize <= 16);
  if constexpr (kSize >= 8) {
    return SameWord<std::uint64_t>(a, b) && SameWord<std::uint64_t>(a + kSize - 8, b + kSize - 8);
  } else if constexpr (kSize >= 4) {
    return SameWord<std::uint32_t>(a, b) && SameWord<std::uint32_t>(a + kSize - 4, b + kSize - 4);
  } else if constexpr (kSize >= 2) {
    return SameWord<std::uint16_t>(a, b) && SameWord<std::uint16_t>(a + kSize - 2, b + kSize - 2);
  } else {
    return *a == *b;
  }
}

}  // namespace char_class_internal

/// `word` in any case, told apart by its length, its usual spelling and its second letter first.
template <std::size_t kSize>
MUSTER_ALWAYS_INLINE bool Is(std::string_view text, const char (&word)[kSize]) {
  constexpr std::size_t kLength = kSize - 1, kSecond = kLength == 1 ? 0 : 1;
  if (text.size() != kLength) return false;
  if (char_class_internal::SameBytes<kLength>(text.data(), word)) return true;
  if (ToLower(text[kSecond]) != ToLower(word[kSecond])) return false;
  std::size_t same = 0;
  while (same != kLength && ToLower(text[same]) == ToLower(word[same])) ++same;
  return same == kLength;
}

/// Of a hex digit.
constexpr int HexValue(char c) { return Is(c, kDigit) ? c - '0' : ToLower(c) - 'a' + 10; }

}  // namespace muster::parser
