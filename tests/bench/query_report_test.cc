#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "bench/query/report.h"

namespace muster::bench {
namespace {

Figures UserFigures(double p50, double p99) {
  return {"user", {{"p50", p50}, {"p99", p99}, {"mean", p50 + 1}, {"iterations", 9}}};
}

std::string Table(const std::vector<StoreFigures>& stores) {
  char* bytes = nullptr;
  std::size_t size = 0;
  std::FILE* out = open_memstream(&bytes, &size);
  PrintTable(stores, out);
  std::fclose(out);
  std::string text(bytes, size);
  std::free(bytes);
  return text;
}

/// The line of `text` that begins with `title`, its white space made single.
std::string LineOf(const std::string& text, const std::string& title) {
  const std::size_t begin = text.find("\n" + title) + 1;
  std::string line = text.substr(begin, text.find('\n', begin) - begin);
  line.erase(
      std::unique(line.begin(), line.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
      line.end());
  return line;
}

TEST(QueryReportTest, TimesAreGivenAsMultiplesOfMusters) {
  const std::string text = Table({{"sqlite", 1'000, {UserFigures(5'000, 12'345)}},
                                  {"muster", 1'000, {UserFigures(400, 999)}}});
  EXPECT_EQ(LineOf(text, "user"), "user 5.00 us 12.3 us x12.5 400 ns 999 ns");
  EXPECT_EQ(LineOf(text, "mac"), "mac - -");
}

TEST(QueryReportTest, WithoutMusterThereAreNoMultiples) {
  const std::string text = Table({{"sqlite", 1'000, {UserFigures(5e6, 2e9)}}});
  EXPECT_EQ(LineOf(text, "user"), "user 5.00 ms 2.00 s");
}

TEST(QueryReportTest, ValuesThatAreNoTimesHaveLinesOfTheirOwn) {
  const std::string text =
      Table({{"sqlite",
              1'000,
              {{"memory", {{"bytes_per_binding", 484.4}, {"string_bytes", 250}}},
               {"refresh_while_paging", {{"ratio_to_undisturbed", 0.25}, {"p99.9", 1'500'000}}}}}});
  EXPECT_EQ(LineOf(text, "bytes per binding"), "bytes per binding 484");
  EXPECT_EQ(LineOf(text, "    of undisturbed"), " of undisturbed 0.25");
  EXPECT_EQ(LineOf(text, "    p99.9"), " p99.9 1.50 ms");
}

TEST(QueryReportTest, JsonHasGoogleBenchmarksFields) {
  const std::string path = ::testing::TempDir() + "query_report_test." + std::to_string(getpid());
  ASSERT_TRUE(WriteJson({{"sqlite", 1'000, {UserFigures(400, 999)}}}, path));
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  unlink(path.c_str());
  EXPECT_NE(text.find(R"("name": "query/sqlite/user/1000")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("iterations": 9, "real_time": 401, "cpu_time": 401, "time_unit": "ns")"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"("p50": 400, "p99": 999})"), std::string::npos) << text;
  EXPECT_FALSE(WriteJson({}, "/nowhere/at/all"));
}

TEST(QueryReportTest, FiguresComeBackFromText) {
  const std::vector<Figures> all = {UserFigures(0.1, 1e9), {"memory", {{"string_bytes", 250.5}}}};
  const std::vector<Figures> back = FiguresFromText(ToText(all));
  ASSERT_EQ(back.size(), 2u);
  EXPECT_EQ(back[0].name, "user");
  EXPECT_EQ(back[0].values, all[0].values);
  EXPECT_EQ(back[1].values, all[1].values);
}

}  // namespace
}  // namespace muster::bench
