// Start line and header fields: where they begin and end (RFC 3261 7, 7.3.1).

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>

#include "header_name.h"
#include "message_parser.h"
#include "start_line.h"

namespace muster::parser {
namespace {

const char* Find(const char* begin, const char* end, char c) {
  if (begin == end) return nullptr;
  return static_cast<const char*>(std::memchr(begin, c, static_cast<std::size_t>(end - begin)));
}

bool IsPlain(char c) { return static_cast<unsigned char>(c) > ' '; }

}  // namespace

void MessageParser::DecodeStartLine(std::string_view line) {
  ParseError error;
  if (indexed() && ParseStartLine(Reader<SectionScanner>(line), message_, error)) return;
  if (!ParseStartLine(Scanner(line), message_, error)) Note(error, line);
}

bool MessageParser::SplitIndexedSection() {
  const std::string_view rest(position_, static_cast<std::size_t>(end_ - position_));
  if (!index_.Build(rest, instructions_)) return false;
  const std::span<const std::uint16_t> line_feeds = index_.line_feeds();
  if (!SplitIndexedFields()) return false;
  section_ = {&index_, position_};
  DecodeStartLine({position_, line_feeds.front() - std::size_t{1}});
  position_ += line_feeds.back() + 1;
  section_complete_ = true;
  return true;
}

// The usual header section, all lines of which are whole fields. False for any other, which is for
// SplitByBytes to read and to judge.
bool MessageParser::SplitIndexedFields() {
  const std::span<const std::uint16_t> line_feeds = index_.line_feeds();
  const std::size_t count = line_feeds.size() - 2;  // but the start line and the empty one
  // A start line so short is none; behind any other a header's name can be read as a whole.
  if (count > kMaxHeaders || line_feeds[0] < kHeaderNameBytes) return false;
  fields_.Clear();
  HeaderField* const fields = message_.headers_.data();
  const char* const begin = position_;
  const char* next = begin + line_feeds[count] + 1;
  bool trim = false;
  for (std::size_t i = count; i-- != 0;) {
    const char* const line = begin + line_feeds[i] + 1;
    const auto ends = index_.NameEnds(static_cast<std::size_t>(line - begin));
    const auto size = static_cast<std::size_t>(std::countr_zero(ends));
    const char* const colon = line + size;
    // An odd name, a fold, or white space in front of the colon: rare enough.
    if (*colon != ':' || size == 0) return false;
    const char* value = colon + 2;
    if (colon[1] != ' ' || !IsPlain(colon[2]) || !IsPlain(next[-3])) [[unlikely]] {
      value = colon + 1;
      trim = true;
    }
    const HeaderId id = HeaderIdOfToken(colon, size);
    fields[i] = {id, {line, size}, {value, static_cast<std::size_t>(next - 2 - value)}};
    fields_.Add(id, i + 1);
    next = line;
  }
  message_.header_count_ = count;
  // Not in the loop, whose state a call would drive out of the registers.
  if (trim) {
    for (HeaderField& field : std::span(fields, count)) field.value = Trim(field.value);
  }
  return true;
}

void MessageParser::SplitByBytes() {
  const char* const begin = position_;
  const auto available = static_cast<std::size_t>(end_ - begin);
  line_limit_ = on_stream() ? begin + std::min(available, kMaxHeaderSectionBytes) : end_;
  std::string_view line;
  // A start line is never folded.
  message_.request_uri = {};
  if (TakeLine(line)) {
    DecodeStartLine(line);
    while (!section_complete_ && TakeFoldedLine(line)) {
      if (line.empty()) {
        section_complete_ = true;
      } else {
        SplitField(line);
      }
    }
  }
  // One look for all of them: they are rare, and only then is it worth to ask where.
  const char* const nul = Find(begin, position_, '\0');
  if (nul != nullptr) RefuseStrayNuls(nul);
  fields_.Clear();
  for (std::size_t i = message_.header_count_; i != 0; --i) {
    fields_.Add(message_.headers_[i - 1].id, i);
  }
  if (on_stream() && !section_complete_ && available >= kMaxHeaderSectionBytes) {
    error_ = {ErrorCode::kMessageTooLarge, static_cast<std::uint32_t>(line_limit_ - bytes_.data())};
  }
}

bool MessageParser::TakeLine(std::string_view& line) {
  const char* const line_feed = Find(position_, line_limit_, '\n');
  if (line_feed == nullptr) return false;
  const bool crlf = line_feed != position_ && line_feed[-1] == '\r';
  const char* const text_end = crlf ? line_feed - 1 : line_feed;
  if (!crlf) {
    stray_lf_ = true;
    Note(ErrorCode::kBadLineEnd, line_feed);
  }
  const char* const stray_cr = Find(position_, text_end, '\r');
  if (stray_cr != nullptr) Note(ErrorCode::kBadLineEnd, stray_cr);
  line_damaged_ = stray_cr != nullptr;
  line = {position_, static_cast<std::size_t>(text_end - position_)};
  position_ = line_feed + 1;
  return true;
}

bool MessageParser::TakeFoldedLine(std::string_view& line) {
  if (!TakeLine(line)) return false;
  const auto continues = [this] {
    return position_ != line_limit_ && (*position_ == ' ' || *position_ == '\t');
  };
  bool damaged = line_damaged_;
  while (!line.empty() && continues()) {
    damaged = damaged || line.data() + line.size() + 2 != position_;
    std::string_view continuation;
    if (!TakeLine(continuation)) return false;
    damaged = damaged || line_damaged_;
    const char* const text_end = continuation.data() + continuation.size();
    line = {line.data(), static_cast<std::size_t>(text_end - line.data())};
  }
  line_damaged_ = damaged;
  return true;
}

void MessageParser::SplitField(std::string_view line) {
  Scanner in(line);
  const std::string_view name = in.Take(kToken);
  while (in.At(' ') || in.At('\t')) in.Advance(1);
  if (name.empty() || !in.Skip(':')) return Note(ErrorCode::kBadHeader, line.data());
  if (line_damaged_) return;  // kBadLineEnd is noted, and the value is fit for no answer
  if (message_.header_count_ == kMaxHeaders) return Note(ErrorCode::kTooManyHeaders, line.data());
  in.Skip(' ');
  message_.headers_[message_.header_count_++] = {HeaderIdFrom(name), name, Trim(in.Rest())};
}

void MessageParser::RefuseStrayNuls(const char* first) {
  if (message_.reason.data() <= first && first < message_.reason.data() + message_.reason.size()) {
    Note(ErrorCode::kNulByte, first);
  }
  std::size_t kept = 0;
  for (const HeaderField& field : message_.headers()) {
    if (HasStrayNul(field.value)) {
      Note(ErrorCode::kNulByte, field.value.data());
    } else {
      message_.headers_[kept++] = field;
    }
  }
  message_.header_count_ = kept;
}
}  // namespace muster::parser
