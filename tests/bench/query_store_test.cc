#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "bench/query/answer_check.h"
#include "bench/query/store.h"

namespace muster::bench {
namespace {

constexpr std::uint32_t kRows = 5'000;
constexpr std::size_t kTimes = 100;  // before refreshes, and again behind them

TEST(QueryStoreTest, MusterGivesTheNaiveAnswers) {
  EXPECT_EQ(FirstFaultOf(*MakeMusterStore(), RowGenerator(1), kRows, kTimes), "");
}

TEST(QueryStoreTest, SqliteGivesTheNaiveAnswers) {
  EXPECT_EQ(FirstFaultOf(*MakeSqliteStore(), RowGenerator(1), kRows, kTimes), "");
}

TEST(QueryStoreTest, MultiIndexGivesTheNaiveAnswers) {
  EXPECT_EQ(FirstFaultOf(*MakeMultiIndexStore(), RowGenerator(1), kRows, kTimes), "");
}

/// Answers rightly, but for what the test does to one kind of question.
class WrongStore : public QueryStore {
 public:
  using Spoil = std::function<void(QueryAnswer&)>;

  WrongStore(QuestionKind kind, Spoil spoil) : kind_(kind), spoil_(std::move(spoil)) {}

  void Add(const BindingRow& row) override { right_->Add(row); }
  void Add(const OutboundRow& row) override { right_->Add(row); }
  bool Refresh(const BindingRow& row) override { return refreshes_ && right_->Refresh(row); }
  void Answer(const Question& question, QueryAnswer& answer) override {
    right_->Answer(question, answer);
    if (question.kind == kind_) spoil_(answer);
  }
  void StopRefreshing() { refreshes_ = false; }

 private:
  const std::unique_ptr<QueryStore> right_ = MakeMultiIndexStore();
  const QuestionKind kind_;
  const Spoil spoil_;
  bool refreshes_ = true;
};

std::string FaultWhen(QuestionKind kind, WrongStore::Spoil spoil) {
  WrongStore store(kind, std::move(spoil));
  return FirstFaultOf(store, RowGenerator(1), 1'000, 2);
}

/// The rows of the page in `answer`, each of them through `change`.
void Rewrite(QueryAnswer& answer, const std::function<void(core::Binding&)>& change) {
  core::BindingPage page;
  for (core::Binding binding : answer.bindings) {
    change(binding);
    page.Append(binding);
  }
  answer.bindings = std::move(page);
}

TEST(AnswerCheckTest, ReportsAWrongTotal) {
  EXPECT_EQ(FaultWhen(QuestionKind::kFirstPage, [](QueryAnswer& answer) { ++answer.total; }),
            "first_page 0: total is 1001, should be 1000");
  EXPECT_NE(FaultWhen(QuestionKind::kStatusSet, [](QueryAnswer& answer) { --answer.total; }), "");
}

TEST(AnswerCheckTest, ReportsAPageThatIsShort) {
  EXPECT_EQ(FaultWhen(QuestionKind::kDeepPage, [](QueryAnswer& a) { a.bindings.Clear(); }),
            "deep_page 0: the page has 0 rows, should have 50");
  EXPECT_NE(FaultWhen(QuestionKind::kStatusSet, [](QueryAnswer& a) { a.outbound.pop_back(); }), "");
}

TEST(AnswerCheckTest, ReportsARowThatDoesNotMatch) {
  const BindingRow row = RowGenerator(1).MakeBinding(0);
  const std::string fault = FaultWhen(QuestionKind::kUser, [&row](QueryAnswer& answer) {
    Rewrite(answer, [&row](core::Binding& binding) { binding = row.View(); });
  });
  EXPECT_EQ(fault, "user 0: row 0 does not match");
}

TEST(AnswerCheckTest, ReportsARowThatIsNone) {
  const std::string fault = FaultWhen(QuestionKind::kMac, [](QueryAnswer& answer) {
    Rewrite(answer, [](core::Binding& binding) { binding.call_id = "nobody's"; });
  });
  EXPECT_EQ(fault, "mac 0: there is no row of nobody's");
}

TEST(AnswerCheckTest, ReportsAValueThatIsNotTheRows) {
  const std::string fault = FaultWhen(QuestionKind::kCallId, [](QueryAnswer& answer) {
    Rewrite(answer, [](core::Binding& binding) { binding.expires_at += absl::Seconds(1); });
  });
  EXPECT_NE(fault.find("has other values"), std::string::npos) << fault;
  const std::string outbound = FaultWhen(QuestionKind::kStatusSet, [](QueryAnswer& answer) {
    for (OutboundRow& row : answer.outbound) row.is_persistent = !row.is_persistent;
  });
  EXPECT_NE(outbound.find("has other values"), std::string::npos) << outbound;
}

TEST(AnswerCheckTest, ReportsARowThatIsThereTwice) {
  const std::string fault = FaultWhen(QuestionKind::kFirstPage, [](QueryAnswer& answer) {
    core::BindingPage page;
    for (std::size_t n = 0; n < answer.bindings.size(); ++n) page.Append(answer.bindings[n / 2]);
    answer.bindings = std::move(page);
  });
  EXPECT_NE(fault.find("is there twice"), std::string::npos) << fault;
}

TEST(AnswerCheckTest, ReportsAWrongGroup) {
  const auto move_one = [](QueryAnswer& answer) {
    ++answer.groups[0].bindings;
    --answer.groups[1].bindings;
  };
  EXPECT_NE(FaultWhen(QuestionKind::kGroupByServer, move_one), "");
  EXPECT_NE(FaultWhen(QuestionKind::kGroupByServer, [](QueryAnswer& a) { a.groups.pop_back(); }),
            "");
}

TEST(AnswerCheckTest, ReportsAWrongTotalOfAStoreOfAnySize) {
  const RowGenerator generator(1);
  constexpr std::uint32_t kFew = 500;
  const auto fault_when = [&generator](QuestionKind kind, std::uint64_t too_many) {
    WrongStore store(kind, [too_many](QueryAnswer& answer) { answer.total += too_many; });
    for (std::uint32_t row = 0; row < kFew; ++row) {
      store.Add(generator.MakeBinding(row));
      store.Add(generator.MakeOutbound(row));
    }
    return FirstWrongTotal(store, generator, kFew);
  };
  EXPECT_EQ(fault_when(QuestionKind::kDeepPage, 0), "");
  EXPECT_EQ(fault_when(QuestionKind::kDeepPage, 1), "deep_page: total is 501, should be 500");
  EXPECT_NE(fault_when(QuestionKind::kStatusSet, 1), "");
}

TEST(AnswerCheckTest, ReportsARefreshThatDidNotArrive) {
  WrongStore store(QuestionKind::kUser, [](QueryAnswer&) {});
  store.StopRefreshing();
  EXPECT_EQ(FirstFaultOf(store, RowGenerator(1), 100, 1), "a binding is not found to be refreshed");
}

}  // namespace
}  // namespace muster::bench
