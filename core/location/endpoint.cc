#include "muster/core/endpoint.h"

#include <algorithm>
#include <charconv>

namespace muster::core {
namespace {

constexpr std::size_t kGroups = 8;

/// Four decimal numbers. Leading zeros are refused: some read them as octal.
std::optional<std::uint32_t> ParseV4(std::string_view text) {
  std::uint32_t address = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at == end || *at++ != '.')) return std::nullopt;
    std::uint32_t value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc() || value > 255) return std::nullopt;
    if (next - at > 1 && *at == '0') return std::nullopt;
    address = address << 8 | value;
    at = next;
  }
  if (at != end) return std::nullopt;
  return address;
}

/// The groups of one side of "::", into `groups`; the IPv4 form of the last two counts as two.
/// Returns how many, or nullopt.
std::optional<std::size_t> ParseGroups(std::string_view text,
                                       std::array<std::uint16_t, kGroups>& groups) {
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(':'), text.size());
    const std::string_view group = text.substr(0, end);
    if (end == text.size() && group.find('.') != std::string_view::npos) {
      const auto v4 = ParseV4(group);
      if (!v4 || count + 2 > kGroups) return std::nullopt;
      groups[count] = static_cast<std::uint16_t>(*v4 >> 16);
      groups[count + 1] = static_cast<std::uint16_t>(*v4);
      return count + 2;
    }
    std::uint16_t value = 0;
    const auto [next, error] =
        std::from_chars(group.data(), group.data() + group.size(), value, 16);
    if (error != std::errc() || next != group.data() + group.size() || group.size() > 4 ||
        count == kGroups) {
      return std::nullopt;
    }
    groups[count++] = value;
    if (end + 1 == text.size()) return std::nullopt;  // a lonely colon at the end
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return count;
}

std::optional<std::array<std::uint16_t, kGroups>> ParseV6(std::string_view text) {
  std::array<std::uint16_t, kGroups> head{};
  const std::size_t gap = text.find("::");
  const auto head_size = ParseGroups(text.substr(0, gap), head);
  if (!head_size) return std::nullopt;
  if (gap == std::string_view::npos) {
    if (*head_size != kGroups) return std::nullopt;
    return head;
  }
  if (text.substr(0, gap).find('.') != std::string_view::npos) return std::nullopt;
  std::array<std::uint16_t, kGroups> tail{};
  const auto tail_size = ParseGroups(text.substr(gap + 2), tail);
  if (!tail_size || *head_size + *tail_size >= kGroups) return std::nullopt;
  std::copy_n(tail.begin(), *tail_size, head.end() - static_cast<std::ptrdiff_t>(*tail_size));
  return head;
}

struct Run {
  std::size_t begin = kGroups;
  std::size_t size = 0;
};

/// The run of zero groups that "::" stands for: the longest, of equal ones the first, and at least
/// two groups long (RFC 5952 4.2).
Run LongestZeroRun(const std::array<std::uint16_t, kGroups>& groups) {
  Run best;
  Run run;
  for (std::size_t i = 0; i < kGroups; ++i) {
    if (groups[i] != 0) {
      run.size = 0;
      continue;
    }
    if (run.size++ == 0) run.begin = i;
    if (run.size > best.size && run.size >= 2) best = run;
  }
  return best;
}

std::size_t WriteV6(const std::array<std::uint16_t, kGroups>& groups, char* out) {
  const Run zeros = LongestZeroRun(groups);
  char* at = out;
  for (std::size_t i = 0; i < kGroups; ++i) {
    if (i == zeros.begin) {
      *at++ = ':';
      *at++ = ':';
      i += zeros.size - 1;
      continue;
    }
    if (i > 0 && i != zeros.begin + zeros.size) *at++ = ':';
    at = std::to_chars(at, at + 4, groups[i], 16).ptr;
  }
  return static_cast<std::size_t>(at - out);
}

}  // namespace

std::string_view TransportName(Transport transport) {
  switch (transport) {
    case Transport::kUdp:
      return "udp";
    case Transport::kTcp:
      return "tcp";
    case Transport::kTls:
      return "tls";
    case Transport::kWs:
      return "ws";
    case Transport::kWss:
      return "wss";
  }
  return "";
}

IpAddress IpAddress::FromV4(std::uint32_t host_order) {
  IpAddress address;
  address.bytes_[10] = 0xff;
  address.bytes_[11] = 0xff;
  for (std::size_t i = 0; i < 4; ++i) {
    address.bytes_[12 + i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
  }
  return address;
}

IpAddress IpAddress::FromV6(const std::array<std::uint8_t, 16>& bytes) {
  IpAddress address;
  address.bytes_ = bytes;
  return address;
}

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  if (const auto v4 = ParseV4(text)) return FromV4(*v4);
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  if (text.find(':') == std::string_view::npos) return std::nullopt;
  const auto groups = ParseV6(text);
  if (!groups) return std::nullopt;
  IpAddress address;
  for (std::size_t i = 0; i < kGroups; ++i) {
    address.bytes_[2 * i] = static_cast<std::uint8_t>((*groups)[i] >> 8);
    address.bytes_[2 * i + 1] = static_cast<std::uint8_t>((*groups)[i]);
  }
  return address;
}

bool IpAddress::is_v4() const {
  static constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0,    0,
                                                           0, 0, 0, 0, 0xff, 0xff};
  return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin());
}

bool IpAddress::empty() const { return *this == IpAddress(); }

std::size_t IpAddress::Write(char* out) const {
  if (is_v4()) {
    char* at = out;
    for (std::size_t i = 12; i < 16; ++i) {
      if (i > 12) *at++ = '.';
      at = std::to_chars(at, at + 3, bytes_[i]).ptr;
    }
    return static_cast<std::size_t>(at - out);
  }
  std::array<std::uint16_t, kGroups> groups;
  for (std::size_t i = 0; i < kGroups; ++i) {
    groups[i] = static_cast<std::uint16_t>(bytes_[2 * i] << 8 | bytes_[2 * i + 1]);
  }
  return WriteV6(groups, out);
}

std::string IpAddress::ToString() const {
  char text[46];
  return {text, Write(text)};
}

}  // namespace muster::core
