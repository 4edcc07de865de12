#include "table/packed_text.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "muster/core/text.h"

namespace muster::core {
namespace {

// The first byte says what follows: so many pairs of digits, each in a byte, and behind them the
// text's end as it is.
constexpr std::uint8_t kIsUrn = 0x80;   // "urn:uuid:" stands in front
constexpr std::uint8_t kIsUuid = 0x40;  // there are dashes between
constexpr std::uint8_t kPairs = 0x3F;
/// Fewer are not worth the work.
constexpr std::size_t kFewestPairs = 6;

constexpr std::string_view kUrn = "urn:uuid:";
/// Pairs of digits between the dashes of a UUID.
constexpr std::array<std::size_t, 5> kUuidPairs = {4, 2, 2, 2, 6};
constexpr std::size_t kUuidBytes = 36;

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i != kDigits.size(); ++i) {
    values[static_cast<std::uint8_t>(kDigits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();
constexpr auto kTexts = [] {
  std::array<std::array<char, 2>, 256> texts{};
  for (std::size_t i = 0; i != texts.size(); ++i) texts[i] = {kDigits[i >> 4], kDigits[i & 15]};
  return texts;
}();

/// Appends up to `most` pairs of digits, and takes them off `text`. Returns how many there were.
std::size_t PackPairs(std::size_t most, std::string_view& text, char*& out) {
  std::size_t pairs = 0;
  for (; pairs != most && text.size() >= 2; ++pairs, text.remove_prefix(2)) {
    const std::uint8_t high = kValues[static_cast<std::uint8_t>(text[0])];
    const std::uint8_t low = kValues[static_cast<std::uint8_t>(text[1])];
    if (high == kNoDigit || low == kNoDigit) break;
    *out++ = static_cast<char>(high << 4 | low);
  }
  return pairs;
}

/// False when `text` does not begin with a UUID; then what was appended counts for nothing.
bool PackUuid(std::string_view& text, char*& out) {
  if (text.size() < kUuidBytes) return false;
  for (const std::size_t pairs : kUuidPairs) {
    if (pairs != kUuidPairs.front()) {
      if (text.front() != '-') return false;
      text.remove_prefix(1);
    }
    if (PackPairs(pairs, text, out) != pairs) return false;
  }
  return true;
}

/// The digits of four bytes, side by side in a word: a table's entry for each byte costs twice as
/// much.
std::uint64_t DigitsOfFour(const char* at) {
  static_assert(std::endian::native == std::endian::little);
  std::uint32_t four = 0;
  std::memcpy(&four, at, sizeof(four));
  std::uint64_t bytes = four;
  bytes = (bytes | bytes << 16) & 0x0000'FFFF'0000'FFFF;
  bytes = (bytes | bytes << 8) & 0x00FF'00FF'00FF'00FF;
  const std::uint64_t values =
      (bytes >> 4 & 0x000F'000F'000F'000F) | (bytes & 0x000F'000F'000F'000F) << 8;
  const std::uint64_t letters = (values + 0x0606'0606'0606'0606) >> 4 & 0x0101'0101'0101'0101;
  return values + 0x3030'3030'3030'3030 + letters * ('a' - '0' - 10);
}

void UnpackPairs(std::size_t pairs, const char*& at, char*& out) {
  for (; pairs >= 4; pairs -= 4, at += 4, out += 8) {
    const std::uint64_t digits = DigitsOfFour(at);
    std::memcpy(out, &digits, sizeof(digits));
  }
  for (; pairs != 0; --pairs, ++at, out += 2) {
    std::memcpy(out, kTexts[static_cast<std::uint8_t>(*at)].data(), 2);
  }
}

void UnpackUuid(const char*& at, char*& out) {
  constexpr std::size_t kDigitsOfUuid = 32;
  std::array<char, kDigitsOfUuid> digits;
  char* end = digits.data();
  UnpackPairs(kDigitsOfUuid / 2, at, end);
  const char* from = digits.data();
  for (const std::size_t pairs : kUuidPairs) {
    if (pairs != kUuidPairs.front()) *out++ = '-';
    std::memcpy(out, from, 2 * pairs);
    out += 2 * pairs;
    from += 2 * pairs;
  }
}

}  // namespace

std::string_view PackText(std::string_view text, TextRoom& room) {
  if (text.size() > kMostUnpacked) return {};
  std::uint8_t form = 0;
  std::string_view left = text;
  if (left.starts_with(kUrn)) {
    form = kIsUrn;
    left.remove_prefix(kUrn.size());
  }
  char* out = room.data() + 1;
  if (std::string_view behind = left; PackUuid(behind, out)) {
    form |= kIsUuid;
    left = behind;
  } else {
    out = room.data() + 1;
    const std::size_t pairs = PackPairs(kPairs, left, out);
    if (pairs < kFewestPairs) return {};
    form |= static_cast<std::uint8_t>(pairs);
  }
  room[0] = static_cast<char>(form);
  out = CopyText(left, out);
  return {room.data(), out};
}

std::string_view UnpackText(std::string_view packed, TextRoom& room) {
  const auto form = static_cast<std::uint8_t>(packed.front());
  const char* at = packed.data() + 1;
  char* out = room.data();
  if ((form & kIsUrn) != 0) out = CopyText(kUrn, out);
  if ((form & kIsUuid) != 0) {
    UnpackUuid(at, out);
  } else {
    UnpackPairs(form & kPairs, at, out);
  }
  out = CopyText(packed.substr(static_cast<std::size_t>(at - packed.data())), out);
  return {room.data(), out};
}

}  // namespace muster::core
