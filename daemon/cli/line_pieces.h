#pragma once

// A file of lines in pieces of bounded size that end where a line ends.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

namespace muster::daemon::cli {

struct LinePiece {
  std::uint64_t first_line = 1;  // counted from 1
  std::uint64_t lines = 0;
  std::string text;
  bool is_too_long = false;  // in place of one line that fits into no piece; `text` is empty
};

/// Thread-compatible.
class LinePieces {
 public:
  /// `file` must outlive it. A piece has at most `max_bytes`.
  LinePieces(std::FILE* file, std::size_t max_bytes) : file_(file), max_bytes_(max_bytes) {}

  /// False at the end, or when reading fails: std::ferror tells.
  bool Next(LinePiece& piece);

 private:
  void Fill();
  void SkipLine();

  std::FILE* const file_;
  const std::size_t max_bytes_;
  std::string unread_;  // at most one byte more than a piece
  std::uint64_t next_line_ = 1;
};

}  // namespace muster::daemon::cli
