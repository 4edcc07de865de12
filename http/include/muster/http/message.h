#pragma once

// A request and its answer as handlers see them, free of the HTTP library beneath.
// Value types: thread-compatible.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "muster/core/commits.h"

namespace muster::http {

struct QueryParameter {
  std::string name;
  std::string value;  // empty without '='
};

struct Request {
  std::string method;                 // as sent: methods are case-sensitive
  std::string path;                   // as sent: escapes kept, without the query
  std::vector<std::string> segments;  // of `path`, percent-decoded; a trailing slash adds none
  std::vector<QueryParameter> query;  // decoded, in order; a name given twice is there twice
  std::string accept;                 // all Accept fields joined by ", "
  std::string authorization;
  std::string content_type;
  std::string body;

  /// Values of the query parameter `name`, in order.
  std::vector<std::string_view> QueryValues(std::string_view name) const;
};

struct BadTarget {
  std::string message;
  std::string parameter;  // of the query, whose value is bad; or empty
};

/// Fills path, segments and query from a request target (RFC 9112 3.2: origin, absolute or asterisk
/// form). Otherwise says what is wrong with it; the path is there nevertheless.
std::optional<BadTarget> ParseTarget(std::string_view target, Request& request);

struct Header {
  std::string name;
  std::string value;
};

/// Puts the next piece of a body into `chunk`, which it empties first, at most
/// Limits::http_chunk_bytes; an empty piece lets other sessions have their turn. False when nothing
/// follows this piece.
using ChunkProducer = std::function<bool(std::string& chunk)>;

struct Response {
  int status = 200;
  std::string content_type;  // empty without a body
  std::vector<Header> headers;
  std::string body;
  ChunkProducer chunks;  // in place of `body` when set
  /// When set, in place of all else: makes the answer, and may take long. It is called, and then
  /// the `chunks` of what it returns, on other threads than the handler was, one at a time. It has
  /// no views of the request.
  std::function<Response()> work;
  /// The answer goes out once this batch of changes is durable, 0 = at once, and with it those from
  /// `since_batch` on, when that is not 0. Should one of them fail, 503 goes in its place.
  core::BatchNumber after_batch = 0;
  core::BatchNumber since_batch = 0;

  static Response Text(int status, std::string text);
  /// In the form of the API that `path` belongs to: JsonError below /v1/, else the message as text.
  static Response Error(std::string_view path, int status, std::string_view code,
                        std::string_view message);
  /// {"error":{"code":...,"field":...,"message":...}}; the field only if given.
  static Response JsonError(int status, std::string_view code, std::string_view message,
                            std::optional<std::string_view> field = std::nullopt);
};

/// RFC 9110 15; empty for a status that muster does not send.
std::string_view ReasonPhrase(int status);

}  // namespace muster::http
