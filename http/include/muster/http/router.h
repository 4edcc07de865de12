#pragma once

// Which handler answers which request, and who may ask. Add routes first, then Route from any
// thread.

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "muster/http/authorization.h"
#include "muster/http/message.h"

namespace muster::http {

/// Answers a request; `values` are the segments that stood for the pattern's "{}", in order. Views
/// live as long as the request. May throw; the caller then gets 500.
using Handler =
    std::function<Response(const Request& request, std::span<const std::string_view> values)>;

class Router {
 public:
  enum class Access { kOpen, kAuthorized };

  /// As long as `is_ready` says no, what needs authorization gets 503; an empty one says yes.
  explicit Router(Authorization authorization, std::function<bool()> is_ready = {})
      : authorization_(std::move(authorization)), is_ready_(std::move(is_ready)) {}

  /// `pattern` is a path such as "/registrations/user/{}"; "{}" stands for any one segment that is
  /// not empty. GET serves HEAD too; OPTIONS needs no route.
  void Add(Access access, std::string method, std::string_view pattern, Handler handler);

  /// The handler's answer, or 401, 404, 405, or the answer to OPTIONS.
  Response Route(const Request& request) const;

 private:
  struct Method {
    std::string name;
    Handler handler;
  };
  struct Resource {
    std::vector<std::string> pattern;
    Access access;
    std::vector<Method> methods;
  };

  const Resource* Find(const Request& request, std::vector<std::string_view>& values) const;

  Authorization authorization_;
  std::function<bool()> is_ready_;
  std::vector<Resource> resources_;  // a few dozen: searched one by one
};

}  // namespace muster::http
