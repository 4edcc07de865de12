// Each pass over a header section must find what a loop over its bytes finds.

#include "parser/byte_index.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "emulated_avx512.h"
#include "parser/byte_index_pass.h"
#include "parser/char_class.h"
#include "sample.h"

namespace muster::parser {
namespace {

struct Found {
  bool built = false;
  std::vector<std::size_t> line_feeds;
  std::string name_ends;  // '1' where a name ends
  bool operator==(const Found&) const = default;
};

// What byte_index.h promises, said in bytes.
Found Expected(std::string_view bytes) {
  const std::size_t size = bytes.find("\r\n\r\n");
  if (size == std::string_view::npos || bytes.size() < 64) return {};
  const std::string_view section = bytes.substr(0, size + 4);
  Found found;
  found.built = section.size() <= ByteIndex::kMaxBytes;
  for (std::size_t i = 0; i != section.size(); ++i) {
    const bool behind_cr = i != 0 && section[i - 1] == '\r';
    if ((section[i] == '\n') != behind_cr || section[i] == '\0') found.built = false;
    if (section[i] == '\n') found.line_feeds.push_back(i);
    found.name_ends += Is(section[i], kHostName) ? '0' : '1';
  }
  if (found.line_feeds.size() > ByteIndex::kMaxLines) found.built = false;
  return found.built ? found : Found{};
}

Found Take(const ByteIndex& index, bool built) {
  Found found;
  found.built = built;
  if (!built) return found;
  for (const std::uint16_t offset : index.line_feeds()) found.line_feeds.push_back(offset);
  for (std::size_t i = 0; i <= found.line_feeds.back(); ++i) {
    const std::uint64_t window = index.NameEnds(i);
    found.name_ends += (window & 1) != 0 ? '1' : '0';
    // All that a window shows is what its bytes show by themselves.
    for (std::size_t k = 1; k != ByteIndex::kWindowBits && i + k <= found.line_feeds.back(); ++k) {
      EXPECT_EQ(window >> k & 1, index.NameEnds(i + k) & 1) << i << " and " << k;
    }
  }
  return found;
}

using Build = bool (*)(ByteIndex&, std::string_view);
struct Pass {
  const char* name;
  Build build;
};

std::vector<Pass> Passes() {
  std::vector<Pass> passes = {{"emulated AVX-512", [](ByteIndex& index, std::string_view bytes) {
                                 if (bytes.size() < 64) return false;
                                 return BuildAvx512Emulated(bytes.substr(0, ByteIndex::kMaxBytes),
                                                            index);
                               }}};
  if (BestInstructions() >= Instructions::kAvx2) {
    passes.push_back({"AVX2", [](ByteIndex& index, std::string_view bytes) {
                        return index.Build(bytes, Instructions::kAvx2);
                      }});
  }
  if (BestInstructions() >= Instructions::kAvx512) {
    passes.push_back({"AVX-512", [](ByteIndex& index, std::string_view bytes) {
                        return index.Build(bytes, Instructions::kAvx512);
                      }});
  }
  return passes;
}

void Check(std::string_view bytes) {
  const auto index = std::make_unique<ByteIndex>();
  const Found expected = Expected(bytes);
  for (const Pass& pass : Passes()) {
    // On a heap block of its own size, so that a sanitizer sees a look behind its end.
    const std::vector<char> exact(bytes.begin(), bytes.end());
    const bool built = pass.build(*index, {exact.data(), exact.size()});
    ASSERT_EQ(Take(*index, built), expected) << pass.name << ": " << bytes;
  }
}

TEST(ByteIndex, FindsLinesAndNameEnds) {
  const std::string message = test::RegisterWith("X: a_b.c-d+e~f\xC3\xA4 \t\"<>\r\n");
  ASSERT_TRUE(Expected(message).built);
  Check(message);
  Check(message + "body of some kind");
}

TEST(ByteIndex, TellsEachByteFromAHostNames) {
  std::string bytes = "X: ";
  for (int c = 1; c < 256; ++c) {
    if (c != '\r' && c != '\n') bytes += static_cast<char>(c);
  }
  bytes += "\r\n\r\n";
  ASSERT_TRUE(Expected(bytes).built);
  Check(bytes);
}

TEST(ByteIndex, EndsAtAnyOffset) {
  for (std::size_t size = 0; size != 200; ++size) {
    Check(std::string(size, 'x') + "\r\n\r\n");
    Check(std::string(size, 'x') + "\r\n\r\n" + std::string(70, 'b'));
  }
}

TEST(ByteIndex, HasNoneOfADamagedOrUnfinishedSection) {
  const std::string message = test::RegisterWith("");
  for (std::size_t at = 0; at != message.size(); ++at) {
    for (const char c : {'\r', '\n', '\0'}) {
      std::string damaged = message;
      damaged[at] = c;
      Check(damaged);
    }
    Check(std::string_view(message).substr(0, at));
  }
}

TEST(ByteIndex, HasNoneBeyondItsBounds) {
  const auto with = [](std::size_t size) {
    const std::string least = "X: \r\n\r\n";
    return "X: " + std::string(size - least.size(), 'x') + "\r\n\r\n";
  };
  EXPECT_TRUE(Expected(with(ByteIndex::kMaxBytes)).built);
  Check(with(ByteIndex::kMaxBytes));
  EXPECT_FALSE(Expected(with(ByteIndex::kMaxBytes + 1)).built);
  Check(with(ByteIndex::kMaxBytes + 1));
  std::string lines(64, 'x');
  for (std::size_t i = 0; i != ByteIndex::kMaxLines - 1; ++i) lines += "\r\nX";
  lines.pop_back();
  EXPECT_TRUE(Expected(lines + "\r\n").built);
  Check(lines + "\r\n");
  EXPECT_FALSE(Expected(lines + "x\r\n\r\n").built);
  Check(lines + "x\r\n\r\n");
}

TEST(ByteIndex, AgreesWithALoopOnRandomBytes) {
  std::mt19937 random(20'261'121);
  constexpr std::string_view kPieces[] = {"\r\n", "\r\n", "\r\n", "\r",
                                          "\n",   "name", ": ",   "a.b-c"};
  for (int round = 0; round != 3'000; ++round) {
    std::string bytes;
    // Seldom a piece that damages it.
    const std::size_t pieces = random() % 100;
    for (std::size_t i = 0; i != pieces; ++i) {
      const std::size_t piece = random() % 200;
      bytes += piece < std::size(kPieces) ? kPieces[piece] : kPieces[5 + piece % 3];
      if (piece > 190) bytes += static_cast<char>(random() % 255 + 1);
    }
    Check(bytes + "\r\n\r\n");
  }
}

}  // namespace
}  // namespace muster::parser
