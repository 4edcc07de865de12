#include <gtest/gtest.h>

#include "daemon/cli/answers.h"
#include "daemon/cli/count.h"
#include "daemon/cli/metrics.h"

namespace muster::daemon::cli {
namespace {

TEST(ReadGroupsTest, ReadsTextsNumbersAndNull) {
  const auto groups = ReadGroups(
      R"({"groups":[{"value":"a\"b","count":3},{"value":7,"count":2},{"value":null,"count":1}],)"
      R"("total":9})");
  ASSERT_TRUE(groups);
  ASSERT_EQ(groups->groups.size(), 3U);
  EXPECT_EQ(groups->total, 9U);
  EXPECT_EQ(groups->groups[0].value, "a\"b");
  EXPECT_EQ(groups->groups[0].count, 3U);
  EXPECT_EQ(groups->groups[0].json, R"({"value":"a\"b","count":3})");
  EXPECT_EQ(groups->groups[1].value, "7");
  EXPECT_TRUE(groups->groups[1].has_value);
  EXPECT_FALSE(groups->groups[2].has_value);
}

TEST(ReadExplanationTest, ReadsRolesAndRows) {
  const auto plan =
      ReadExplanation(R"({"explain":{"conditions":[{"field":"user","role":"leads","rows":2},)"
                      R"({"field":"port","role":"looks"}],"rows_at_most":2,"rows_looked_at":1}})");
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->steps.size(), 2U);
  EXPECT_EQ(plan->steps[0].role, "leads");
  EXPECT_EQ(plan->steps[0].rows, 2U);
  EXPECT_EQ(plan->steps[1].field, "port");
  EXPECT_FALSE(plan->steps[1].rows);
  EXPECT_EQ(plan->rows_at_most, 2U);
  EXPECT_EQ(plan->rows_looked_at, 1U);
}

TEST(ReadErrorTest, ReadsCodeAndMessage) {
  const auto error = ReadError(R"({"error":{"code":"bad_filter","field":"x","message":"m"}})");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, "bad_filter");
  EXPECT_EQ(error->message, "m");
}

TEST(AnswersTest, AreNoticedWhenTheyAreSomethingElse) {
  for (const char* text :
       {"", "[]", "{}", "no JSON", "7", R"({"groups":[],"total":"1"})",
        R"({"groups":[{"value":1}],"total":1})", R"({"groups":7,"total":1})", R"({"explain":{}})",
        R"({"explain":{"conditions":[{"field":"a"}],)"
        R"("rows_at_most":1,"rows_looked_at":1}})",
        R"({"error":{"code":"x"}})", R"({"error":"x"})", R"({"total":-1})"}) {
    EXPECT_FALSE(ReadGroups(text)) << text;
    EXPECT_FALSE(ReadExplanation(text)) << text;
    EXPECT_FALSE(ReadError(text)) << text;
  }
  EXPECT_FALSE(ReadNumber(R"({"total":-1})", "total"));
  EXPECT_FALSE(ReadNumber("[]", "total"));
  EXPECT_EQ(ReadNumber(R"({"total":7})", "total"), 7U);
}

TEST(ExplanationTextTest, SaysOfEachConditionWhatIsDoneWithIt) {
  const auto plan = ReadExplanation(
      R"({"explain":{"conditions":[{"field":"user","role":"leads","rows":2},)"
      R"({"field":"server","role":"joins","rows":9},{"field":"ip","role":"looks","rows":1000},)"
      R"({"field":"port","role":"looks"}],"rows_at_most":2,"rows_looked_at":0}})");
  ASSERT_TRUE(plan);
  EXPECT_EQ(ExplanationText(*plan),
            "user    leads with 2 rows by its index\n"
            "server  is joined with 9 rows by its index\n"
            "ip      has 1,000 rows by its index, but is looked at row by row\n"
            "port    has no index for this: looked at row by row\n"
            "At most 2 bindings in the answer; the indexes tell all.\n");
}

TEST(ReadMetricsTest, SumsRegistersByTheirFate) {
  const auto metrics = ReadMetrics(
      "# HELP muster_bindings x\nmuster_bindings 1\n"
      "muster_register_requests_total{code=\"200\"} 1.5e+09\n"
      "muster_register_requests_total{code=\"423\"} 2\n"
      "muster_register_requests_total{code=\"500\"} 3\nother 7");
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->accepted(), 1'500'000'000U);
  EXPECT_EQ(metrics->refused(), 5U);
  EXPECT_FALSE(metrics->journal_fails);
}

TEST(ReadMetricsTest, NoticesWhatIsNone) {
  for (const char* text : {"", "hello", "muster_bindings", "# muster_bindings 1\n"}) {
    EXPECT_FALSE(ReadMetrics(text)) << text;
  }
}

}  // namespace
}  // namespace muster::daemon::cli
