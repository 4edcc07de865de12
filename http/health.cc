#include "muster/http/health.h"

namespace muster::http {

void AddHealthRoutes(Router& router, std::function<bool()> is_ready,
                     std::function<std::string()> metrics) {
  using Values = std::span<const std::string_view>;
  router.Add(Router::Access::kOpen, "GET", "/healthz",
             [](const Request&, Values) { return Response::Text(200, "ok\n"); });
  router.Add(Router::Access::kOpen, "GET", "/readyz",
             [is_ready = std::move(is_ready)](const Request&, Values) {
               return is_ready() ? Response::Text(200, "ready\n")
                                 : Response::Text(503, "not ready\n");
             });
  router.Add(Router::Access::kAuthorized, "GET", "/metrics",
             [metrics = std::move(metrics)](const Request&, Values) {
               Response response = Response::Text(200, metrics());
               response.content_type = "text/plain; version=0.0.4; charset=utf-8";
               return response;
             });
}

}  // namespace muster::http
