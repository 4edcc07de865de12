#pragma once

// Hosts: names, IPv4 addresses and IPv6 references of RFC 3261 25.1.

#include <algorithm>
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

/// A bit for each of 16 bytes.
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

/// `text`, of kHostName's characters, is an IPv4 address. 16 bytes up to its end can be read.
bool IsIpv4(const char* text, const char* end);

/// ".." in 32 bytes.
MUSTER_ALWAYS_INLINE bool HasTwoDots(const char* text) {
  const unsigned dots = FewBytes(text).Equal('.') | FewBytes(text + 16).Equal('.') << 16;
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
template <typename In>
MUSTER_ALWAYS_INLINE HostKind KindOf(const In& in, std::string_view name) {
#if defined(__x86_64__)
  if constexpr (std::is_same_v<In, SectionScanner>) {
    const HostKind kind = host_internal::QuickKindOf(name, in.section().begin);
    if (kind != HostKind::kNone) [[likely]]
      return kind;
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
  std::uint32_t port = 0;
  if (!in.NumberIn(in.Take(kHostName), kMaxPort, port) || port == 0) return in.Fail(code, error);
  host.port = static_cast<std::uint16_t>(port);
  return true;
}

}  // namespace muster::parser
