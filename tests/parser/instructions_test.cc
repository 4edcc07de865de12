// With the index of SIMD instructions a message is read as without: tests/fuzz/instructions_fuzz.cc
// asks the same of any bytes.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "parser/message_parser.h"
#include "random_message.h"
#include "sample.h"
#include "tests/fuzz/same_message.h"

namespace muster::parser {
namespace {

// By bytes and with each index that this processor can make.
void ExpectSame(const std::string& bytes, Framing framing) {
  static Message by_bytes, by_index;
  const auto slow = ParseMessageWith(Instructions::kPortable, bytes, framing, by_bytes);
  for (const Instructions each : {Instructions::kAvx2, Instructions::kAvx512}) {
    if (each > BestInstructions()) break;
    const auto fast = ParseMessageWith(each, bytes, framing, by_index);
    ASSERT_TRUE(fuzz::SameResult(slow, fast))
        << Describe(slow.error.code) << " at " << slow.error.offset << ", "
        << Describe(fast.error.code) << " at " << fast.error.offset << ":\n"
        << bytes;
    if (slow.outcome == ParseOutcome::kNeedMore) continue;
    ASSERT_TRUE(fuzz::SameMessage(by_bytes, by_index)) << bytes;
  }
}

void ExpectSame(const std::string& bytes) {
  ExpectSame(bytes, Framing::kDatagram);
  ExpectSame(bytes, Framing::kStream);
}

class InstructionsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (BestInstructions() == Instructions::kPortable) {
      GTEST_SKIP() << "this processor has no instructions to make an index with";
    }
  }
};

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

TEST_F(InstructionsTest, FindTheSameInRandomMessages) {
  std::mt19937 random(5'118);
  std::size_t complete = 0;
  for (int round = 0; round != 2'000; ++round) {
    std::string message = test::RandomMessage(random);
    if (round % 4 != 0) message = Unfolded(message);
    static Message ignored;
    complete += ParseMessage(message, Framing::kStream, ignored).outcome == ParseOutcome::kComplete;
    for (int mutation = 0; mutation != 8; ++mutation) {
      ExpectSame(message);
      if (HasFatalFailure()) return;
      Mutate(message, random);
    }
  }
  EXPECT_EQ(complete, 2'000u) << "a message that is refused at once compares little";
}

// What is read many bytes at a time with an index: hosts and numbers.
TEST_F(InstructionsTest, FindTheSameHostsAndNumbers) {
  const std::string labels(29, 'l');
  std::vector<std::string> hosts = {"0.0.0.0",
                                    "255.255.255.255",
                                    "256.1.1.1",
                                    "1.256.1.1",
                                    "1.1.256.1",
                                    "1.1.1.256",
                                    "1.1.1.260",
                                    "1.1.1.300",
                                    "1.1.1.249",
                                    "1.1.1.1000",
                                    "01.1.1.1",
                                    "001.1.1.1",
                                    "0001.1.1.1",
                                    "1.1.1",
                                    "1.1.1.1.",
                                    "1.1.1.1.1",
                                    ".1.1.1",
                                    "1..1.1",
                                    "1.1.1.",
                                    "1.1.1-1",
                                    "1.1.1.1a",
                                    "1",
                                    "12",
                                    "a",
                                    "a.",
                                    "a..",
                                    ".a",
                                    "..",
                                    ".",
                                    "a..b",
                                    "a.1",
                                    "a.1.",
                                    "1.a",
                                    "1.1.1.a",
                                    "-",
                                    "_",
                                    "a-",
                                    "a.-",
                                    "a_b",
                                    labels + "ab",
                                    labels + "abc",
                                    labels + "abcd",
                                    labels + ".b",
                                    labels + "..b",
                                    labels + "..bc",
                                    labels + ".1",
                                    labels + "..1",
                                    "[::1]",
                                    "[::1",
                                    "h\x80"};
  for (const std::string& host : hosts) {
    for (const char* const port : {"", ":0", ":1", ":65535", ":65536", ":99999999", ":123456789",
                                   ":00000080", ":000000080", ":50a", ":a", ":", ":-1", ":5.6"}) {
      ExpectSame(test::Replaced(test::RegisterWith(""), "UDP 192.0.2.1", "UDP " + host + port));
      ExpectSame(test::RegisterWith("Contact: <sip:u@" + host + port + ">;expires=7\r\n"));
      ExpectSame(test::RegisterWith("m: sip:" + host + port + "\r\n"));
    }
  }
  for (const char* const number :
       {"", "0", "7", "99999999", "100000000", "4294967295", "4294967296", "99999999999",
        "00000000007", "1a", "a1", "1.5", "-1", "1 2", "\t7 "}) {
    ExpectSame(test::RegisterWith("Expires: " + std::string(number) + "\r\n"));
    ExpectSame(test::RegisterWith("Contact: <sip:h>;expires=" + std::string(number) +
                                  ";reg-id=" + number + "\r\n"));
    ExpectSame(test::Replaced(test::RegisterWith(""), "Content-Length: 0",
                              "Content-Length: " + std::string(number)));
  }
}

TEST_F(InstructionsTest, FindTheSameWhereAValueEndsInWhiteSpace) {
  for (const char* const value :
       {"<sip:b@h>;", "<sip:b@h>;x=", "<sip:b@h>;x", "\"abc\"", "\"abc", "SIP/2.0/UDP",
        "SIP/2.0/UDP h:", "<sip:c@h>,", "<sip:c@h", "", "a"}) {
    for (const char* const name : {"To", "Via", "Contact", "Path", "Call-ID", "CSeq", "Expires"}) {
      for (const char* const space : {" ", "   ", "\t", " \t "}) {
        ExpectSame(test::RegisterWith(name + std::string(": ") + value + space + "\r\n"));
        ExpectSame(test::RegisterWith(name + std::string(":") + space + value + space + "\r\n"));
      }
    }
  }
}

TEST_F(InstructionsTest, FindTheSameInResponses) {
  const std::string message = test::RegisterWith("");
  const std::string fields = message.substr(message.find("\r\n"));
  for (const char* const line :
       {"SIP/2.0 200 OK", "SIP/2.0 100 Trying", "SIP/2.0 180 Ringing", "SIP/2.0 200 ",
        "SIP/2.0 200", "SIP/3.0 200 OK", "SIP/2.0 700 X", "A"}) {
    ExpectSame(line + fields);
  }
}

}  // namespace
}  // namespace muster::parser
