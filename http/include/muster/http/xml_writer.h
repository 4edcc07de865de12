#pragma once

// Writes XML 1.0 elements and text, without attributes, to the end of a string, without allocating
// for a field. Thread-compatible.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace muster::http {

class XmlWriter {
 public:
  /// `out` must outlive the writer, and may be emptied between calls.
  explicit XmlWriter(std::string& out) : out_(out) {}

  /// <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
  void Declaration();
  /// `name` is written as it stands.
  void Begin(std::string_view name);
  /// An element with nothing in it is written as <name/>.
  void End(std::string_view name);
  /// Any bytes: what is no UTF-8, and what XML cannot hold, becomes U+FFFD.
  void Text(std::string_view text);

  /// An element with the parts as one text in it.
  void Element(std::string_view name, std::initializer_list<std::string_view> parts);
  void Element(std::string_view name, std::int64_t number);

 private:
  void FinishStartTag();

  std::string& out_;
  bool in_start_tag_ = false;
};

}  // namespace muster::http
