#pragma once

// Hosts: names, IPv4 addresses and IPv6 references of RFC 3261 25.1.

#include <algorithm>
#include <array>
#include <cstddef>
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

/// Of the IPv6 reference that `text`, at a '[', begins with, brackets included; 0 if it does not.
std::size_t Ipv6ReferenceSize(std::string_view text);

#if defined(__x86_64__)

namespace host_internal {

inline __m128i Load(const char* text) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
}
inline __m128i Equal(__m128i bytes, char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); }
inline __m128i Above(__m128i bytes, char c) { return _mm_cmpgt_epi8(bytes, _mm_set1_epi8(c)); }
/// The top bit of each byte.
inline unsigned Bits(__m128i bytes) { return static_cast<unsigned>(_mm_movemask_epi8(bytes)); }

/// Four groups of one to three digits, none above 255, without a branch on how long one is. `text`
/// is of kHostName's characters, and 16 bytes up to its end can be read.
MUSTER_ALWAYS_INLINE bool IsIpv4(const char* text, const char* end) {
  const std::ptrdiff_t size = end - text;
  if (size < 7 || size > 15) return false;
  // The highest of 16 bits is for the last byte, and one above them for a dot behind the text, so
  // that each group has its own.
  constexpr unsigned kEnd = 0x1'0000;
  const __m128i bytes = Load(end - 16);
  const unsigned first = kEnd >> size;
  const unsigned all = kEnd - first;
  const unsigned dots = (Bits(Equal(bytes, '.')) & all) | kEnd;
  const unsigned digits = all & ~dots;
  // Of a host name's characters only '-' and '.' are below the digits.
  const unsigned others = Bits(_mm_or_si128(Equal(bytes, '-'), Above(bytes, '9'))) & all;
  const unsigned behind_one = dots & (dots - 1), behind_two = behind_one & (behind_one - 1);
  const bool four_dots = (behind_two & (behind_two - 1)) == kEnd;
  const unsigned empty_groups = dots & (dots << 1 | first);
  // "256" and more, where three digits begin.
  const __m128i second = _mm_srli_si128(bytes, 1), third = _mm_srli_si128(bytes, 2);
  const __m128i above_55 =
      _mm_or_si128(Above(second, '5'), _mm_and_si128(Equal(second, '5'), Above(third, '5')));
  const unsigned above_255 =
      Bits(_mm_or_si128(Above(bytes, '2'), _mm_and_si128(Equal(bytes, '2'), above_55)));
  const unsigned three = digits & digits >> 1 & digits >> 2;
  return four_dots && (others | empty_groups | (three & (above_255 | digits >> 3))) == 0;
}

/// ".." in 32 bytes.
MUSTER_ALWAYS_INLINE bool HasTwoDots(const char* text) {
  const unsigned dots = Bits(Equal(Load(text), '.')) | Bits(Equal(Load(text + 16), '.')) << 16;
  return (dots & dots << 1) != 0;
}

/// ClassifyHostName for most names, and kNone for the others, in a section that begins at `begin`.
MUSTER_ALWAYS_INLINE HostKind QuickKindOf(std::string_view name, const char* begin) {
  constexpr std::size_t kBytes = 32;  // any section has as many
  const char* const end = name.data() + name.size();
  // A name that ends in a letter has a last label that is not of digits alone. What stands in front
  // of an empty name is no letter.
  if (!Is(end[-1], kAlpha)) {
    const bool readable = end - begin >= 16;
    return readable && IsIpv4(name.data(), end) ? HostKind::kIpv4 : HostKind::kNone;
  }
  if (name.size() > kBytes || name.front() == '.') return HostKind::kNone;
  return HasTwoDots(std::max(end - kBytes, begin)) ? HostKind::kNone : HostKind::kName;
}

}  // namespace host_internal

#endif

/// ClassifyHostName.
MUSTER_ALWAYS_INLINE HostKind KindOf(const Scanner&, std::string_view name) {
  return ClassifyHostName(name);
}
/// The same, or kNone.
MUSTER_ALWAYS_INLINE HostKind KindOf([[maybe_unused]] const SectionScanner& in,
                                     [[maybe_unused]] std::string_view name) {
#if defined(__x86_64__)
  return host_internal::QuickKindOf(name, in.section_begin());
#else
  return HostKind::kNone;
#endif
}

template <typename In>
MUSTER_ALWAYS_INLINE bool ScanHost(In& in, HostPort& host) {
  if (!In::kGivesUp && in.At('[')) {
    const std::size_t size = Ipv6ReferenceSize(in.Rest());
    host = {.host = in.Rest().substr(0, size), .kind = HostKind::kIpv6};
    in.Advance(size);
    return size != 0;
  }
  host.host = in.Take(kHostName);
  host.kind = KindOf(in, host.host);
  return host.kind != HostKind::kNone;
}

/// `code` is what a failure is reported as.
template <typename In>
MUSTER_ALWAYS_INLINE bool ScanHostPort(In& in, HostLws lws, ErrorCode code, HostPort& host,
                                       ParseError& error) {
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
  std::uint32_t port = 0;
  if (!in.NumberIn(in.Take(kHostName), kMaxPort, port) || port == 0) return in.Fail(code, error);
  host.port = static_cast<std::uint16_t>(port);
  return true;
}

}  // namespace muster::parser
