#pragma once

// Hosts: names, IPv4 addresses and IPv6 references of RFC 3261 25.1.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

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

/// A bit for each of 16 bytes, of which an IPv4 address has at most 15.
class FewBytes {
 public:
  explicit FewBytes(const char* text)
      : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text))) {}
  unsigned Equal(char c) const { return Bits(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c))); }
  unsigned Above(char c) const { return Bits(_mm_cmpgt_epi8(bytes_, _mm_set1_epi8(c))); }

 private:
  static unsigned Bits(__m128i mask) { return static_cast<unsigned>(_mm_movemask_epi8(mask)); }
  __m128i bytes_;
};

/// Four groups of one to three digits, none above 255, without a branch on how long one is. `text`
/// is of kHostName's characters, and 16 bytes of it can be read.
inline bool IsIpv4(const char* text, std::size_t size) {
  const FewBytes bytes(text);
  const unsigned all = (1u << size) - 1;
  const unsigned dots = bytes.Equal('.') & all;
  // Of a host name's characters only '-' and '.' are below the digits.
  const unsigned digits = bytes.Above('/') & ~bytes.Above('9') & all;
  const unsigned two_left = dots & (dots - 1), one_left = two_left & (two_left - 1);
  const bool three_dots = one_left != 0 && (one_left & (one_left - 1)) == 0;
  const bool empty_group = (dots & (dots << 1 | 1 | 1u << (size - 1))) != 0;
  const unsigned three = digits & digits >> 1 & digits >> 2;  // where three digits begin
  const unsigned above_5 = bytes.Above('5');
  const unsigned above_55 = above_5 >> 1 | (bytes.Equal('5') >> 1 & above_5 >> 2);
  const unsigned above_255 = three & (bytes.Above('2') | (bytes.Equal('2') & above_55));
  return three_dots && !empty_group && (digits | dots) == all && (three & digits >> 3) == 0 &&
         above_255 == 0;
}

/// ".." or a '.' at the beginning, in 1 to 32 bytes; 32 can be read.
inline bool HasEmptyLabel(std::string_view name) {
  const FewBytes low(name.data()), high(name.data() + 16);
  const std::uint64_t dots = (low.Equal('.') | std::uint64_t{high.Equal('.')} << 16) &
                             ((std::uint64_t{1} << name.size()) - 1);
  return (dots & (dots << 1 | 1)) != 0;
}

}  // namespace host_internal

#endif

/// ClassifyHostName.
template <typename In>
MUSTER_ALWAYS_INLINE HostKind KindOf(const In& in, std::string_view name) {
#if defined(__x86_64__)
  if constexpr (std::is_same_v<In, SectionScanner>) {
    constexpr std::size_t kBytes = 32;
    const bool readable = in.section().end - name.data() >= std::ptrdiff_t{kBytes};
    if (readable && name.size() - 1 < kBytes) {
      // A name that ends in a letter has a last label that is not of digits alone.
      if (Is(name.back(), kAlpha)) {
        return host_internal::HasEmptyLabel(name) ? HostKind::kNone : HostKind::kName;
      }
      if (name.size() < 16 && host_internal::IsIpv4(name.data(), name.size())) {
        return HostKind::kIpv4;
      }
    }
  }
#endif
  return ClassifyHostName(name);
}

template <typename In>
MUSTER_ALWAYS_INLINE bool ScanHost(In& in, HostPort& host) {
  if (in.At('[')) {
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
  const auto port = in.NumberIn(in.Take(kHostName), kMaxPort);
  if (!port || *port == 0) return in.Fail(code, error);
  host.port = static_cast<std::uint16_t>(*port);
  return true;
}

}  // namespace muster::parser
