#pragma once

// Address-of-record in its one canonical text (RFC 3261 10.3 step 5).

#include <cstdint>
#include <optional>
#include <string_view>

#include "muster/core/limits.h"
#include "muster/parser/uri.h"

namespace muster::core {

/// "alice@example.com": the key of everything the location service holds.
///
/// The user part prints octets that RFC 3261 25.1 allows unescaped in `user` literally and every
/// other one as %HH in upper case; the host is in lower case, an IPv6 host in brackets in its
/// shortest form; password, port and parameters are dropped, and sip and sips of one user are one
/// AoR (RFC 3261 19.1, 26.2). Without a user part it is the host alone.
///
/// A value type with its text inside (no allocation).
class Aor {
 public:
  Aor() = default;
  /// nullopt for schemes other than sip and sips, and beyond Limits::kMaxAorBytes.
  static std::optional<Aor> FromUri(const parser::Uri& uri);
  /// From "alice@example.com" in any spelling, with or without "sip:".
  static std::optional<Aor> Parse(std::string_view text);

  std::string_view text() const { return {text_, size_}; }
  std::string_view user() const { return {text_, user_size_}; }
  std::string_view domain() const;
  std::uint64_t hash() const { return hash_; }

  friend bool operator==(const Aor& a, const Aor& b) { return a.text() == b.text(); }

 private:
  char text_[Limits::kMaxAorBytes];
  std::uint16_t size_ = 0;
  std::uint16_t user_size_ = 0;
  std::uint64_t hash_ = 0;  // of text(); the shard and the AoR index share it
};

/// The canonical text of a user part alone ("%61lice" is "alice"), into `out`, which has room for
/// three times its size. Returns the bytes written.
std::size_t CanonicalUser(std::string_view user, char* out);

}  // namespace muster::core
