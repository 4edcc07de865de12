#include "muster/parser/stream_framer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sample.h"

namespace muster::parser {
namespace {

using test::RegisterWith;
using test::Replaced;
using ::testing::ElementsAre;

// Feeds `bytes` in pieces of `piece` and names what the framer saw: a message by its CSeq.
std::vector<std::string> Framed(std::string_view bytes, std::size_t piece) {
  StreamFramer framer;
  Message message;
  std::string received;
  std::vector<std::string> seen;
  while (true) {
    const Frame frame = framer.Next(received, message);
    if (frame.kind == FrameKind::kNeedMore) {
      if (bytes.empty()) break;
      received += bytes.substr(0, piece);
      bytes.remove_prefix(std::min(piece, bytes.size()));
      continue;
    }
    if (frame.kind == FrameKind::kMalformed) {
      seen.push_back(std::string(Describe(frame.error.code)));
      return seen;
    }
    if (frame.kind == FrameKind::kPing) seen.push_back("ping");
    if (frame.kind == FrameKind::kBlank) seen.push_back("blank");
    if (frame.kind == FrameKind::kMessage) {
      seen.push_back(std::to_string(message.cseq.number) + std::string(message.body));
    }
    EXPECT_GT(frame.size, 0u);
    received.erase(0, frame.size);
  }
  if (!received.empty()) seen.push_back("rest of " + std::to_string(received.size()));
  return seen;
}

std::string Numbered(int number, std::string_view body = "") {
  std::string message = Replaced(RegisterWith(""), "CSeq: 1826", "CSeq: " + std::to_string(number));
  message =
      Replaced(message, "Content-Length: 0", "Content-Length: " + std::to_string(body.size()));
  return message.append(body);
}

TEST(StreamFramer, CutsMessagesHoweverTheyArrive) {
  const std::string bytes = Numbered(1, "first\r\n\r\nbody") + Numbered(2) + Numbered(3, "x");
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    EXPECT_THAT(Framed(bytes, piece), ElementsAre("1first\r\n\r\nbody", "2", "3x")) << piece;
  }
}

TEST(StreamFramer, CutsTwoGluedMessagesSplitAnywhere) {
  const std::string bytes = Numbered(1, "ab") + Numbered(2, "c");
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    StreamFramer framer;
    Message message;
    std::vector<std::uint32_t> numbers;
    std::string received;
    for (const std::string& part : {bytes.substr(0, split), bytes.substr(split)}) {
      received += part;
      for (;;) {
        const Frame frame = framer.Next(received, message);
        if (frame.kind == FrameKind::kNeedMore) break;
        ASSERT_EQ(frame.kind, FrameKind::kMessage) << split;
        numbers.push_back(message.cseq.number);
        received.erase(0, frame.size);
      }
    }
    EXPECT_THAT(numbers, ElementsAre(1u, 2u)) << split;
    EXPECT_TRUE(received.empty());
  }
}

TEST(StreamFramer, TellsPingsFromBlankLines) {
  const std::string bytes =
      "\r\n\r\n" + Numbered(1) + "\r\n" + Numbered(2) + "\r\n\r\n\r\n" + Numbered(3) + "\r\n\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, bytes.size()}) {
    EXPECT_THAT(Framed(bytes, piece),
                ElementsAre("ping", "1", "blank", "2", "ping", "blank", "3", "ping"))
        << piece;
  }
}

TEST(StreamFramer, WaitsWithALoneLineEnd) {
  EXPECT_THAT(Framed("\r\n", 1), ElementsAre("rest of 2"));
  EXPECT_THAT(Framed("\r", 1), ElementsAre("rest of 1"));
  EXPECT_THAT(Framed("\r\n\r", 1), ElementsAre("rest of 3"));
  EXPECT_THAT(Framed("", 1), ElementsAre());
}

TEST(StreamFramer, NeverResumesBehindAMalformedMessage) {
  const std::string bad = Replaced(Numbered(1, "x"), "Length: 1", "Length: -1") + Numbered(2);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bad.size()}) {
    EXPECT_THAT(Framed(bad, piece), ElementsAre("bad Content-Length")) << piece;
  }
}

TEST(StreamFramer, RefusesABareLineFeedWithoutWaiting) {
  EXPECT_THAT(Framed("GET / HTTP/1.1\n", 1), ElementsAre("CR or LF that is no line end"));
  EXPECT_THAT(Framed("\n", 1), ElementsAre("CR or LF that is no line end"));
  EXPECT_THAT(Framed("REGISTER sip:h SIP/2.0\r\nVia\nx", 1),
              ElementsAre("CR or LF that is no line end"));
}

TEST(StreamFramer, RefusesHeadersWithoutEnd) {
  const std::string endless = Replaced(RegisterWith(""), "Content-Length: 0\r\n\r\n",
                                       "X: " + std::string(kMaxHeaderSectionBytes, 'x'));
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1'000}, endless.size()}) {
    EXPECT_THAT(Framed(endless, piece), ElementsAre("message too large")) << piece;
  }
  StreamFramer framer;
  Message message;
  ASSERT_EQ(framer.Next(endless, message).kind, FrameKind::kMalformed);
  EXPECT_EQ(message.top_via.host, "192.0.2.1");
  EXPECT_EQ(message.cseq.number, 1826u);
}

TEST(StreamFramer, RefusesALargeBodyBeforeItComes) {
  const std::string head = Replaced(Numbered(1), "Length: 0", "Length: 16385");
  EXPECT_THAT(Framed(head, 1), ElementsAre("body too large"));
}

TEST(StreamFramer, WaitsForABodyThatNeverComes) {
  const std::string head = Replaced(Numbered(1), "Length: 0", "Length: 9999");
  EXPECT_THAT(Framed(head + "body", 1), ElementsAre("rest of " + std::to_string(head.size() + 4)));
}

TEST(StreamFramer, MayBeUsedForTheNextConnection) {
  StreamFramer framer;
  Message message;
  EXPECT_EQ(framer.Next("nonsense\n", message).kind, FrameKind::kMalformed);
  EXPECT_EQ(framer.Next(Numbered(1), message).kind, FrameKind::kMessage);
}

}  // namespace
}  // namespace muster::parser
