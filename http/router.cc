#include "muster/http/router.h"

#include <algorithm>

namespace muster::http {
namespace {

constexpr std::string_view kAnySegment = "{}";

std::vector<std::string> SplitPattern(std::string_view pattern) {
  std::vector<std::string> segments;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);  // '/'
    const std::size_t end = std::min(pattern.find('/'), pattern.size());
    segments.emplace_back(pattern.substr(0, end));
    pattern.remove_prefix(end);
  }
  return segments;
}

bool Matches(const std::vector<std::string>& pattern, const std::vector<std::string>& segments,
             std::vector<std::string_view>& values) {
  if (pattern.size() != segments.size()) return false;
  values.clear();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == kAnySegment && !segments[i].empty()) {
      values.push_back(segments[i]);
    } else if (pattern[i] != segments[i]) {
      return false;
    }
  }
  return true;
}

template <typename Methods>
Header AllowHeader(const Methods& methods) {
  std::string allowed;
  for (const auto& method : methods) {
    allowed += method.name + ", ";
    if (method.name == "GET") allowed += "HEAD, ";
  }
  return {"Allow", allowed + "OPTIONS"};
}

}  // namespace

void Router::Add(Access access, std::string method, std::string_view pattern, Handler handler) {
  std::vector<std::string> segments = SplitPattern(pattern);
  auto resource = std::find_if(resources_.begin(), resources_.end(),
                               [&](const Resource& r) { return r.pattern == segments; });
  if (resource == resources_.end()) {
    resource = resources_.insert(resource, {std::move(segments), access, {}});
  }
  resource->methods.push_back({std::move(method), std::move(handler)});
}

const Router::Resource* Router::Find(const Request& request,
                                     std::vector<std::string_view>& values) const {
  for (const Resource& resource : resources_) {
    if (Matches(resource.pattern, request.segments, values)) return &resource;
  }
  return nullptr;
}

Response Router::Route(const Request& request) const {
  if (request.path == "*")
    return request.method == "OPTIONS" ? Response{} : Response::Text(400, "bad path: '*'");
  std::vector<std::string_view> values;
  const Resource* resource = Find(request, values);
  if (resource == nullptr)
    return Response::Error(request.path, 404, "not_found", "no such resource");
  if (request.method == "OPTIONS") {
    Response response;
    response.headers.push_back(AllowHeader(resource->methods));
    return response;
  }
  if (resource->access == Access::kAuthorized && !authorization_.Admits(request.authorization)) {
    return authorization_.Challenge(request.path);
  }
  if (resource->access == Access::kAuthorized && is_ready_ && !is_ready_()) {
    Response response = Response::Error(request.path, 503, "not_ready", "not ready yet");
    response.headers.push_back({"Retry-After", "1"});
    return response;
  }
  const std::string_view method =
      request.method == "HEAD" ? "GET" : std::string_view(request.method);
  for (const Method& candidate : resource->methods) {
    if (candidate.name == method) return candidate.handler(request, values);
  }
  Response response =
      Response::Error(request.path, 405, "not_allowed", request.method + " is not allowed here");
  response.headers.push_back(AllowHeader(resource->methods));
  return response;
}

}  // namespace muster::http
