#include "host.h"

#include <algorithm>

namespace muster::parser {
namespace {

constexpr std::uint32_t kMaxPort = 65'535;

// One group of an IPv4 address and the dot behind it, unless it is the last.
bool TakeIpv4(std::string_view text, std::array<std::uint8_t, 4>& bytes) {
  Scanner in(text);
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string_view group = in.Take(kDigit);
    const auto number = ParseNumber(group, 255);
    if (!number || group.size() > 3) return false;
    bytes[i] = static_cast<std::uint8_t>(*number);
    if (i < 3 && !in.Skip('.')) return false;
  }
  return in.AtEnd();
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
    if (size + 4 > bytes.size() || !TakeIpv4(text, ipv4)) return false;
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

bool ScanHost(Scanner& in, HostPort& host) {
  const char* const start = in.position();
  if (in.Skip('[')) {
    // hexpart and IPv4address: no other characters.
    while (!in.AtEnd() && (Is(*in.position(), kHexDigit) || in.At(':') || in.At('.'))) {
      in.Advance(1);
    }
    const std::string_view address = in.Since(start + 1);
    if (!in.Skip(']') || !ParseIpv6(address)) return false;
    host.host = in.Since(start);
    host.kind = HostKind::kIpv6;
    return true;
  }
  host.host = in.Take(kHostName);
  host.kind = ClassifyHostName(host.host);
  return host.kind != HostKind::kNone;
}

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
  // The last label tells: if it is all digits, only an IPv4 address is left. (toplabel begins with
  // a letter by the grammar; containers have names like "3f2a9c1b8d7e".)
  bool digits = true;
  std::size_t label = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '.') {
      if (label == 0) return HostKind::kNone;
      if (i + 1 == name.size()) break;  // the root's dot
      label = 0;
      digits = true;
    } else {
      ++label;
      digits = digits && Is(name[i], kDigit);
    }
  }
  if (!digits) return HostKind::kName;
  std::array<std::uint8_t, 4> bytes;
  return TakeIpv4(name, bytes) ? HostKind::kIpv4 : HostKind::kNone;
}

bool ScanHostPort(Scanner& in, HostLws lws, ErrorCode code, HostPort& host, ParseError& error) {
  if (!ScanHost(in, host)) return in.Fail(code, error);
  Scanner ahead = in;
  if (lws == HostLws::kAllowed) ahead.SkipLws();
  if (!ahead.Skip(':')) return true;
  if (lws == HostLws::kAllowed) ahead.SkipLws();
  in = ahead;
  const auto port = ParseNumber(in.Take(kDigit), kMaxPort);
  if (!port || *port == 0) return in.Fail(code, error);
  host.port = static_cast<std::uint16_t>(*port);
  return true;
}

}  // namespace muster::parser
