#pragma once

// Who may use the operator's API: whoever knows the token (RFC 6750, RFC 7617). Immutable,
// thread-safe.

#include <optional>
#include <string>
#include <string_view>

#include "muster/http/message.h"

namespace muster::http {

class Authorization {
 public:
  /// Bearer TOKEN, or Basic with any user name and the token as password. An empty token admits
  /// nobody.
  static Authorization WithToken(std::string token);
  /// Everybody: for a listener behind another gate.
  static Authorization Off();

  /// Judges the value of an Authorization field; takes the same time for every wrong token of one
  /// length.
  bool Admits(std::string_view authorization) const;
  /// The 401 that goes to whom it does not admit to `path`.
  Response Challenge(std::string_view path) const;

 private:
  explicit Authorization(std::optional<std::string> token) : token_(std::move(token)) {}

  std::optional<std::string> token_;  // nullopt = everybody is admitted
};

}  // namespace muster::http
