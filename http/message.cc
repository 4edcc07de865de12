#include "muster/http/message.h"

#include <algorithm>

#include "muster/http/json_writer.h"

namespace muster::http {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class PlusMeans { kPlus, kSpace };  // the query alone follows the form encoding

/// Appends `text` without its %HH escapes to `out`. Otherwise returns what is wrong.
std::optional<std::string> PercentDecode(std::string_view text, PlusMeans plus, std::string& out) {
  out.reserve(out.size() + text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == PlusMeans::kSpace) {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return "a '%' is not followed by two hexadecimal digits";
      if (high == 0 && low == 0) return "%00 is not allowed";
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return std::nullopt;
}

/// What `text` holds before `separator`; takes both off its front.
std::string_view Cut(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view front = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return front;
}

std::optional<BadTarget> ParseSegments(std::string_view path, Request& request) {
  path.remove_prefix(1);
  while (!path.empty()) {
    std::string& segment = request.segments.emplace_back();
    if (auto problem = PercentDecode(Cut(path, '/'), PlusMeans::kPlus, segment)) {
      return BadTarget{"bad path: " + *problem, ""};
    }
  }
  return std::nullopt;
}

std::optional<BadTarget> ParseQuery(std::string_view query, Request& request) {
  while (!query.empty()) {
    std::string_view field = Cut(query, '&');
    if (field.empty()) continue;
    QueryParameter& parameter = request.query.emplace_back();
    if (auto problem = PercentDecode(Cut(field, '='), PlusMeans::kSpace, parameter.name)) {
      return BadTarget{"bad query: " + *problem, ""};
    }
    if (auto problem = PercentDecode(field, PlusMeans::kSpace, parameter.value)) {
      return BadTarget{"bad query: " + parameter.name + ": " + *problem, parameter.name};
    }
  }
  return std::nullopt;
}

bool IsTargetByte(char c) { return c > ' ' && c < 0x7F && c != '#'; }

/// RFC 9112 3.2.2: the absolute form, of which only what follows the authority matters here.
void DropOrigin(std::string_view& target) {
  const std::size_t scheme = target.find("://");
  if (scheme == std::string_view::npos || target.front() == '/') return;
  const std::size_t path = target.find_first_of("/?", scheme + 3);
  target = path == std::string_view::npos ? "/" : target.substr(path);
}

}  // namespace

std::vector<std::string_view> Request::QueryValues(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const QueryParameter& parameter : query) {
    if (parameter.name == name) values.push_back(parameter.value);
  }
  return values;
}

std::optional<BadTarget> ParseTarget(std::string_view target, Request& request) {
  if (target.empty()) return BadTarget{"bad path: it is empty", ""};
  if (target == "*") {
    request.path = target;
    return std::nullopt;
  }
  const bool is_encoded = std::all_of(target.begin(), target.end(), IsTargetByte);
  DropOrigin(target);
  std::string_view query = target;
  request.path = Cut(query, '?');
  if (!is_encoded) return BadTarget{"bad path: a byte that must be percent-encoded is not", ""};
  if (request.path.empty()) request.path = "/";
  if (request.path.front() != '/') return BadTarget{"bad path: it must begin with '/'", ""};
  if (auto problem = ParseSegments(request.path, request)) return problem;
  return ParseQuery(query, request);
}

Response Response::Text(int status, std::string text) {
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

Response Response::Error(std::string_view path, int status, std::string_view code,
                         std::string_view message) {
  if (path.starts_with("/v1/")) return JsonError(status, code, message);
  return Text(status, std::string(message));
}

Response Response::JsonError(int status, std::string_view code, std::string_view message,
                             std::optional<std::string_view> field) {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  JsonWriter json(response.body);
  json.BeginObject();
  json.Key("error");
  json.BeginObject();
  json.Key("code");
  json.String(code);
  if (field) {
    json.Key("field");
    json.String(*field);
  }
  json.Key("message");
  json.String(message);
  json.EndObject();
  json.EndObject();
  return response;
}

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "";
  }
}

}  // namespace muster::http
