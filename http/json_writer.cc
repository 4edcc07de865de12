#include "muster/http/json_writer.h"

#include <charconv>

#include "utf8.h"

namespace muster::http {
namespace {

bool IsPlain(char c) {
  const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
  return is_ascii && c >= ' ' && c != '"' && c != '\\';
}

void AppendControl(char c, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kDigits[static_cast<unsigned char>(c) >> 4];
      out += kDigits[static_cast<unsigned char>(c) & 15];
  }
}

/// Appends the one character that `text` begins with, and returns the bytes it took.
std::size_t AppendSpecial(std::string_view text, std::string& out) {
  const CodePoint first = FirstCodePoint(text);
  if (first.bytes == 0) {
    out += kReplacementCharacter;
    return 1;
  }
  if (first.bytes > 1) {
    out += text.substr(0, first.bytes);
  } else if (text.front() == '"' || text.front() == '\\') {
    out += '\\';
    out += text.front();
  } else {
    AppendControl(text.front(), out);
  }
  return first.bytes;
}

void AppendEscaped(std::string_view text, std::string& out) {
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && IsPlain(text[plain])) ++plain;
    out.append(text, 0, plain);
    text.remove_prefix(plain);
    if (!text.empty()) text.remove_prefix(AppendSpecial(text, out));
  }
}

}  // namespace

void JsonWriter::BeginValue() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

void JsonWriter::Open(char bracket) {
  BeginValue();
  out_ += bracket;
  needs_comma_ = false;
}

void JsonWriter::Close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
}

void JsonWriter::Key(std::string_view key) {
  BeginValue();
  out_ += '"';
  out_ += key;
  out_ += "\":";
  needs_comma_ = false;
}

void JsonWriter::String(std::initializer_list<std::string_view> parts) {
  BeginValue();
  out_ += '"';
  for (const std::string_view part : parts) AppendEscaped(part, out_);
  out_ += '"';
}

void JsonWriter::Number(std::int64_t number) {
  BeginValue();
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  out_.append(digits, static_cast<std::size_t>(end - digits));
}

void JsonWriter::Null() {
  BeginValue();
  out_ += "null";
}

}  // namespace muster::http
