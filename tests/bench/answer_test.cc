#include "bench/load/answer.h"

#include <gtest/gtest.h>

#include <string>

namespace muster::bench {
namespace {

constexpr std::string_view kAnswer =
    "SIP/2.0 200 OK\r\n"
    "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;rport=5;received=127.0.0.1\r\n"
    "Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK2\r\n"
    "Call-ID: abc\r\n"
    "CSeq: 7 REGISTER\r\n"
    "Contact: <sip:a@10.0.0.9>;expires=60, <sip:a@10.0.0.1:5060>;expires=3600\r\n"
    "Contact: <sip:a@10.0.0.3>;expires=60\r\n"
    "\r\n";

TEST(AnswerTest, ReadsWhatTheGeneratorCompares) {
  Answer answer;
  ASSERT_TRUE(ReadAnswer(kAnswer, answer));
  EXPECT_EQ(answer.status_code, 200);
  EXPECT_EQ(answer.branch, "z9hG4bK1");
  EXPECT_EQ(answer.call_id, "abc");
  EXPECT_EQ(answer.cseq, "7 REGISTER");
}

TEST(AnswerTest, FindsAContactInAnyFieldOnlyWhole) {
  Answer answer;
  ASSERT_TRUE(ReadAnswer(kAnswer, answer));
  EXPECT_TRUE(ListsContact(answer, "sip:a@10.0.0.1:5060"));
  EXPECT_TRUE(ListsContact(answer, "sip:a@10.0.0.3"));
  EXPECT_FALSE(ListsContact(answer, "sip:a@10.0.0.1:506"));
  EXPECT_FALSE(ListsContact(answer, "a@10.0.0.3"));
  EXPECT_FALSE(ListsContact(answer, "sip:a@10.0.0.2:5060"));
}

TEST(AnswerTest, RefusesWhatIsNoWholeAnswer) {
  Answer answer;
  EXPECT_FALSE(ReadAnswer("", answer));
  EXPECT_FALSE(ReadAnswer("REGISTER sip:a SIP/2.0\r\n\r\n", answer));
  EXPECT_FALSE(ReadAnswer("SIP/2.0 OK\r\n\r\n", answer));
  EXPECT_FALSE(ReadAnswer(kAnswer.substr(0, kAnswer.size() - 2), answer));
}

}  // namespace
}  // namespace muster::bench
