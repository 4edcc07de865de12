#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "byte_index.h"
#include "muster/parser/message.h"
#include "scan.h"

namespace muster::parser {

/// ParseMessage with instructions of one's choice, which the processor must have.
ParseResult ParseMessageWith(Instructions instructions, std::string_view bytes, Framing framing,
                             Message& message);

/// Which header fields there are, by id: from the first of an id to the next and the next.
class FieldsById {
 public:
  void Clear() { first_ = {}; }
  /// Numbers count from one. In front of all that were added before.
  void Add(HeaderId id, std::size_t number) {
    next_[number] = first_[Number(id)];
    first_[Number(id)] = static_cast<std::uint8_t>(number);
  }
  /// Number of the first field, or 0.
  std::size_t First(HeaderId id) const { return first_[Number(id)]; }
  /// Number of the next field of the same id, or 0.
  std::size_t Next(std::size_t number) const { return next_[number]; }

 private:
  static_assert(kMaxHeaders < 256);
  static constexpr std::size_t Number(HeaderId id) { return static_cast<std::size_t>(id); }
  // kWwwAuthenticate is the last.
  static constexpr std::size_t kIds = static_cast<std::size_t>(HeaderId::kWwwAuthenticate) + 1;

  std::array<std::uint8_t, kIds> first_;
  std::array<std::uint8_t, kMaxHeaders + 1> next_;
};

/// One ParseMessage: split the header section into fields (header_section.cc), decode the fields
/// that matter, find the body (message_parser.cc). A fault does not end it: the first is kept, and
/// the rest is read as far as it can be, so that the message can still be answered.
class MessageParser {
 public:
  MessageParser(std::string_view bytes, Framing framing, Instructions instructions,
                Message& message);

  ParseResult Run();

 private:
  bool on_stream() const { return framing_ == Framing::kStream; }
  bool indexed() const { return section_.index != nullptr; }
  /// A reader of a header field's value, or of the start line.
  template <typename In>
  In Reader(std::string_view text) const {
    if constexpr (std::is_same_v<In, SectionScanner>) {
      return In(text, section_);
    } else {
      return In(text);
    }
  }

  /// Keeps the first error. `at` points into the input.
  void Note(ErrorCode code, const char* at);
  /// An error of a scanner over `value`.
  void Note(const ParseError& error, std::string_view value) {
    Note(error.code, value.data() + error.offset);
  }
  /// Keeps the error that stands first in the input: values are not decoded in their order.
  void NoteValue(ErrorCode code, const char* at);
  /// The same, where a Scanner has found it. Always false.
  template <typename In>
  bool Refuse(ErrorCode code, const char* at) {
    if constexpr (!In::kGivesUp) NoteValue(code, at);
    return false;
  }
  template <typename In>
  bool Refuse(const ParseError& error, std::string_view value) {
    return Refuse<In>(error.code, value.data() + error.offset);
  }

  // Splitting.
  bool SplitIndexedSection();
  bool SplitIndexedFields();
  void DecodeStartLine(std::string_view line);
  void SplitByBytes();
  bool TakeLine(std::string_view& line);
  bool TakeFoldedLine(std::string_view& line);
  void SplitField(std::string_view line);
  void RefuseStrayNuls(const char* first);
  // Decoding.
  void DecodeFields();
  const HeaderField* Field(std::size_t number) const {
    return number != 0 ? &message_.headers_[number - 1] : nullptr;
  }
  const HeaderField* First(HeaderId id) const { return Field(fields_.First(id)); }
  /// The next field of that id, or nullptr.
  const HeaderField* Next(const HeaderField* field) const {
    return Field(fields_.Next(static_cast<std::size_t>(field - message_.headers_.data()) + 1));
  }
  /// First, of a header that may stand once.
  const HeaderField* TheOnly(HeaderId id);
  void DecodeVias();
  void DecodeContacts();
  void DecodeAddress(HeaderId id, NameAddr& address, std::string_view& tag);
  void DecodeCallId();
  void DecodeCSeq();
  void DecodeExpires();
  void DecodeContentLength();
  void CheckPaths();
  // One field's value. A SectionScanner may give up, and notes nothing then: false, and whatever it
  // has changed is for a Scanner to set anew. Each is compiled by itself: where the other's calls
  // are, a SectionScanner is not kept in registers.
  template <typename In>
  [[gnu::noinline]] bool DecodeTopVia(const HeaderField& field);
  template <typename In>
  [[gnu::noinline]] bool CheckVias(In in, std::string_view value);
  template <typename In>
  [[gnu::noinline]] bool DecodeContactList(const HeaderField& field);
  void DecodeContactStar(const HeaderField& field);
  template <typename In>
  [[gnu::noinline]] bool DecodeNameAddr(const HeaderField& field, NameAddr& address,
                                        std::string_view& tag);
  template <typename In>
  bool DecodeCSeqValue(const HeaderField& field);
  template <typename In>
  [[gnu::noinline]] bool CheckPath(const HeaderField& field);
  void CheckRequired();
  ParseResult FindBody();

  const std::string_view bytes_;
  const Framing framing_;
  const Instructions instructions_;
  Message& message_;

  const char* position_;
  const char* const end_;
  const char* line_limit_;  // where the header section must have ended

  ParseError error_;
  ParseError value_error_;
  bool section_complete_ = false;  // the empty line was there
  bool stray_lf_ = false;          // a line ended in LF alone: more bytes cannot mend it
  bool line_damaged_ = false;      // the line just taken holds a CR or LF that is no fold

  FieldsById fields_;
  std::size_t via_count_ = 0;  // but the top one
  std::size_t path_count_ = 0;
  std::optional<std::uint32_t> content_length_;
  bool same_method_ = false;  // CSeq has the request's

  Section section_;  // of an indexed one
  ByteIndex index_;
};

}  // namespace muster::parser
