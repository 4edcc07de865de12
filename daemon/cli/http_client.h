#pragma once

// A blocking HTTP/1.1 client of one request a connection.

#include <string>
#include <string_view>

#include "url.h"

namespace muster::daemon::cli {

struct HttpReply {
  int status = 0;
  std::string body;
  std::string problem;  // why there is no reply, or empty
};

/// `path` with its query, percent-encoded. Gives up when the daemon is silent for half a minute.
HttpReply Ask(const Url& url, std::string_view token, std::string_view method,
              std::string_view path);

/// Reads a whole response as it came, to the end of the connection.
HttpReply ParseReply(std::string_view bytes);

}  // namespace muster::daemon::cli
