#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "muster/parser/message.h"
#include "scan.h"

namespace muster::parser {

/// One ParseMessage: split the header section into fields (header_section.cc), decode the fields
/// that matter, find the body (message_parser.cc). A fault does not end it: the first is kept, and
/// the rest is read as far as it can be, so that the message can still be answered.
class MessageParser {
 public:
  MessageParser(std::string_view bytes, Framing framing, Message& message);

  ParseResult Run();

 private:
  bool on_stream() const { return framing_ == Framing::kStream; }

  /// Keeps the first error. `at` points into the input.
  void Note(ErrorCode code, const char* at);
  /// An error of a scanner over `value`.
  void Note(const ParseError& error, std::string_view value) {
    Note(error.code, value.data() + error.offset);
  }

  // Splitting.
  void SplitHeaderSection();
  bool TakeLine(std::string_view& line);
  bool TakeFoldedLine(std::string_view& line);
  void SplitField(std::string_view line);
  void RefuseStrayNuls(const char* first);

  // Decoding.
  void DecodeFields();
  void Decode(const HeaderField& field);
  bool IsFirst(const HeaderField& field);
  void DecodeVias(const HeaderField& field);
  void DecodeContacts(const HeaderField& field);
  void DecodeContactStar(const HeaderField& field);
  void DecodeAddress(const HeaderField& field, NameAddr& address, std::string_view& tag);
  void DecodeCallId(const HeaderField& field);
  void DecodeCSeq(const HeaderField& field);
  void DecodeContentLength(const HeaderField& field);
  void CheckPath(const HeaderField& field);
  void CheckRequired();
  ParseResult FindBody();

  const std::string_view bytes_;
  const Framing framing_;
  Message& message_;

  const char* position_;
  const char* const end_;
  const char* line_limit_;  // where the header section must have ended

  ParseError error_;
  bool section_complete_ = false;  // the empty line was there
  bool stray_lf_ = false;          // a line ended in LF alone: more bytes cannot mend it
  bool line_damaged_ = false;      // the line just taken holds a CR or LF that is no fold

  std::uint64_t seen_ = 0;  // a bit for each HeaderId
  std::size_t via_count_ = 0;
  std::size_t path_count_ = 0;
  std::optional<std::uint32_t> content_length_;
};

}  // namespace muster::parser
