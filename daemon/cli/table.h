#pragma once

// Tables for people.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace muster::daemon::cli {

struct Column {
  std::string_view title;
  bool is_number = false;  // stands to the right
};

/// A table that is written piece by piece: its columns grow with the widest cell so far.
/// Every character is taken to be one column wide.
class Table {
 public:
  using Row = std::vector<std::string>;

  /// Lines have at most `width` characters where that is possible: the widest columns are cut
  /// first, and marked by an ellipsis. 0 = nothing is cut.
  Table(std::vector<Column> columns, std::size_t width)
      : columns_(std::move(columns)), width_(width) {}

  /// Lines of `rows`, each of which has a cell for each column; the titles stand above the first
  /// ones. Cells are shown Printable().
  std::string Lines(const std::vector<Row>& rows);

 private:
  void Widen(const Row& row);
  std::vector<std::size_t> Fitting() const;
  void AppendLine(const Row& row, const std::vector<std::size_t>& widths, std::string& out) const;

  const std::vector<Column> columns_;
  const std::size_t width_;
  std::vector<std::size_t> widest_;  // cell of each column, in characters; empty before the titles
};

}  // namespace muster::daemon::cli
