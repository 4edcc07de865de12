#include "table.h"

#include <algorithm>
#include <numeric>

#include "printable.h"

namespace muster::daemon::cli {
namespace {

constexpr std::size_t kGap = 2;         // spaces between columns
constexpr std::size_t kNarrowest = 10;  // characters that a column is not cut below
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t Length(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return !IsContinuation(c); }));
}

std::string Cut(const std::string& text, std::size_t length) {
  if (Length(text) <= length) return text;
  std::size_t characters = 0;
  std::size_t end = 0;
  while (end < text.size() && (IsContinuation(text[end]) || characters < length - 1)) {
    if (!IsContinuation(text[end])) ++characters;
    ++end;
  }
  return text.substr(0, end).append(kEllipsis);
}

}  // namespace

std::string Table::Lines(const std::vector<Row>& rows) {
  std::vector<Row> shown;
  shown.reserve(rows.size() + 1);
  if (widest_.empty()) {
    widest_.resize(columns_.size());
    Row& titles = shown.emplace_back();
    for (const Column& column : columns_) titles.emplace_back(column.title);
  }
  for (const Row& row : rows) {
    Row& cells = shown.emplace_back();
    for (const std::string& cell : row) cells.push_back(Printable(cell));
  }
  for (const Row& row : shown) Widen(row);
  const std::vector<std::size_t> widths = Fitting();
  std::string lines;
  for (const Row& row : shown) AppendLine(row, widths, lines);
  return lines;
}

void Table::Widen(const Row& row) {
  for (std::size_t i = 0; i < widest_.size(); ++i) {
    widest_[i] = std::max(widest_[i], Length(row[i]));
  }
}

/// Makes the widest column narrower, again and again, until a line fits.
std::vector<std::size_t> Table::Fitting() const {
  std::vector<std::size_t> widths = widest_;
  if (width_ == 0) return widths;
  std::size_t total = std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
  for (; total > width_; --total) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kNarrowest) break;
    --*widest;
  }
  return widths;
}

void Table::AppendLine(const Row& row, const std::vector<std::size_t>& widths,
                       std::string& out) const {
  std::size_t spaces = 0;  // owed; none at a line's end
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string cell = Cut(row[i], widths[i]);
    const std::size_t rest = widths[i] - Length(cell);
    if (columns_[i].is_number) spaces += rest;
    if (!cell.empty()) {
      out.append(spaces, ' ');
      spaces = 0;
    }
    out += cell;
    spaces += kGap + (columns_[i].is_number ? 0 : rest);
  }
  out += '\n';
}

}  // namespace muster::daemon::cli
