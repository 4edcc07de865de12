#pragma once

// What the fuzz targets of header field values share.

#include <array>
#include <string_view>
#include <vector>

#include "check.h"
#include "muster/parser/header_values.h"
#include "muster/parser/writer.h"

namespace muster::fuzz {

/// Parameters that a parser has let pass: read to their end, and found by name.
inline void CheckParameters(std::string_view params) {
  parser::ParameterReader reader(params);
  std::size_t end = 0;
  for (parser::Parameter parameter; reader.Next(parameter);) {
    FUZZ_CHECK(!parameter.name.empty() && IsInside(parameter.name, params));
    FUZZ_CHECK(IsInside(parameter.value, params));
    const std::string_view last = parameter.has_value ? parameter.value : parameter.name;
    end = static_cast<std::size_t>(last.data() + last.size() - params.data());
    FUZZ_CHECK(parser::FindParameter(params, parameter.name).has_value());
  }
  FUZZ_CHECK(end == params.size());
}

inline void CheckUri(const parser::Uri& uri, std::string_view text) {
  FUZZ_CHECK(IsInside(uri.text, text) && !uri.text.empty());
  for (const std::string_view part :
       {uri.scheme_text, uri.user, uri.password, uri.host, uri.params, uri.headers}) {
    FUZZ_CHECK(IsInside(part, uri.text));
  }
}

inline void CheckAddress(const parser::NameAddr& address, std::string_view value) {
  FUZZ_CHECK(IsInside(address.text, value));
  FUZZ_CHECK(IsInside(address.display_name, address.text));
  FUZZ_CHECK(address.bracketed || address.display_name.empty());
  CheckUri(address.uri, address.text);
  FUZZ_CHECK(IsInside(address.params, address.text));
  CheckParameters(address.params);
}

inline void CheckSame(const parser::NameAddr& a, const parser::NameAddr& b) {
  FUZZ_CHECK(a.text == b.text && a.display_name == b.display_name && a.params == b.params);
  FUZZ_CHECK(a.uri.text == b.uri.text && a.bracketed == b.bracketed);
}

inline void CheckError(const parser::ParseError& error, std::string_view value) {
  FUZZ_CHECK(error.code != parser::ErrorCode::kNone && error.offset <= value.size());
}

/// Of the first parameter of that name, or empty.
inline std::string_view ValueOf(std::string_view params, std::string_view name) {
  return parser::FindParameter(params, name).value_or(parser::Parameter()).value;
}

/// Reads a list into `items`. False when it is broken: then `items` has those before the fault.
inline bool ReadList(std::string_view value, std::vector<std::string_view>& items) {
  items.clear();
  parser::ListReader reader(value);
  const char* last = value.data();
  for (std::string_view item; reader.Next(item);) {
    FUZZ_CHECK(!item.empty() && IsInside(item, value) && item.data() >= last);
    last = item.data() + item.size();
    items.push_back(item);
  }
  std::string_view none;
  FUZZ_CHECK(!reader.Next(none));
  return !reader.failed();
}

/// A REGISTER in which one header field has a value from outside, written and read again.
class MessageAround {
 public:
  MessageAround(parser::HeaderId id, std::string_view value) {
    using parser::HeaderId;
    parser::Writer writer(buffer_);
    writer.RequestLine("REGISTER", "sip:h");
    writer.Header(id, value);
    if (id != HeaderId::kVia) writer.Header(HeaderId::kVia, "SIP/2.0/UDP h");
    if (id != HeaderId::kTo) writer.Header(HeaderId::kTo, "<sip:a@h>");
    writer.Header(HeaderId::kFrom, "<sip:a@h>;tag=1");
    writer.Header(HeaderId::kCallId, "1");
    writer.Header(HeaderId::kCSeq, "1 REGISTER");
    writer.Body({});
    written_ = writer.ok();
    if (!written_) return;
    result_ = ParseMessage(writer.bytes(), parser::Framing::kDatagram, message_);
    // However the value is made, it is the value of one header field.
    FUZZ_CHECK(message_.headers().size() == CountWithout(id) + 1);
    FUZZ_CHECK(message_.headers()[0].id == id && IsInside(this->value(), buffer()));
  }

  /// False when the value would have been more than a value, or too long.
  bool written() const { return written_; }
  bool complete() const { return result_.outcome == parser::ParseOutcome::kComplete; }
  const parser::Message& message() const { return message_; }
  /// The value as received.
  std::string_view value() const { return message_.headers()[0].value; }

 private:
  static std::size_t CountWithout(parser::HeaderId id) {
    return id == parser::HeaderId::kVia || id == parser::HeaderId::kTo ? 5 : 6;
  }
  static std::string_view buffer() { return {buffer_.data(), buffer_.size()}; }

  // Large, and of one at a time.
  static inline std::array<char, 65'000> buffer_;
  static inline parser::Message message_;
  bool written_ = false;
  parser::ParseResult result_{};
};

}  // namespace muster::fuzz
