#include "line_pieces.h"

#include <algorithm>

namespace muster::daemon::cli {

bool LinePieces::Next(LinePiece& piece) {
  Fill();
  piece = LinePiece();
  piece.first_line = next_line_;
  if (unread_.empty()) return false;
  std::size_t size = unread_.size();
  if (size > max_bytes_) size = unread_.rfind('\n', max_bytes_ - 1) + 1;  // 0 when there is none
  if (size > 0) {
    piece.text.assign(unread_, 0, size);
    unread_.erase(0, size);
    const auto ends = std::count(piece.text.begin(), piece.text.end(), '\n');
    piece.lines = static_cast<std::uint64_t>(ends) + (piece.text.ends_with('\n') ? 0 : 1);
  } else {
    piece.is_too_long = true;
    piece.lines = 1;
    SkipLine();
  }
  next_line_ += piece.lines;
  return true;
}

void LinePieces::Fill() {
  const std::size_t size = unread_.size();
  unread_.resize(max_bytes_ + 1);
  const std::size_t count = std::fread(unread_.data() + size, 1, unread_.size() - size, file_);
  unread_.resize(size + count);
}

void LinePieces::SkipLine() {
  std::size_t end;
  while ((end = unread_.find('\n')) == std::string::npos) {
    unread_.clear();
    Fill();
    if (unread_.empty()) return;
  }
  unread_.erase(0, end + 1);
}

}  // namespace muster::daemon::cli
