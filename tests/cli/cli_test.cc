// Runs the program against a server with the real resources.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "cli_fixture.h"
#include "daemon/data_folder_lock.h"
#include "program.h"

namespace muster::daemon::cli {
namespace {

using testing::CliTest;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::RunProgram;

TEST_F(CliTest, UrlAndTokenMayBeGivenBeforeOrAfterTheCommand) {
  EXPECT_EQ(RunProgram({"--url", Url(), "--token", "secret", "ls"}).exit_code, 0);
  EXPECT_EQ(RunProgram({"ls", "--url", Url() + "/", "--token", "secret"}).exit_code, 0);
}

TEST_F(CliTest, SaysWhatIsWrongWithTheToken) {
  const Outcome wrong = Run({"ls", "--token", "wrong"});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_EQ(wrong.err, "muster: " + Url() + " does not accept this token\n");
  const Outcome none = Run({"ls", "--token", ""});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_EQ(none.err, "muster: " + Url() + " asks for a token: give --token or --data\n");
}

TEST_F(CliTest, TheFoldersTokenGoesToTheFoldersDaemonOnly) {
  EXPECT_EQ(Run({"ls", "--url", Url() + "/"}).exit_code, 0);
  const std::string other = "http://localhost:9";
  std::ofstream(data_ + "/http.url") << other << "\n";
  for (const std::string& data : {data_, std::string("/nonexistent")}) {
    const Outcome outcome = RunProgram({"ls", "--url", Url(), "--data", data});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, "muster: " + Url() + " is not the address in " + data +
                               "/http.url: give its --token, or its --data\n");
  }
  EXPECT_EQ(Run({"ls", "--url", Url(), "--token", "secret"}).exit_code, 0);
}

TEST_F(CliTest, SaysThatTheDaemonCannotBeReached) {
  server_.Stop();
  const Outcome outcome = Run({"ls"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err,
            "muster: cannot reach " + Url() + ": connection refused; is musterd running?\n");
}

TEST_F(CliTest, SaysThatTheDataFolderTellsNothing) {
  const Outcome outcome = RunProgram({"ls", "--data", "/nonexistent"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot read /nonexistent/http.url"));
}

TEST_F(CliTest, CheckSaysThatThereIsNoDatabaseAndMakesNone) {
  const Outcome outcome = Run({"check"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.err, "muster: " + data_ +
                             ": no registrations.db in it; a musterd with --durability memory "
                             "keeps none\n");
  EXPECT_FALSE(std::filesystem::exists(data_ + "/registrations.db"));
  EXPECT_FALSE(std::filesystem::exists(data_ + "/lock"));
  EXPECT_EQ(RunProgram({"check", "--data", "/nonexistent"}).err,
            "muster: /nonexistent: no such folder\n");
}

TEST_F(CliTest, CheckDoesNotReadBesideAnotherProcess) {
  std::ofstream(data_ + "/registrations.db") << "x";
  std::ofstream(data_ + "/lock") << "";
  const auto lock = DataFolderLock::Take(data_);
  ASSERT_TRUE(lock.ok()) << lock.status();
  const Outcome outcome = Run({"check"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err, "muster: " + data_ + ": the data folder is in use by another process\n");
  EXPECT_TRUE(std::filesystem::exists(data_ + "/http.url"));
}

TEST_F(CliTest, WrongUsageIs2) {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"watch"},
      {"ls", "extra"},
      {"ls", "--bogus"},
      {"ls", "--user"},
      {"ls", "--user", ""},
      {"ls", "--user", "a", "b"},
      {"ls", "--port", "70000"},
      {"ls", "--sort", "nothing"},
      {"ls", "--sort", "call-id", "--offset", "100001"},
      {"ls", "--limit", "-1"},
      {"ls", "--limit", "0"},
      {"ls", "--offset", "x"},
      {"ls", "--group-by", "expires-in"},
      {"ls", "--group-by", "server", "--limit", "1"},
      {"ls", "--group-by", "server", "--sort", "server"},
      {"ls", "--instrument", "x"},
      {"show"},
      {"show", "a@b", "c@d"},
      {"show", "no AoR@"},
      {"count", "--ip", "10.0.0.0/33"},
      {"count", "--limit", "1"},
      {"explain", "--mac", "x"},
      {"stats", "--user", "alice"},
      {"ls", "--url", "https://localhost"},
      {"ls", "--url", "localhost"},
      {"ls", "--yes"},
      {"rm"},
      {"rm", "--yes"},
      {"rm", "--dry-run"},
      {"rm", "--user", "alice"},  // standard input is no terminal
      {"rm", "--user", "", "--yes"},
      {"rm", "--user", "alice", "--port", "x", "--yes"},
      {"rm", "--user", "alice", "--port", "x", "--dry-run"},
      {"export", "file"},
      {"import"},
      {"import", "a", "b"},
      {"import", "/nonexistent"},
      {"import", "-", "--json"},
      {"check", "folder"},
      {"check", "--bogus"},
      {"check"}};  // the daemon here has no database
  for (const std::vector<std::string>& arguments : wrong) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << ::testing::PrintToString(arguments);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, ::testing::StartsWith("muster: "));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  }
  EXPECT_EQ(Count(), 3u);
}

TEST_F(CliTest, NamesAnUnknownCommand) {
  EXPECT_EQ(RunProgram({"watch"}).err,
            "muster: unknown command or argument watch; see muster --help\n");
}

TEST_F(CliTest, HelpAndVersionAre0) {
  EXPECT_THAT(RunProgram({"--version"}).out, ::testing::MatchesRegex("muster [0-9.]+\n"));
  EXPECT_THAT(RunProgram({"--help"}).out, HasSubstr("rm"));
  EXPECT_THAT(RunProgram({"--help"}).out, HasSubstr("check"));
  const Outcome outcome = RunProgram({"rm", "--help"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("--call-id"));
}

}  // namespace
}  // namespace muster::daemon::cli
