#include "http_view.h"

#include <cctype>
#include <cstdlib>

#include "clients.h"

namespace muster::testing {
namespace {

/// The body of a chunked message.
std::string Unchunked(std::string_view rest) {
  std::string body;
  for (;;) {
    const std::size_t size = std::strtoul(std::string(rest.substr(0, 16)).c_str(), nullptr, 16);
    const std::size_t line_end = rest.find("\r\n");
    if (size == 0 || line_end == std::string_view::npos) return body;
    body += rest.substr(line_end + 2, size);
    rest.remove_prefix(line_end + 2 + size + 2);
  }
}

/// Reads JSON from the front to the back.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  bool Skip(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string String() {
    std::string value;
    if (!Skip('"')) return value;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') {
        value += Escaped();
      } else {
        value += text_[at_++];
      }
    }
    Skip('"');
    return value;
  }

  /// A string, or a number or word as it stands.
  std::string Value() {
    if (at_ < text_.size() && text_[at_] == '"') return String();
    const std::size_t begin = at_;
    at_ = std::min(text_.find_first_of(",}]", at_), text_.size());
    return std::string(text_.substr(begin, at_ - begin));
  }

 private:
  char Escaped() {
    const char kind = text_[at_ + 1];
    at_ += 2;
    if (kind == 'n') return '\n';
    if (kind == 'r') return '\r';
    if (kind == 't') return '\t';
    if (kind != 'u') return kind;
    const std::string digits(text_.substr(at_, 4));
    at_ += 4;
    return static_cast<char>(std::strtoul(digits.c_str(), nullptr, 16));  // ASCII alone comes so
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

HttpReply HttpAsk(std::uint16_t port, std::string_view method, std::string_view target,
                  std::string_view accept) {
  TcpClient client({"127.0.0.1", port});
  client.Send(std::string(method) + " " + std::string(target) +
              " HTTP/1.1\r\nHost: test\r\nAccept: " + std::string(accept) +
              "\r\nConnection: close\r\n\r\n");
  const std::string all = client.ReceiveBytes(100'000'000);
  const std::size_t end = all.find("\r\n\r\n");
  if (end == std::string::npos || all.rfind("HTTP/1.1 ", 0) != 0) return {};
  const std::string head = all.substr(0, end);
  const std::string rest = all.substr(end + 4);
  const bool chunked = head.find("chunked") != std::string::npos;
  return {std::atoi(head.substr(9, 3).c_str()), chunked ? Unchunked(rest) : rest};
}

std::vector<std::map<std::string, std::string>> RegistrationsOf(std::string_view json) {
  std::vector<std::map<std::string, std::string>> rows;
  JsonReader reader(json);
  if (!reader.Skip('{') || reader.String() != "registrations" || !reader.Skip(':')) return rows;
  if (!reader.Skip('[')) return rows;
  while (reader.Skip('{')) {
    auto& row = rows.emplace_back();
    do {
      const std::string key = reader.String();
      if (!reader.Skip(':')) return rows;
      row[key] = reader.Value();
    } while (reader.Skip(','));
    reader.Skip('}');
    reader.Skip(',');
  }
  return rows;
}

std::string PercentEncoded(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kHex[byte >> 4];
      encoded += kHex[byte & 15];
    }
  }
  return encoded;
}

}  // namespace muster::testing
