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

/// Views live for the call.
struct HttpRequest {
  std::string_view method;
  std::string_view path;               // with its query, percent-encoded
  std::string_view content_type = {};  // empty without content
  std::string_view content = {};
};

/// Gives up when the daemon is silent for half a minute.
HttpReply Ask(const Url& url, std::string_view token, const HttpRequest& request);

/// Reads a whole response as it came, to the end of the connection.
HttpReply ParseReply(std::string_view bytes);

}  // namespace muster::daemon::cli
