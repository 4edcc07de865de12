// Every prefix of a message, as a datagram and as the beginning of a stream, and every way to cut a
// stream in two: placed where the byte behind the input may not be touched.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "guarded_pages.h"
#include "muster/parser/stream_framer.h"
#include "random_message.h"
#include "sample.h"

namespace muster::parser {
namespace {

using test::GuardedPages;
using test::Parse;
using test::Parsed;
using test::RandomMessage;

constexpr std::size_t kGuardedBytes = 32'768;

std::vector<std::string> RandomMessages(std::size_t count) {
  std::mt19937 random(5'060);
  std::vector<std::string> messages;
  while (messages.size() < count) messages.push_back(RandomMessage(random));
  return messages;
}

// The RFC's sound ones, and random ones.
std::vector<std::string> SoundMessages() {
  std::vector<std::string> messages = RandomMessages(12);
  for (std::string& message : test::Rfc4475Messages()) {
    if (Parse(message).result.outcome == ParseOutcome::kComplete) {
      messages.push_back(std::move(message));
    }
  }
  return messages;
}

// The RFC's, and random ones with a byte each that may break them.
std::vector<std::string> SoundAndBrokenMessages() {
  std::vector<std::string> messages = test::Rfc4475Messages();
  std::mt19937 random(5'061);
  constexpr std::string_view kBytes("\r\n\0<>,;:\"\\", 10);
  for (std::string& message : RandomMessages(20)) {
    message[random() % message.size()] = kBytes[random() % kBytes.size()];
    messages.push_back(std::move(message));
  }
  return messages;
}

std::size_t HeaderSectionBytes(std::string_view message) { return message.find("\r\n\r\n") + 4; }

// Behind a line's end, when the line is continued: what is in front of it may be a whole field.
bool IsBeforeFold(std::string_view message, std::size_t size) {
  return size < message.size() && message.substr(0, size).ends_with("\r\n") &&
         (message[size] == ' ' || message[size] == '\t');
}

TEST(EverySplit, RandomMessagesAreSound) {
  for (const std::string& message : RandomMessages(300)) {
    for (const Framing framing : {Framing::kDatagram, Framing::kStream}) {
      const Parsed parsed = Parse(message, framing);
      ASSERT_EQ(parsed.result.outcome, ParseOutcome::kComplete)
          << Describe(parsed.result.error.code) << " at " << parsed.result.error.offset << " of\n"
          << message;
      EXPECT_EQ(parsed.result.size, message.size());
      EXPECT_EQ(parsed->body, message.substr(HeaderSectionBytes(message)));
      EXPECT_EQ(parsed->headers().size(), 35u);
    }
  }
}

// A datagram that ends early says so, at its end.
TEST(EverySplit, PrefixOfADatagramIsTruncatedUntilItIsWhole) {
  GuardedPages pages(kGuardedBytes);
  Message message;
  std::size_t folds = 0;
  for (const std::string& sample : SoundMessages()) {
    const Parsed whole = Parse(sample);
    const std::size_t section = HeaderSectionBytes(sample);
    const bool has_length = whole->Find(HeaderId::kContentLength) != nullptr;
    const std::size_t enough = has_length ? whole.result.size : section;
    for (std::size_t size = 0; size <= sample.size(); ++size) {
      const std::string_view prefix = pages.AtEnd(std::string_view(sample).substr(0, size));
      const ParseResult result = ParseMessage(prefix, Framing::kDatagram, message);
      if (size >= enough) {
        ASSERT_EQ(result.outcome, ParseOutcome::kComplete) << size << " of\n" << sample;
        EXPECT_EQ(result.size, has_length ? enough : size);
        EXPECT_EQ(message.body, prefix.substr(section, result.size - section));
        continue;
      }
      ASSERT_EQ(result.outcome, ParseOutcome::kMalformed) << size << " of\n" << sample;
      if (IsBeforeFold(sample, size)) {
        ++folds;
        continue;
      }
      ASSERT_EQ(result.error.code, ErrorCode::kTruncated) << size << " of\n" << sample;
      EXPECT_EQ(result.error.offset, size);
    }
  }
  EXPECT_GT(folds, 100u);
}

TEST(EverySplit, PrefixOfAStreamNeedsMoreUntilItIsWhole) {
  GuardedPages pages(kGuardedBytes);
  Message message;
  std::size_t whole_messages = 0;
  for (const std::string& sample : SoundMessages()) {
    const Parsed whole = Parse(sample, Framing::kStream);
    if (whole.result.outcome != ParseOutcome::kComplete) continue;  // without Content-Length
    ++whole_messages;
    const std::size_t section = HeaderSectionBytes(sample);
    for (std::size_t size = 0; size <= sample.size(); ++size) {
      const std::string_view prefix = pages.AtEnd(std::string_view(sample).substr(0, size));
      const ParseResult result = ParseMessage(prefix, Framing::kStream, message);
      const bool complete = size >= whole.result.size;
      ASSERT_EQ(result.outcome, complete ? ParseOutcome::kComplete : ParseOutcome::kNeedMore)
          << size << " of\n"
          << sample;
      EXPECT_EQ(result.size, size >= section ? whole.result.size : 0);
    }
  }
  EXPECT_GT(whole_messages, 35u);
}

TEST(EverySplit, OutcomeOfAStreamStaysForEveryLongerPrefix) {
  GuardedPages pages(kGuardedBytes);
  Message message;
  std::size_t faults = 0;
  for (const std::string& sample : SoundAndBrokenMessages()) {
    ParseResult first{ParseOutcome::kNeedMore, 0, {}};
    for (std::size_t size = 0; size <= sample.size(); ++size) {
      const std::string_view prefix = pages.AtEnd(std::string_view(sample).substr(0, size));
      const ParseResult result = ParseMessage(prefix, Framing::kStream, message);
      if (first.outcome == ParseOutcome::kNeedMore) first = result;
      ASSERT_EQ(result.outcome, first.outcome) << size << " of\n" << sample;
      ASSERT_EQ(result.error.code, first.error.code) << size << " of\n" << sample;
      ASSERT_EQ(result.error.offset, first.error.offset) << size << " of\n" << sample;
      if (result.outcome != ParseOutcome::kNeedMore) {
        ASSERT_EQ(result.size, first.size);
      }
    }
    faults += first.outcome == ParseOutcome::kMalformed;
  }
  EXPECT_GT(faults, 30u);
}

// What a framer told of one frame, all views of the message as text.
struct Seen {
  FrameKind kind;
  std::size_t size;
  ErrorCode code;
  std::size_t offset;
  std::string text;
  bool operator==(const Seen&) const = default;
};

std::string TextOf(const Message& message) {
  std::string text(message.method_text);
  for (const std::string_view part :
       {message.request_uri.text, message.top_via.text, message.from.text, message.from_tag,
        message.to.text, message.to_tag, message.call_id, message.body}) {
    text.append("|").append(part);
  }
  for (const HeaderField& field : message.headers()) {
    text.append("|").append(field.name).append(":").append(field.value);
  }
  for (const Contact& contact : message.contacts()) {
    text.append("|").append(contact.address.text).append(contact.instance);
  }
  return text;
}

// Receives a stream in pieces, keeping it where the byte behind it may not be touched.
class Receiver {
 public:
  explicit Receiver(GuardedPages& pages) : pages_(pages) {}

  void Receive(std::string_view piece) {
    received_ += piece;
    while (!broken_) {
      const std::string_view bytes = pages_.AtEnd(received_);
      const Frame frame = framer_.Next(bytes, message_);
      if (frame.kind == FrameKind::kNeedMore) return;
      // Of a broken message there is as much as was received when it was found broken.
      seen_.push_back({frame.kind, frame.size, frame.error.code, frame.error.offset,
                       frame.kind == FrameKind::kMessage ? TextOf(message_) : std::string()});
      broken_ = frame.kind == FrameKind::kMalformed;
      received_.erase(0, frame.size);
    }
  }
  const std::vector<Seen>& seen() const { return seen_; }

 private:
  GuardedPages& pages_;
  StreamFramer framer_;
  Message message_;
  std::string received_;
  std::vector<Seen> seen_;
  bool broken_ = false;
};

TEST(EverySplit, StreamCutInTwoAnywhereGivesTheSameFrames) {
  GuardedPages pages(kGuardedBytes);
  for (const std::string& sample : SoundAndBrokenMessages()) {
    const std::string stream = "\r\n\r\n" + sample + "\r\n";
    Receiver whole(pages);
    whole.Receive(stream);
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
      Receiver split(pages);
      split.Receive(stream.substr(0, cut));
      split.Receive(stream.substr(cut));
      ASSERT_TRUE(split.seen() == whole.seen()) << cut << " of\n" << stream;
    }
  }
}

TEST(EverySplit, StreamByteByByteGivesTheSameFrames) {
  GuardedPages pages(kGuardedBytes);
  std::string stream;
  std::size_t messages = 0;
  for (const std::string& sample : SoundMessages()) {
    if (Parse(sample, Framing::kStream).result.outcome != ParseOutcome::kComplete) continue;
    // Without the second request behind dblreq's first, which would be a stream of its own.
    stream += sample.substr(0, Parse(sample, Framing::kStream).result.size) + "\r\n\r\n";
    ++messages;
    if (stream.size() > kGuardedBytes - 4'096) break;
  }
  Receiver whole(pages), split(pages);
  whole.Receive(stream);
  for (const char byte : stream) split.Receive({&byte, 1});
  EXPECT_TRUE(split.seen() == whole.seen());
  EXPECT_EQ(whole.seen().size(), 2 * messages) << "each with a ping behind it";
  EXPECT_GT(messages, 10u);
}

TEST(EverySplit, BrokenStreamByteByByteGivesTheSameFault) {
  GuardedPages pages(kGuardedBytes);
  for (const std::string& sample : SoundAndBrokenMessages()) {
    Receiver whole(pages), split(pages);
    whole.Receive(sample);
    for (const char byte : sample) split.Receive({&byte, 1});
    ASSERT_TRUE(split.seen() == whole.seen()) << sample;
  }
}

}  // namespace
}  // namespace muster::parser
