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
using testing::RunOnTerminal;
using testing::RunProgram;

TEST_F(CliTest, ListsAsATable) {
  const Outcome outcome = Run({"ls", "--call-id", "call-1"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(
      outcome.out,
      "AOR                CONTACT                     EXPIRES IN  SERVER    INSTRUMENT    CALL-ID\n"
      "alice@example.com  <sip:alice@192.0.2.1:5060>  1h          10.5.0.1  0004f2abcdef  "
      "call-1\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(CliTest, ListsWhatAFilterSelects) {
  for (const auto& [flag, value, count] :
       {std::tuple{"--user", "alice", 2}, std::tuple{"--user", "bob@example.com", 1},
        std::tuple{"--mac", "00:04:F2:AB:CD:EF", 1}, std::tuple{"--ip", "192.0.2.2", 1},
        std::tuple{"--call-id", "call-3.json", 1}, std::tuple{"--server", "one.example.com", 3},
        std::tuple{"--user", "nobody", 0}}) {
    const Outcome outcome = Run({"ls", flag, value});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), count + 1) << outcome.out;
  }
}

TEST_F(CliTest, ListsAsJsonUnchanged) {
  EXPECT_EQ(Run({"ls", "--json", "--call-id", "call-1"}).out,
            R"([{"secondsToExpire":3600,"status":"active","uri":"<sip:alice@example.com>",)"
            R"("primary":"10.5.0.1","expires":1732107600,"identity":"alice@example.com",)"
            R"("contact":"<sip:alice@192.0.2.1:5060>","instrument":"0004f2abcdef",)"
            R"("regCallId":"call-1"}])"
            "\n");
  EXPECT_EQ(Run({"ls", "--json", "--user", "nobody"}).out, "[]\n");
}

TEST_F(CliTest, LimitAndStartWorkAloneAndTogether) {
  const auto lines = [&](std::vector<std::string> arguments) {
    const std::string out = Run(std::move(arguments)).out;
    return std::count(out.begin(), out.end(), '\n');
  };
  EXPECT_EQ(lines({"ls"}), 4);
  EXPECT_EQ(lines({"ls", "--limit", "2"}), 3);
  EXPECT_EQ(lines({"ls", "--start", "2"}), 2);
  EXPECT_EQ(lines({"ls", "--limit", "1", "--start", "3"}), 1);
}

TEST_F(CliTest, CutsTheTableToTheTerminal) {
  const Outcome outcome = RunOnTerminal({"ls", "--data", data_}, 80, "");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("alice@example\xE2\x80\xA6  <sip:alice@192\xE2\x80\xA6"));
}

TEST_F(CliTest, RemovesAndSaysHowMany) {
  const Outcome outcome = Run({"rm", "--user", "alice", "--yes"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "removed 2 registrations\n");
  EXPECT_EQ(Count(), 1u);
  EXPECT_EQ(Run({"rm", "--call-id", "call-3.json", "--yes"}).out, "removed 1 registration\n");
  EXPECT_EQ(Run({"rm", "--user", "alice", "--yes"}).out, "nothing to remove\n");
}

TEST_F(CliTest, RemovesNothingUnaskedWithoutATerminal) {
  const Outcome outcome = Run({"rm", "--user", "alice"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--yes"));
  EXPECT_EQ(Run({"rm", "--user", "alice", "--yes"}).out, "removed 2 registrations\n");
}

TEST_F(CliTest, AsksOnATerminalBeforeItRemoves) {
  const Outcome no = RunOnTerminal({"rm", "--user", "alice", "--data", data_}, 80, "n\n");
  EXPECT_EQ(no.exit_code, 1);
  EXPECT_THAT(no.out, HasSubstr("Remove 2 registrations? [y/N] "));
  EXPECT_EQ(Count(), 3u);
  const Outcome yes = RunOnTerminal({"rm", "--user", "alice", "--data", data_}, 80, "y\n");
  EXPECT_EQ(yes.exit_code, 0);
  EXPECT_EQ(Count(), 1u);
  const Outcome unasked = RunOnTerminal({"rm", "--user", "bob", "--yes", "--data", data_}, 80, "");
  EXPECT_THAT(unasked.out, HasSubstr("removed 1 registration"));
  EXPECT_EQ(Count(), 0u);
}

TEST_F(CliTest, UnknownServerFailsWithTheDaemonsText) {
  const Outcome outcome = Run({"rm", "--server", "nowhere", "--yes"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "muster: " + Url() + " answered 404: Server not found\n");
}

TEST_F(CliTest, UrlAndTokenMayBeGivenBeforeOrAfterTheCommand) {
  EXPECT_EQ(RunProgram({"--url", Url(), "--token", "secret", "ls"}).exit_code, 0);
  EXPECT_EQ(RunProgram({"ls", "--url", Url() + "/sipxconfig/api", "--token", "secret"}).exit_code,
            0);
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
  EXPECT_EQ(Run({"ls", "--url", Url() + "/sipxconfig/api/"}).exit_code, 0);
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
      {"ls", "--user", "a", "--ip", "10.0.0.1"},
      {"ls", "--limit", "-1"},
      {"ls", "--start", "x"},
      {"ls", "--url", "https://localhost"},
      {"ls", "--url", "localhost"},
      {"ls", "--yes"},
      {"rm"},
      {"rm", "--yes"},
      {"rm", "--user", ""},
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
