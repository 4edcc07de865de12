#pragma once

// A running daemon, or why there is none.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "access.h"
#include "http_client.h"

namespace muster::daemon::cli {

class DaemonClient {
 public:
  explicit DaemonClient(Access access) : access_(std::move(access)) {}

  /// False, with the problem set, for everything but a 200.
  bool Ask(const HttpRequest& request, std::string& body);
  /// What `read` makes of the answer to GET `path`: an optional, which is empty, with the problem
  /// set, when there is none, or when it is not what `read` reads.
  template <typename Read>
  auto Get(const std::string& path, Read read) -> decltype(read(std::string_view())) {
    std::string body;
    if (!Ask({.method = "GET", .path = path}, body)) return std::nullopt;
    auto result = read(std::string_view(body));
    if (!result) problem_ = access_.url_text + " answered " + path + " with something else";
    return result;
  }
  /// In one line.
  const std::string& problem() const { return problem_; }
  /// kExitUsage when the daemon found a filter or another parameter wrong.
  int exit_code() const { return exit_code_; }

 private:
  Access access_;
  std::string problem_;
  int exit_code_ = kExitFailed;
};

}  // namespace muster::daemon::cli
