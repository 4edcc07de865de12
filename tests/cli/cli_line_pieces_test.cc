#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "daemon/cli/line_pieces.h"

namespace muster::daemon::cli {
namespace {

/// "first-line:text" of each piece, "first-line!" for a line that is too long.
std::vector<std::string> PiecesOf(const std::string& text, std::size_t max_bytes) {
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(std::tmpfile(), &std::fclose);
  std::fwrite(text.data(), 1, text.size(), file.get());
  std::rewind(file.get());
  LinePieces pieces(file.get(), max_bytes);
  std::vector<std::string> found;
  for (LinePiece piece; pieces.Next(piece);) {
    found.push_back(std::to_string(piece.first_line) + (piece.is_too_long ? "!" : ":") +
                    piece.text);
    EXPECT_LE(piece.text.size(), max_bytes);
  }
  return found;
}

using Pieces = std::vector<std::string>;

TEST(LinePiecesTest, WhatFitsIsOnePiece) {
  EXPECT_EQ(PiecesOf("", 8), Pieces());
  EXPECT_EQ(PiecesOf("a\nb\nc\n", 8), Pieces({"1:a\nb\nc\n"}));
  EXPECT_EQ(PiecesOf("a\nb\nc", 8), Pieces({"1:a\nb\nc"}));
  EXPECT_EQ(PiecesOf("1234567\n", 8), Pieces({"1:1234567\n"}));
}

TEST(LinePiecesTest, PiecesEndWhereALineEnds) {
  EXPECT_EQ(PiecesOf("aa\nbb\ncc\ndd\n", 8), Pieces({"1:aa\nbb\n", "3:cc\ndd\n"}));
  EXPECT_EQ(PiecesOf("aa\nbb\ncc\ndd", 4), Pieces({"1:aa\n", "2:bb\n", "3:cc\n", "4:dd"}));
  EXPECT_EQ(PiecesOf("\n\n\n\n", 2), Pieces({"1:\n\n", "3:\n\n"}));
}

TEST(LinePiecesTest, ALineThatFitsIntoNoPieceIsPassedOver) {
  const std::string longest(1'000, 'x');
  EXPECT_EQ(PiecesOf("a\n" + longest + "\nb\n", 4), Pieces({"1:a\n", "2!", "3:b\n"}));
  EXPECT_EQ(PiecesOf(longest, 4), Pieces({"1!"}));
  EXPECT_EQ(PiecesOf("12345\nb", 4), Pieces({"1!", "2:b"}));
  EXPECT_EQ(PiecesOf("1234\nb", 4), Pieces({"1!", "2:b"}));
  EXPECT_EQ(PiecesOf("1234", 4), Pieces({"1:1234"}));
  EXPECT_EQ(PiecesOf(longest + "\n" + longest, 4), Pieces({"1!", "2!"}));
}

}  // namespace
}  // namespace muster::daemon::cli
