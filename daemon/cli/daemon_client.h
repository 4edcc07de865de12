#pragma once

// A running daemon, or why there is none.

#include <string>
#include <string_view>

#include "access.h"
#include "http_client.h"

namespace muster::daemon::cli {

class DaemonClient {
 public:
  explicit DaemonClient(Access access) : access_(std::move(access)) {}

  /// False, with the problem set, for everything but a 200.
  bool Ask(const HttpRequest& request, std::string& body);
  const std::string& problem() const { return problem_; }

 private:
  Access access_;
  std::string problem_;
};

}  // namespace muster::daemon::cli
