#include "muster/parser/header_values.h"
#include "scan.h"

namespace muster::parser {
namespace {

// Moves to the ',' behind an item, or to the end; false at a quote or bracket that does not end.
bool SkipItem(Scanner& in, ParseError& error) {
  std::string_view quoted;
  while (!in.AtEnd() && !in.At(',')) {
    if (in.At('"')) {
      if (!in.TakeQuoted(quoted)) return in.Fail(ErrorCode::kUnterminatedQuote, error);
    } else if (in.At('<')) {
      const std::size_t end = in.Rest().find('>');
      if (end == std::string_view::npos) return in.Fail(ErrorCode::kBadNameAddr, error);
      in.Advance(end + 1);
    } else {
      in.Advance(1);
    }
  }
  return true;
}

}  // namespace

bool ListReader::Next(std::string_view& item) {
  // Behind the last item position_ stands past the end; behind a trailing comma, at it.
  if (failed() || position_ > value_.size()) return false;
  Scanner in(value_);
  in.Advance(position_);
  const char* const start = in.position();
  if (!SkipItem(in, error_)) return false;
  const std::string_view raw = in.Since(start);
  item = Trim(raw);
  const bool whole = position_ == 0 && in.AtEnd();
  position_ += raw.size() + 1;
  if (!item.empty()) return true;
  return !whole && in.Fail(ErrorCode::kBadValue, error_);
}

}  // namespace muster::parser
