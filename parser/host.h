#pragma once

// Hosts: names, IPv4 addresses and IPv6 references of RFC 3261 25.1.

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

#include "muster/parser/uri.h"
#include "scan.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace muster::parser {

/// host [ ":" port ]. White space around the colon only where `lws` says so (Via's sent-by).
struct HostPort {
  std::string_view host;
  HostKind kind = HostKind::kNone;
  std::uint16_t port = 0;  // 0 = absent
};
enum class HostLws : bool { kRefused, kAllowed };

/// Without brackets, RFC 4291 2.2; no zone.
std::optional<std::array<std::uint8_t, 16>> ParseIpv6(std::string_view text);

/// `name` is of kHostName's characters alone. kNone when it is neither a host name nor an IPv4
/// address.
HostKind ClassifyHostName(std::string_view name);

/// At '[': an IPv6 reference, with its brackets.
bool ScanIpv6(Scanner& in, HostPort& host);

#if defined(__x86_64__)

namespace host_internal {

inline constexpr std::size_t kMaxBits = 32;

constexpr std::uint32_t LowBits(std::size_t count) {
  return static_cast<std::uint32_t>((std::uint64_t{1} << count) - 1);
}

/// Which of 32 bytes are digits, and which are dots.
struct HostBits {
  std::uint32_t digits, dots;
};

inline HostBits HostBitsOf(const char* text) {
  const auto* const from = reinterpret_cast<const __m128i*>(text);
  const __m128i low = _mm_loadu_si128(from), high = _mm_loadu_si128(from + 1);
  const auto bits = [&](auto each) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(each(low))) |
           static_cast<std::uint32_t>(_mm_movemask_epi8(each(high))) << 16;
  };
  return {bits([](__m128i bytes) {
            const __m128i above_nine =
                _mm_subs_epu8(_mm_sub_epi8(bytes, _mm_set1_epi8('0')), _mm_set1_epi8(9));
            return _mm_cmpeq_epi8(above_nine, _mm_setzero_si128());
          }),
          bits([](__m128i bytes) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8('.')); })};
}

/// An IPv4 address? All but the dots are digits, and three bytes from any place can be read. There
/// is no branch on how long a group is.
inline bool IsIpv4(const char* text, std::size_t size, std::uint32_t dots) {
  const auto fits = [text](std::uint32_t begin, std::uint32_t end) {
    constexpr std::uint32_t kMax = '2' << 16 | '5' << 8 | '5';
    const auto at = [text](std::uint32_t i) {
      return std::uint32_t{static_cast<unsigned char>(text[i])};
    };
    const std::uint32_t value = at(begin) << 16 | at(begin + 1) << 8 | at(begin + 2);
    const std::uint32_t group = end - begin;
    return static_cast<unsigned>(group - 1 < 3) &
           (static_cast<unsigned>(group < 3) | (value <= kMax));
  };
  const std::uint32_t two = dots & (dots - 1), one = two & (two - 1);
  if (one == 0 || (one & (one - 1)) != 0) return false;
  const auto first = static_cast<std::uint32_t>(__builtin_ctz(dots));
  const auto second = static_cast<std::uint32_t>(__builtin_ctz(two));
  const auto third = static_cast<std::uint32_t>(__builtin_ctz(one));
  return (fits(0, first) & fits(first + 1, second) & fits(second + 1, third) &
          fits(third + 1, static_cast<std::uint32_t>(size))) != 0;
}

/// ClassifyHostName for 1 to kMaxBits bytes.
inline HostKind Classify(std::string_view name) {
  const HostBits bits = HostBitsOf(name.data());
  const std::uint32_t all = LowBits(name.size());
  const std::uint32_t digits = bits.digits & all, dots = bits.dots & all;
  if ((digits | dots) == all) {
    return IsIpv4(name.data(), name.size(), dots) ? HostKind::kIpv4 : HostKind::kNone;
  }
  const bool empty_label = (dots & (dots << 1 | 1)) != 0;
  const bool rooted = dots >> (name.size() - 1) != 0;
  const std::uint32_t name_bits = all >> rooted;
  const std::uint32_t last =
      name_bits & ~LowBits(static_cast<std::size_t>(std::bit_width(dots & name_bits)));
  return empty_label || (digits & last) == last ? HostKind::kNone : HostKind::kName;
}

}  // namespace host_internal

#endif

template <typename In>
HostKind KindOf(const In& in, std::string_view name) {
#if defined(__x86_64__)
  if constexpr (std::is_same_v<In, SectionScanner>) {
    constexpr std::size_t kBits = host_internal::kMaxBits;
    const bool readable = in.section().end - name.data() >= std::ptrdiff_t{kBits};
    if (readable && name.size() - 1 < kBits) return host_internal::Classify(name);
  }
#endif
  return ClassifyHostName(name);
}

template <typename In>
bool ScanHost(In& in, HostPort& host) {
  if (in.At('[')) {
    Scanner bytes = in.ByBytes();
    if (!ScanIpv6(bytes, host)) return false;
    in.MoveTo(bytes.position());
    return true;
  }
  host.host = in.Take(kHostName);
  host.kind = KindOf(in, host.host);
  return host.kind != HostKind::kNone;
}

/// `code` is what a failure is reported as.
template <typename In>
bool ScanHostPort(In& in, HostLws lws, ErrorCode code, HostPort& host, ParseError& error) {
  constexpr std::uint32_t kMaxPort = 65'535;
  if (!ScanHost(in, host)) return in.Fail(code, error);
  if (lws == HostLws::kAllowed && !in.At(':')) {
    In ahead = in;
    ahead.SkipLws();
    if (!ahead.At(':')) return true;
    in.MoveTo(ahead);
  }
  if (!in.Skip(':')) return true;
  if (lws == HostLws::kAllowed) in.SkipLws();
  const auto port = in.NumberIn(in.Take(kHostName), kMaxPort);
  if (!port || *port == 0) return in.Fail(code, error);
  host.port = static_cast<std::uint16_t>(*port);
  return true;
}

}  // namespace muster::parser
