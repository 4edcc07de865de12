#include "bench/load/outstanding.h"

#include <gtest/gtest.h>

#include <string>

#include "bench/echo/echo_answer.h"

namespace muster::bench {
namespace {

class OutstandingTest : public testing::Test {
 protected:
  std::string BeginAndAnswer(std::uint64_t user) {
    Transaction& transaction = outstanding_.Begin(now_);
    writer_.Write(user, 5, transaction.number, transaction.request);
    return std::string(kEchoStatusLine) + std::string(EchoRest(transaction.request.text()));
  }

  std::string Replace(std::string text, std::string_view what, std::string_view by) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), by);
  }

  void ExpectWrong(const std::string& answer, std::string_view reason) {
    const Judgement judgement = outstanding_.Settle(answer);
    EXPECT_EQ(judgement.verdict, Verdict::kWrong);
    EXPECT_EQ(judgement.reason, reason);
  }

  const Time now_{std::chrono::seconds(100)};
  const RegisterWriter writer_{Names::kNumeric};
  Outstanding outstanding_{4};
};

TEST_F(OutstandingTest, TakesTheRightAnswerOnce) {
  const std::string answer = BeginAndAnswer(1);
  EXPECT_EQ(outstanding_.size(), 1u);
  const Judgement judgement = outstanding_.Settle(answer);
  EXPECT_EQ(judgement.verdict, Verdict::kRight) << judgement.reason;
  EXPECT_EQ(judgement.begun, now_);
  EXPECT_EQ(outstanding_.size(), 0u);
  EXPECT_EQ(outstanding_.Settle(answer).verdict, Verdict::kStale);
}

TEST_F(OutstandingTest, AnswersMayOvertakeEachOther) {
  const std::string first = BeginAndAnswer(1);
  const std::string second = BeginAndAnswer(2);
  EXPECT_EQ(outstanding_.Settle(second).verdict, Verdict::kRight);
  EXPECT_EQ(outstanding_.Settle(first).verdict, Verdict::kRight);
}

TEST_F(OutstandingTest, ALateAnswerIsNotTakenForThatOfTheNextRequestInItsSlot) {
  const std::string late = BeginAndAnswer(1);
  outstanding_.ForEachOverdue(now_ + std::chrono::seconds(1), [](Transaction&) { return false; });
  EXPECT_EQ(outstanding_.size(), 0u);
  const std::string next = BeginAndAnswer(1);
  EXPECT_EQ(outstanding_.Settle(late).verdict, Verdict::kStale);
  EXPECT_EQ(outstanding_.Settle(next).verdict, Verdict::kRight);
}

TEST_F(OutstandingTest, NoticesEachThingThatCanBeWrong) {
  ExpectWrong(Replace(BeginAndAnswer(1), "200 OK", "503 Service Unavailable"),
              "status code is not 200");
  ExpectWrong(Replace(BeginAndAnswer(2), "Call-ID: ", "Call-ID: x"), "Call-ID differs");
  ExpectWrong(Replace(BeginAndAnswer(3), "Call-ID: ", "Subject: "), "Call-ID differs");
  ExpectWrong(Replace(BeginAndAnswer(4), "CSeq: 5 ", "CSeq: 6 "), "CSeq differs");
  ExpectWrong(Replace(BeginAndAnswer(5), "Contact: ", "X-Contact: "), "Contact is not listed");
  ExpectWrong(Replace(BeginAndAnswer(6), "<sip:1000006@10.", "<sip:1000006@11."),
              "Contact is not listed");
  EXPECT_EQ(outstanding_.size(), 0u);
}

TEST_F(OutstandingTest, NoticesAnotherUsersContact) {
  const std::string other = BeginAndAnswer(2);
  std::string answer = BeginAndAnswer(1);
  for (std::size_t at; (at = answer.find("1000001@10.0.0.1:")) != std::string::npos;) {
    answer.replace(at, 17, "1000002@10.0.0.2:");
  }
  ExpectWrong(answer, "Contact is not listed");
  EXPECT_EQ(outstanding_.Settle(other).verdict, Verdict::kRight);
}

TEST_F(OutstandingTest, NoticesAnAnswerToNobodysRequest) {
  ExpectWrong("garbage", "not an answer");
  ExpectWrong("SIP/2.0 200 OK\r\n\r\n", "branch of no request");
  ExpectWrong(Replace(BeginAndAnswer(1), "z9hG4bK0", "z9hG4bKf"), "branch of no request");
  ExpectWrong(Replace(BeginAndAnswer(2), "z9hG4bK", "z9hG4b"), "branch of no request");
  EXPECT_EQ(outstanding_.size(), 2u);
}

TEST_F(OutstandingTest, IsOverdueOnlyWhenSentBeforeTheDeadline) {
  BeginAndAnswer(1);
  int overdue = 0;
  const auto keep = [&overdue](Transaction&) { return ++overdue > 0; };
  outstanding_.ForEachOverdue(now_, keep);
  EXPECT_EQ(overdue, 0);
  outstanding_.ForEachOverdue(now_ + std::chrono::nanoseconds(1), keep);
  EXPECT_EQ(overdue, 1);
  EXPECT_EQ(outstanding_.size(), 1u);
}

}  // namespace
}  // namespace muster::bench
