#pragma once

// Writes JSON (RFC 8259) to the end of a string, without a tree and without allocating for a field.
// It minds commas and escapes; that objects get keys and end is the caller's to see to.
// Thread-compatible.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace muster::http {

class JsonWriter {
 public:
  /// `out` must outlive the writer, and may be emptied between calls.
  explicit JsonWriter(std::string& out) : out_(out) {}

  void BeginObject() { Open('{'); }
  void EndObject() { Close('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Close(']'); }

  /// `key` is written as it stands.
  void Key(std::string_view key);
  /// Any bytes: what is no UTF-8 becomes U+FFFD.
  void String(std::string_view text) { String({text}); }
  /// The parts as one text.
  void String(std::initializer_list<std::string_view> parts);
  void Number(std::int64_t number);
  void Null();

 private:
  void Open(char bracket);
  void Close(char bracket);
  void BeginValue();

  std::string& out_;
  bool needs_comma_ = false;
};

}  // namespace muster::http
