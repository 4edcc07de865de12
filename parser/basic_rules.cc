#include "basic_rules.h"

#include <algorithm>

namespace muster::parser {
namespace {

// ctext, but LWS: visible ASCII without parentheses and backslash, and any byte of UTF-8.
constexpr bool IsCommentText(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte != 0x7F && c != '(' && c != ')' && c != '\\';
}

// ctext or a quoted-pair: "\\" and anything of ASCII but CR and LF.
bool SkipCommentUnit(Scanner& in) {
  const std::string_view rest = in.Rest();
  if (rest.empty()) return false;
  if (rest[0] != '\\') {
    in.Advance(IsCommentText(rest[0]) ? 1 : 0);
    return IsCommentText(rest[0]);
  }
  if (rest.size() < 2 || static_cast<unsigned char>(rest[1]) > 0x7F) return false;
  if (rest[1] == '\r' || rest[1] == '\n') return false;
  in.Advance(2);
  return true;
}

}  // namespace

bool IsToken(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return Is(c, kToken); });
}

bool ScanNumber(Scanner& in, std::uint32_t max, std::uint32_t& number, ParseError& error) {
  const Scanner start = in;
  const auto parsed = ParseNumber(in.Take(kDigit), max);
  if (!parsed) return start.Fail(ErrorCode::kBadNumber, error);
  number = *parsed;
  return true;
}

bool ScanComment(Scanner& in, std::string_view& comment, ParseError& error) {
  const char* const start = in.position();
  std::size_t depth = 0;
  do {
    in.SkipLws();
    if (in.Skip('(')) {
      ++depth;
    } else if (depth != 0 && in.Skip(')')) {
      --depth;
    } else if (depth == 0 || !SkipCommentUnit(in)) {
      return in.Fail(ErrorCode::kBadValue, error);
    }
  } while (depth != 0);
  comment = in.Since(start);
  return true;
}

bool ScanEnd(Scanner& in, ParseError& error) {
  in.SkipLws();
  return in.AtEnd() || in.Fail(ErrorCode::kBadValue, error);
}

ErrorCode TakeTokenOnce(const Parameter& parameter, std::string_view& value) {
  if (!value.empty()) return ErrorCode::kDuplicateParameter;
  if (!IsToken(parameter.value)) return ErrorCode::kBadParameter;
  value = parameter.value;
  return ErrorCode::kNone;
}

ErrorCode TakeSecondsOnce(const Parameter& parameter, std::optional<std::uint32_t>& seconds) {
  if (seconds) return ErrorCode::kDuplicateParameter;
  seconds = ParseNumber(parameter.value, kMaxSeconds);
  return seconds ? ErrorCode::kNone : ErrorCode::kBadNumber;
}

}  // namespace muster::parser
