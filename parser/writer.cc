#include "muster/parser/writer.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "basic_rules.h"
#include "scan.h"

namespace muster::parser {
namespace {

constexpr std::string_view kCrlf = "\r\n";

bool HasLineEnd(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

// Whether every CR and LF is part of a fold.
bool FoldsOnly(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') return false;
    if (text[i] != '\r') continue;
    const bool fold =
        text.size() - i >= 3 && text[i + 1] == '\n' && (text[i + 2] == ' ' || text[i + 2] == '\t');
    if (!fold) return false;
    i += 2;
  }
  return true;
}

bool IsSafeValue(std::string_view text) {
  return !HasLineEnd(text) || (FoldsOnly(text) && !HasStrayNul(text));
}

}  // namespace

void Writer::Append(std::string_view bytes) {
  if (!ok_) return;
  if (bytes.size() > buffer_.size() - size_) {
    ok_ = false;
    return;
  }
  if (!bytes.empty()) std::memcpy(buffer_.data() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
}

void Writer::StatusLine(int code, std::string_view reason) {
  if (code < 100 || code > 699 || HasLineEnd(reason)) ok_ = false;
  Append("SIP/2.0 ");
  Number(static_cast<std::uint64_t>(code));
  Append(" ");
  Append(reason);
  Append(kCrlf);
}

void Writer::RequestLine(std::string_view method, std::string_view request_uri) {
  const bool uri = !request_uri.empty() && std::all_of(request_uri.begin(), request_uri.end(),
                                                       [](char c) { return Is(c, kUriAny); });
  if (!IsToken(method) || !uri) ok_ = false;
  Append(method);
  Append(" ");
  Append(request_uri);
  Append(" SIP/2.0\r\n");
}

void Writer::Header(HeaderId id, std::string_view value) { Header(HeaderName(id), value); }

void Writer::Header(std::string_view name, std::string_view value) {
  Begin(name);
  Text(value);
  End();
}

void Writer::Header(HeaderId id, std::uint64_t value) {
  Begin(id);
  Number(value);
  End();
}

void Writer::Begin(HeaderId id) { Begin(HeaderName(id)); }

void Writer::Begin(std::string_view name) {
  if (!IsToken(name)) ok_ = false;
  Append(name);
  Append(": ");
}

void Writer::Text(std::string_view text) {
  if (!IsSafeValue(text)) ok_ = false;
  Append(text);
}

void Writer::Number(std::uint64_t number) {
  char digits[20];
  const auto result = std::to_chars(digits, digits + sizeof(digits), number);
  Append({digits, static_cast<std::size_t>(result.ptr - digits)});
}

void Writer::End() { Append(kCrlf); }

void Writer::Body(std::string_view body) {
  Header(HeaderId::kContentLength, body.size());
  Append(kCrlf);
  Append(body);
}

std::string_view Writer::bytes() const {
  return ok_ ? std::string_view(buffer_.data(), size_) : std::string_view();
}

}  // namespace muster::parser
