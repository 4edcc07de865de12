#include "muster/parser/header_values.h"
#include "scan.h"

namespace muster::parser {
namespace {

// Moves to the ',' behind an item, or to the end; false at a quote or bracket that does not end.
bool SkipItem(Scanner& in) {
  std::string_view quoted;
  while (!in.AtEnd() && !in.At(',')) {
    if (in.At('"')) {
      if (!in.TakeQuoted(quoted)) return false;
    } else if (in.At('<')) {
      const std::size_t end = in.Rest().find('>');
      if (end == std::string_view::npos) return false;
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
  if (failed_ || position_ > value_.size()) return false;
  Scanner in(value_.substr(position_));
  const char* const start = in.position();
  failed_ = !SkipItem(in);
  if (failed_) return false;
  const std::string_view raw = in.Since(start);
  item = Trim(raw);
  const bool whole = position_ == 0 && in.AtEnd();
  position_ += raw.size() + 1;
  if (!item.empty()) return true;
  failed_ = !whole;
  return false;
}

}  // namespace muster::parser
