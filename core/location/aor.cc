#include "muster/core/aor.h"

#include <algorithm>
#include <array>
#include <string>

#include "muster/core/endpoint.h"
#include "muster/core/hash.h"
#include "muster/core/text.h"
#include "muster/parser/limits.h"

namespace muster::core {
namespace {

/// RFC 3261 25.1: user = 1*( unreserved / escaped / user-unreserved ).
constexpr std::array<bool, 256> kUserOctets = [] {
  std::array<bool, 256> table{};
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
  constexpr std::string_view kMarks = "-_.!~*'()";
  constexpr std::string_view kUserUnreserved = "&=+$,;?/";
  for (const char c : kMarks) table[static_cast<unsigned char>(c)] = true;
  for (const char c : kUserUnreserved) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = LowerAscii(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// "[" + the shortest form + "]". An IPv4-mapped address keeps its prefix: it was written as IPv6.
std::size_t WriteIpv6Reference(const IpAddress& address, char* out) {
  char* at = out;
  *at++ = '[';
  if (address.is_v4()) at = std::ranges::copy(std::string_view("::ffff:"), at).out;
  at += address.Write(at);
  *at++ = ']';
  return static_cast<std::size_t>(at - out);
}

/// `out` has room for the host, or for 64 bytes if that is more.
std::size_t WriteHost(std::string_view host, char* out) {
  if (host.starts_with('[')) {
    if (const auto address = IpAddress::Parse(host)) return WriteIpv6Reference(*address, out);
  }
  return static_cast<std::size_t>(std::ranges::transform(host, out, LowerAscii).out - out);
}

}  // namespace

std::size_t CanonicalUser(std::string_view user, char* out) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  char* at = out;
  for (std::size_t i = 0; i < user.size(); ++i) {
    unsigned char octet = static_cast<unsigned char>(user[i]);
    if (octet == '%' && i + 2 < user.size()) {
      const int high = HexDigit(user[i + 1]);
      const int low = HexDigit(user[i + 2]);
      if (high >= 0 && low >= 0) {
        octet = static_cast<unsigned char>(high << 4 | low);
        i += 2;
      }
    }
    if (kUserOctets[octet]) {
      *at++ = static_cast<char>(octet);
    } else {
      *at++ = '%';
      *at++ = kHex[octet >> 4];
      *at++ = kHex[octet & 15];
    }
  }
  return static_cast<std::size_t>(at - out);
}

std::optional<Aor> Aor::FromUri(const parser::Uri& uri) {
  if (uri.scheme != parser::UriScheme::kSip && uri.scheme != parser::UriScheme::kSips) {
    return std::nullopt;
  }
  // A URI is no longer than this, and an octet takes at most three.
  std::array<char, 3 * parser::kMaxUriBytes> text;
  if (uri.user.size() + uri.host.size() > parser::kMaxUriBytes) return std::nullopt;
  const std::size_t user_size = CanonicalUser(uri.user, text.data());
  std::size_t size = user_size;
  if (user_size + 1 + uri.host.size() > Limits::kMaxAorBytes) return std::nullopt;
  if (user_size > 0) text[size++] = '@';
  size += WriteHost(uri.host, text.data() + size);
  if (size == 0 || size > Limits::kMaxAorBytes) return std::nullopt;

  Aor aor;
  std::copy_n(text.data(), size, aor.text_);
  aor.size_ = static_cast<std::uint16_t>(size);
  aor.user_size_ = static_cast<std::uint16_t>(user_size);
  aor.hash_ = HashText(aor.text());
  return aor;
}

std::optional<Aor> Aor::Parse(std::string_view text) {
  if (text.size() > parser::kMaxUriBytes) return std::nullopt;
  const bool has_scheme = EqualsIgnoringCase(text.substr(0, 4), "sip:") ||
                          EqualsIgnoringCase(text.substr(0, 5), "sips:");
  std::string whole(has_scheme ? "" : "sip:");
  whole += text;
  parser::Uri uri;
  parser::ParseError error;
  if (!parser::ParseUri(whole, uri, error)) return std::nullopt;
  return FromUri(uri);
}

std::string_view Aor::domain() const {
  std::string_view domain = text();
  if (user_size_ > 0) domain.remove_prefix(user_size_ + std::size_t{1});
  return domain;
}

}  // namespace muster::core
