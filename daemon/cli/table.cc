#include "table.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include "absl/time/time.h"
#include "printable.h"

namespace muster::daemon::cli {
namespace {

constexpr std::size_t kColumns = 6;
constexpr std::array<std::string_view, kColumns> kTitles = {"AOR",    "CONTACT",    "EXPIRES IN",
                                                            "SERVER", "INSTRUMENT", "CALL-ID"};
constexpr std::size_t kGap = 2;         // spaces between columns
constexpr std::size_t kNarrowest = 10;  // characters that a column is not cut below
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

using Row = std::array<std::string, kColumns>;

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

Row RowOf(const Registration& registration) {
  return {Printable(registration.identity),
          Printable(registration.contact),
          absl::FormatDuration(absl::Seconds(registration.seconds_to_expire)),
          Printable(registration.primary),
          Printable(registration.instrument),
          Printable(registration.call_id)};
}

using Widths = std::array<std::size_t, kColumns>;

/// Makes the widest column narrower, again and again, until a line fits.
void Fit(Widths& widths, std::size_t line) {
  std::size_t total = std::accumulate(widths.begin(), widths.end(), kGap * (kColumns - 1));
  for (; total > line; --total) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kNarrowest) return;
    --*widest;
  }
}

template <typename Cells>
void AppendLine(const Cells& cells, const Widths& widths, std::string& out) {
  std::size_t spaces = 0;  // owed; none at a line's end
  for (std::size_t i = 0; i < kColumns; ++i) {
    const std::string cell = Cut(std::string(cells[i]), widths[i]);
    if (!cell.empty()) {
      out.append(spaces, ' ');
      spaces = 0;
    }
    out += cell;
    spaces += widths[i] - Length(cell) + kGap;
  }
  out += '\n';
}

}  // namespace

std::string FormatTable(const std::vector<Registration>& registrations, std::size_t width) {
  std::vector<Row> rows;
  rows.reserve(registrations.size());
  Widths widths;
  std::transform(kTitles.begin(), kTitles.end(), widths.begin(), Length);
  for (const Registration& registration : registrations) {
    const Row& row = rows.emplace_back(RowOf(registration));
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], Length(row[i]));
  }
  if (width > 0) Fit(widths, width);
  std::string table;
  AppendLine(kTitles, widths, table);
  for (const Row& row : rows) AppendLine(row, widths, table);
  return table;
}

}  // namespace muster::daemon::cli
