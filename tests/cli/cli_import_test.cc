// muster export and muster import against a server with the real resources.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "cli_fixture.h"

namespace muster::daemon::cli {
namespace {

using ::testing::HasSubstr;
using testing::Outcome;
using testing::RunOnTerminal;

std::string Line(int user, const std::string& more = "") {
  return R"({"aor":"user)" + std::to_string(user) +
         R"(@example.com","contact":"sip:u@192.0.2.7",)" +
         R"("call_id":"c","cseq":1,"expires_at":1732107600)" + more + "}\n";
}

std::multiset<std::string> Sorted(const std::string& text) {
  std::multiset<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

class CliImportTest : public testing::CliTest {
 protected:
  std::string Save(const std::string& text) const {
    const std::string path = data_ + "/lines";
    std::ofstream(path) << text;
    return path;
  }
};

TEST_F(CliImportTest, ExportsEveryBindingAsALine) {
  for (int i = 0; i < 2'500; ++i) {
    Register({.aor = "user" + std::to_string(i) + "@example.com", .call_id = "c"});
  }
  const Outcome outcome = Run({"export"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 2'503);
  EXPECT_EQ(http::testing::CountOf("\n{\"aor\":\"", "\n" + outcome.out), 2'503u);
}

TEST_F(CliImportTest, WhatIsExportedGoesInAgain) {
  const std::string lines = Run({"export"}).out;
  location_.Remove(core::BindingFilter::All(), clock_.Now(), commits_);
  const Outcome outcome = Run({"import", Save(lines)});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "3 imported, 0 skipped, 0 bad\n");
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(Sorted(Run({"export"}).out), Sorted(lines));  // rows may stand elsewhere now
  EXPECT_EQ(Run({"import", Save(lines)}).out, "0 imported, 3 skipped, 0 bad\n");
}

TEST_F(CliImportTest, ReadsStandardInput) {
  const Outcome outcome = Run({"import", "-"}, Line(1) + Line(2));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "2 imported, 0 skipped, 0 bad\n");
  EXPECT_EQ(Run({"import", "-"}).out, "0 imported, 0 skipped, 0 bad\n");
}

TEST_F(CliImportTest, NumbersBadLinesOverAllPieces) {
  std::string lines;
  for (int i = 1; i <= 2'000; ++i) {
    lines += i % 700 == 0 ? "nonsense\n" : Line(i);
    if (i == 1'000) lines += std::string(70'000, 'x') + "\n";
  }
  const std::string path = Save(lines);
  const Outcome outcome = Run({"import", path});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "1998 imported, 0 skipped, 3 bad\n");
  EXPECT_EQ(outcome.err, path + ":700: not a JSON object\n" + path +
                             ":1001: longer than 65536 bytes\n" + path +
                             ":1401: not a JSON object\n");
  EXPECT_EQ(Count(), 3u + 1'998u);
}

TEST_F(CliImportTest, AllOrNothingImportsNoneWhenOneIsBad) {
  const std::string lines = Line(1) + Line(2) + Line(3, ",\"colour\":1") + Line(4);
  const std::string path = Save(lines);
  const Outcome file = Run({"import", "--all-or-nothing", path});
  EXPECT_EQ(file.exit_code, 1);
  EXPECT_EQ(file.out, "0 imported, 0 skipped, 1 bad\n");
  EXPECT_EQ(file.err, path + ":3: unknown member \"colour\"\n");
  const Outcome input = Run({"import", "--all-or-nothing", "-"}, lines);
  EXPECT_EQ(input.exit_code, 1);
  EXPECT_EQ(input.err, "stdin:3: unknown member \"colour\"\n");
  EXPECT_EQ(Count(), 3u);
}

TEST_F(CliImportTest, AllOrNothingImportsAllWhenAllAreGood) {
  const std::string lines = Line(1) + Line(2);
  EXPECT_EQ(Run({"import", "--all-or-nothing", "-"}, lines).out, "2 imported, 0 skipped, 0 bad\n");
  EXPECT_EQ(Run({"import", Save(lines), "--all-or-nothing"}).out, "0 imported, 2 skipped, 0 bad\n");
  EXPECT_EQ(Count(), 5u);
}

TEST_F(CliImportTest, ABadLineCannotCommandTheTerminal) {
  const Outcome outcome = Run({"import", "-"}, Line(1, ",\"\\u001b[2J\":1"));
  EXPECT_EQ(outcome.err, "stdin:1: unknown member \"?[2J\"\n");
}

TEST_F(CliImportTest, SaysFromWhichLineOnNothingIsKnown) {
  server_.Stop();
  const Outcome outcome = Run({"import", "-"}, Line(1));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "0 imported, 0 skipped, 0 bad\n");
  EXPECT_EQ(outcome.err, "muster: cannot reach " + Url() +
                             ": connection refused; is musterd running?; nothing is known of line "
                             "1 and those behind it\n");
  const Outcome none = Run({"import", "-", "--all-or-nothing"}, Line(1));
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_EQ(none.out, "");
  EXPECT_THAT(none.err, HasSubstr("; nothing was imported\n"));
  EXPECT_EQ(Run({"export"}).exit_code, 1);
}

TEST_F(CliImportTest, AFileThatCannotBeReadIsNamed) {
  const Outcome missing = Run({"import", "/nonexistent"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_EQ(missing.err, "muster: cannot read /nonexistent: No such file or directory\n");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"import", data_}, {"import", "--all-or-nothing", data_}}) {
    const Outcome folder = Run(arguments);
    EXPECT_EQ(folder.exit_code, 1);
    EXPECT_THAT(folder.err, HasSubstr("cannot read " + data_ + ": Is a directory"));
  }
}

TEST_F(CliImportTest, ShowsItsProgressOnATerminal) {
  const Outcome outcome = RunOnTerminal({"import", Save(Line(1)), "--data", data_}, 80, "");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "\r1 lines\r\x1B[K1 imported, 0 skipped, 0 bad\r\n");
}

}  // namespace
}  // namespace muster::daemon::cli
