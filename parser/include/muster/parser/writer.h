#pragma once

// Writes SIP messages into a buffer of the caller. Allocates nothing, does not throw.
//
// Nothing that came from outside can end a header line: a CR, LF or NUL in a value (other than a
// fold that was received as such, and a NUL that is a quoted-pair in a quoted string, which RFC
// 3261 25.1 allows) makes the writer fail, and a failed or overflown writer yields no bytes at all.
// Text() judges each piece by itself.
//
//   Writer writer(buffer);
//   writer.StatusLine(200, "OK");
//   writer.Header(HeaderId::kCallId, message.call_id);
//   writer.Body({});                       // Content-Length: 0 and the empty line
//   if (writer.ok()) Send(writer.bytes());
//
// Thread-compatible.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "muster/parser/message.h"

namespace muster::parser {

class Writer {
 public:
  explicit Writer(std::span<char> buffer) : buffer_(buffer) {}

  void StatusLine(int code, std::string_view reason);
  void RequestLine(std::string_view method, std::string_view request_uri);

  /// A whole header line.
  void Header(HeaderId id, std::string_view value);
  void Header(std::string_view name, std::string_view value);
  void Header(HeaderId id, std::uint64_t value);

  /// A header line in pieces: Begin, any number of Text and Number, End.
  void Begin(HeaderId id);
  void Begin(std::string_view name);
  void Text(std::string_view text);
  void Number(std::uint64_t number);
  void End();

  /// Content-Length, the empty line and the body: the last call.
  void Body(std::string_view body);

  /// False once a value was refused or the buffer was too small.
  bool ok() const { return ok_; }
  /// The message so far; empty when !ok().
  std::string_view bytes() const;

 private:
  void Append(std::string_view bytes);

  std::span<char> buffer_;
  std::size_t size_ = 0;
  bool ok_ = true;
};

}  // namespace muster::parser
