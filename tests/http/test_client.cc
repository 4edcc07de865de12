#include "test_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace muster::http::testing {
namespace {

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::string Reply::Header(std::string_view name) const {
  const std::vector<std::string> all = Headers(name);
  return all.empty() ? "" : all.front();
}

std::vector<std::string> Reply::Headers(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [field, value] : headers) {
    if (field == name) values.push_back(value);
  }
  return values;
}

TestClient::TestClient(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval patience = {10, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  if (receive_buffer > 0) {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

TestClient::~TestClient() {
  if (socket_ >= 0) ::close(socket_);
}

void TestClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void TestClient::FinishSending() { ::shutdown(socket_, SHUT_WR); }

bool TestClient::Fill() {
  char buffer[16384];
  const ssize_t count = ::recv(socket_, buffer, sizeof(buffer), 0);
  if (count <= 0) return false;
  received_.append(buffer, static_cast<std::size_t>(count));
  return true;
}

std::string TestClient::Line() {
  std::size_t end;
  while ((end = received_.find("\r\n")) == std::string::npos) {
    if (!Fill()) return "";
  }
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 2);
  return line;
}

std::string TestClient::Bytes(std::size_t count) {
  while (received_.size() < count && Fill()) {
  }
  std::string bytes = received_.substr(0, count);
  received_.erase(0, bytes.size());
  return bytes;
}

void TestClient::ReadBody(Reply& reply) {
  if (reply.Header("transfer-encoding") == "chunked") {
    while (const std::size_t size = std::strtoul(Line().c_str(), nullptr, 16)) {
      reply.body += Bytes(size);
      Line();
      ++reply.chunks;
      reply.largest_chunk = std::max(reply.largest_chunk, size);
    }
    Line();
  } else if (const std::string length = reply.Header("content-length"); !length.empty()) {
    reply.body = Bytes(std::strtoul(length.c_str(), nullptr, 10));
  } else {
    while (Fill()) {
    }
    reply.body.swap(received_);
  }
}

Reply TestClient::Read(bool to_head) {
  Reply reply;
  const std::string status_line = Line();
  if (!status_line.starts_with("HTTP/1.1 ")) return reply;
  reply.status = std::atoi(status_line.c_str() + 9);
  for (std::string line = Line(); !line.empty(); line = Line()) {
    const std::size_t colon = line.find(": ");
    reply.headers.emplace_back(LowerCase(line.substr(0, colon)), line.substr(colon + 2));
  }
  if (!to_head && reply.status >= 200) ReadBody(reply);
  return reply;
}

Reply TestClient::Ask(std::string_view request_bytes) {
  Send(request_bytes);
  return Read();
}

bool TestClient::IsClosed() {
  if (!received_.empty()) return false;
  char byte;
  const ssize_t count = ::recv(socket_, &byte, 1, 0);
  return count == 0 || (count < 0 && errno == ECONNRESET);
}

std::string RequestText(std::string_view method, std::string_view target, std::string_view fields) {
  std::string text(method);
  text += ' ';
  text += target;
  text += " HTTP/1.1\r\nHost: localhost\r\n";
  text += fields;
  return text + "\r\n";
}

}  // namespace muster::http::testing
