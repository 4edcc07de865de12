#include "http_client.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>

namespace muster::daemon::cli {
namespace {

constexpr timeval kPatience = {30, 0};

/// Owns a socket; -1 = none.
class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string ErrorText(int error) {
  if (error == EAGAIN || error == EINPROGRESS) return "timed out";
  std::string text = std::strerror(error);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

/// A connected socket, or -1 and the `problem`.
int Connect(const Url& url, std::string& problem) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found)) {
    problem = ::gai_strerror(error);
    return -1;
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    const int descriptor = ::socket(address->ai_family, address->ai_socktype, 0);
    if (descriptor < 0) continue;
    ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
    if (::connect(descriptor, address->ai_addr, address->ai_addrlen) == 0) return descriptor;
    problem = ErrorText(errno);
    ::close(descriptor);
  }
  return -1;
}

void SendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return;  // reading will tell why
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool ReceiveAll(int socket, std::string& bytes) {
  char buffer[65'536];
  for (;;) {
    const ssize_t count = ::recv(socket, buffer, sizeof(buffer), 0);
    if (count <= 0) return count == 0;
    bytes.append(buffer, static_cast<std::size_t>(count));
  }
}

HttpReply Problem(std::string text) {
  HttpReply reply;
  reply.problem = std::move(text);
  return reply;
}

/// The value of the field `name`, which is in lower case, in a head without its status line.
std::optional<std::string> FieldOf(std::string_view fields, std::string_view name) {
  while (!fields.empty()) {
    const std::size_t end = std::min(fields.find("\r\n"), fields.size());
    const std::string_view line = fields.substr(0, end);
    fields.remove_prefix(std::min(end + 2, fields.size()));
    const std::size_t colon = line.find(':');
    if (colon != name.size()) continue;
    const bool is_it = std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
      return a == std::tolower(static_cast<unsigned char>(b));
    });
    if (!is_it) continue;
    const std::size_t value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
    return std::string(line.substr(value));
  }
  return std::nullopt;
}

/// The number that `text` begins with; takes it off its front.
std::optional<std::size_t> TakeNumber(std::string_view& text, int base) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// Appends the chunks' contents to `body`. False when the last one is missing.
bool Unchunk(std::string_view bytes, std::string& body) {
  for (;;) {
    const std::optional<std::size_t> size = TakeNumber(bytes, 16);
    const std::size_t line_end = bytes.find("\r\n");
    if (!size || line_end == std::string_view::npos) return false;
    if (*size == 0) return true;
    bytes.remove_prefix(line_end + 2);
    if (bytes.size() < 2 || bytes.size() - 2 < *size) return false;
    body += bytes.substr(0, *size);
    bytes.remove_prefix(*size + 2);
  }
}

}  // namespace

HttpReply ParseReply(std::string_view bytes) {
  const std::size_t status_end = bytes.find("\r\n");
  const std::size_t head_end = bytes.find("\r\n\r\n");
  if (!bytes.starts_with("HTTP/1.") || head_end == std::string_view::npos) {
    return Problem(bytes.empty() ? "it ended the connection" : "its answer is not HTTP");
  }
  HttpReply reply;
  std::string_view status = bytes.substr(9, status_end - std::min<std::size_t>(9, status_end));
  reply.status = static_cast<int>(TakeNumber(status, 10).value_or(0));
  const std::string_view fields = bytes.substr(status_end + 2, head_end - status_end);
  const std::string_view body = bytes.substr(head_end + 4);
  if (FieldOf(fields, "transfer-encoding") == "chunked") {
    if (!Unchunk(body, reply.body)) return Problem("its answer broke off");
    return reply;
  }
  if (const auto length = FieldOf(fields, "content-length")) {
    if (*length != std::to_string(body.size())) return Problem("its answer broke off");
  }
  reply.body = body;
  return reply;
}

HttpReply Ask(const Url& url, std::string_view token, const HttpRequest& request) {
  std::string problem;
  const Socket socket(Connect(url, problem));
  if (socket.get() < 0) return Problem(problem);
  std::string text;
  text.append(request.method).append(" ").append(url.prefix).append(request.path);
  text.append(" HTTP/1.1\r\nHost: ").append(url.authority).append("\r\n");
  if (!token.empty()) text.append("Authorization: Bearer ").append(token).append("\r\n");
  if (!request.content_type.empty()) {
    text.append("Content-Type: ").append(request.content_type).append("\r\n");
    text.append("Content-Length: ").append(std::to_string(request.content.size())).append("\r\n");
  }
  text.append("Accept: application/json\r\nConnection: close\r\n\r\n");
  text.append(request.content);
  std::string bytes;
  // What the daemon said before it ended the connection counts, even when it did not hear us out.
  SendAll(socket.get(), text);
  if (!ReceiveAll(socket.get(), bytes) && bytes.empty()) return Problem(ErrorText(errno));
  return ParseReply(bytes);
}

}  // namespace muster::daemon::cli
