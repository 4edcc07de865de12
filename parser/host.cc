#include "host.h"

#include <algorithm>

namespace muster::parser {
namespace {

// Four groups of one to three digits, none above 255.
bool ReadIpv4(std::string_view text, std::array<std::uint8_t, 4>& bytes) {
  std::size_t group = 0, digits = 0;
  unsigned value = 0;
  for (const char c : text) {
    if (Is(c, kDigit)) {
      value = value * 10 + static_cast<unsigned>(c - '0');
      if (++digits > 3 || value > 255) return false;
    } else {
      if (c != '.' || digits == 0 || group == 3) return false;
      bytes[group++] = static_cast<std::uint8_t>(value);
      value = 0;
      digits = 0;
    }
  }
  bytes[3] = static_cast<std::uint8_t>(value);
  return group == 3 && digits != 0;
}

bool HasEmptyLabel(std::string_view name) {
  char before = '.';
  for (const char c : name) {
    if (c == '.' && before == '.') return true;
    before = c;
  }
  return false;
}

// The address as groups of 16 bits are read from left to right.
struct Ipv6Groups {
  std::array<std::uint8_t, 16> bytes{};
  std::size_t size = 0;
  std::optional<std::size_t> gap;  // where "::" stands

  bool Add(std::string_view hex) {
    if (size + 2 > bytes.size() || hex.empty() || hex.size() > 4) return false;
    int value = 0;
    for (const char c : hex) value = value * 16 + HexValue(c);
    bytes[size++] = static_cast<std::uint8_t>(value >> 8);
    bytes[size++] = static_cast<std::uint8_t>(value & 0xFF);
    return true;
  }

  bool AddIpv4(std::string_view text) {
    std::array<std::uint8_t, 4> ipv4;
    if (size + 4 > bytes.size() || !ReadIpv4(text, ipv4)) return false;
    std::copy(ipv4.begin(), ipv4.end(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    size += 4;
    return true;
  }

  bool AddGap() {
    if (gap) return false;
    gap = size;
    return true;
  }

  // Fills the gap, which stands for one group of zeros at least.
  bool Finish() {
    if (!gap) return size == bytes.size();
    if (size >= bytes.size()) return false;
    const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(*gap);
    std::rotate(from, bytes.begin() + static_cast<std::ptrdiff_t>(size), bytes.end());
    return true;
  }
};

}  // namespace

std::optional<std::array<std::uint8_t, 16>> ParseIpv6(std::string_view text) {
  Scanner in(text);
  Ipv6Groups groups;
  if (in.Skip(':')) {
    if (!in.Skip(':') || !groups.AddGap()) return std::nullopt;
    if (in.AtEnd()) return groups.bytes;
  }
  for (;;) {
    const std::string_view rest = in.Rest();
    const std::string_view hex = in.Take(kHexDigit);
    if (in.At('.')) {
      if (!groups.AddIpv4(rest)) return std::nullopt;
      break;
    }
    if (!groups.Add(hex)) return std::nullopt;
    if (in.AtEnd()) break;
    if (!in.Skip(':')) return std::nullopt;
    if (in.Skip(':')) {
      if (!groups.AddGap()) return std::nullopt;
      if (in.AtEnd()) break;
    }
  }
  if (!groups.Finish()) return std::nullopt;
  return groups.bytes;
}

HostKind ClassifyHostName(std::string_view name) {
  if (name.empty()) return HostKind::kNone;
  std::array<std::uint8_t, 4> bytes;
  if (Is(name.back(), kDigit) && ReadIpv4(name, bytes)) return HostKind::kIpv4;
  if (HasEmptyLabel(name)) return HostKind::kNone;
  if (name.back() == '.') name.remove_suffix(1);  // the root's dot
  // A last label of digits alone is neither a name nor, as it turned out, part of an address.
  // (toplabel begins with a letter by the grammar; containers have names like "3f2a9c1b8d7e".)
  const std::string_view last = name.substr(name.rfind('.') + 1);
  const bool digits = std::all_of(last.begin(), last.end(), [](char c) { return Is(c, kDigit); });
  return digits ? HostKind::kNone : HostKind::kName;
}

std::size_t Ipv6ReferenceSize(std::string_view text) {
  Scanner in(text);
  const char* const start = in.position();
  in.Advance(1);
  // hexpart and IPv4address: no other characters.
  while (!in.AtEnd() && (Is(*in.position(), kHexDigit) || in.At(':') || in.At('.'))) {
    in.Advance(1);
  }
  const std::string_view address = in.Since(start + 1);
  return in.Skip(']') && ParseIpv6(address) ? in.Since(start).size() : 0;
}

}  // namespace muster::parser
