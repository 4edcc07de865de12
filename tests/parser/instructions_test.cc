// With the index of SIMD instructions a message is read as without: tests/fuzz/instructions_fuzz.cc
// asks the same of any bytes.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "parser/message_parser.h"
#include "random_message.h"
#include "tests/fuzz/same_message.h"

namespace muster::parser {
namespace {

void ExpectSame(const std::string& bytes, Framing framing) {
  static Message by_bytes, by_index;
  const auto slow = ParseMessageWith(Instructions::kPortable, bytes, framing, by_bytes);
  const auto fast = ParseMessageWith(BestInstructions(), bytes, framing, by_index);
  ASSERT_TRUE(fuzz::SameResult(slow, fast))
      << Describe(slow.error.code) << " at " << slow.error.offset << ", "
      << Describe(fast.error.code) << " at " << fast.error.offset << ":\n"
      << bytes;
  if (slow.outcome == ParseOutcome::kNeedMore) return;
  ASSERT_TRUE(fuzz::SameMessage(by_bytes, by_index)) << bytes;
}

// A message with folds is read without an index.
std::string Unfolded(std::string message) {
  for (std::size_t at;
       (at = std::min(message.find("\r\n "), message.find("\r\n\t"))) != std::string::npos;) {
    message.replace(at, 3, " ");
  }
  return message;
}

void Mutate(std::string& message, std::mt19937& random) {
  constexpr std::string_view kBytes = "\r\n\t \"\\<>;:,=@?%[]*+a1.-\0\x7F\x80\xFF";
  const std::size_t at = random() % message.size();
  const char c = kBytes[random() % kBytes.size()];
  switch (random() % 4) {
    case 0:
      message.insert(at, 1, c);
      break;
    case 1:
      message.erase(at, 1 + random() % 3);
      break;
    case 2:
      message.insert(at, message.substr(random() % message.size(), random() % 40));
      break;
    default:
      message[at] = c;
  }
}

TEST(Instructions, FindTheSameInRandomMessages) {
  std::mt19937 random(5'118);
  std::size_t complete = 0;
  for (int round = 0; round != 2'000; ++round) {
    std::string message = test::RandomMessage(random);
    if (round % 4 != 0) message = Unfolded(message);
    static Message ignored;
    complete += ParseMessage(message, Framing::kStream, ignored).outcome == ParseOutcome::kComplete;
    for (int mutation = 0; mutation != 8; ++mutation) {
      ExpectSame(message, Framing::kDatagram);
      ExpectSame(message, Framing::kStream);
      if (HasFatalFailure()) return;
      Mutate(message, random);
    }
  }
  EXPECT_EQ(complete, 2'000u) << "a message that is refused at once compares little";
}

}  // namespace
}  // namespace muster::parser
