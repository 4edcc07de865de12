#include "muster/http/xml_writer.h"

#include <charconv>

#include "utf8.h"

namespace muster::http {
namespace {

bool IsPlain(char c) {
  const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
  return is_ascii && (c >= ' ' || c == '\t' || c == '\n') && c != '<' && c != '>' && c != '&';
}

/// XML 1.0 2.2.
bool IsXmlCharacter(CodePoint c) {
  return c.bytes > 0 && c.value >= ' ' && c.value != 0xFFFE && c.value != 0xFFFF;
}

/// Appends the one character that `text` begins with, and returns the bytes it took.
std::size_t AppendSpecial(std::string_view text, std::string& out) {
  switch (text.front()) {
    case '<':
      out += "&lt;";
      return 1;
    case '>':
      out += "&gt;";
      return 1;
    case '&':
      out += "&amp;";
      return 1;
    case '\r':
      out += "&#13;";
      return 1;  // as itself it would be read as a line feed
    default:
      break;
  }
  const CodePoint first = FirstCodePoint(text);
  if (!IsXmlCharacter(first)) {
    out += kReplacementCharacter;
    return first.bytes > 0 ? first.bytes : 1;
  }
  out += text.substr(0, first.bytes);
  return first.bytes;
}

}  // namespace

void XmlWriter::Declaration() {
  out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
}

void XmlWriter::FinishStartTag() {
  if (in_start_tag_) out_ += '>';
  in_start_tag_ = false;
}

void XmlWriter::Begin(std::string_view name) {
  FinishStartTag();
  out_ += '<';
  out_ += name;
  in_start_tag_ = true;
}

void XmlWriter::End(std::string_view name) {
  if (in_start_tag_) {
    out_ += "/>";
    in_start_tag_ = false;
    return;
  }
  out_ += "</";
  out_ += name;
  out_ += '>';
}

void XmlWriter::Text(std::string_view text) {
  if (!text.empty()) FinishStartTag();
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && IsPlain(text[plain])) ++plain;
    out_.append(text, 0, plain);
    text.remove_prefix(plain);
    if (!text.empty()) text.remove_prefix(AppendSpecial(text, out_));
  }
}

void XmlWriter::Element(std::string_view name, std::initializer_list<std::string_view> parts) {
  Begin(name);
  for (const std::string_view part : parts) Text(part);
  End(name);
}

void XmlWriter::Element(std::string_view name, std::int64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  Element(name, {std::string_view(digits, static_cast<std::size_t>(end - digits))});
}

}  // namespace muster::http
