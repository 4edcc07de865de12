// What `muster` asks of the bindings of a server with the real resources.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <tuple>

#include "cli_fixture.h"

namespace muster::daemon::cli {
namespace {

using testing::CliTest;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::RunOnTerminal;
using testing::RunProgram;

std::size_t LinesOf(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

class CliQueryTest : public CliTest {
 protected:
  using CliTest::CliTest;

  /// More than a page: user0 to user2499 of other.example, one Call-ID each.
  void RegisterMany() {
    for (int i = 0; i < 2'500; ++i) {
      const std::string number = std::to_string(i);
      Register({.aor = "user" + number + "@other.example", .call_id = "many" + number});
    }
  }
  void Import(const std::string& line) {
    const Outcome outcome = Run({"import", "-"}, line + "\n");
    EXPECT_EQ(outcome.out, "1 imported, 0 skipped, 0 bad\n") << outcome.err;
  }
};

TEST_F(CliQueryTest, ListsAsATableWithTheNumberBelow) {
  const Outcome outcome = Run({"ls", "--call-id", "call-1"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "AOR                CONTACT                   EXPIRES IN  SERVER    USER-AGENT\n"
            "alice@example.com  sip:alice@192.0.2.1:5060  1h          10.5.0.1\n");
  EXPECT_EQ(outcome.err, "1 binding\n");
}

TEST_F(CliQueryTest, EveryFilterIsAFlag) {
  Import(R"({"aor":"dora@dora.example","contact":"<sip:dora@10.7.0.1>","call_id":"dora","cseq":1,)"
         R"("expires_at":"2024-11-20T12:00:30Z","registered_at":"2024-11-20T10:00:00Z",)"
         R"("updated_at":"2024-11-20T11:00:00Z","ip":"10.7.0.2","port":5099,"transport":"tls",)"
         R"("instance":"urn:uuid:00000000-0000-1000-8000-0004f2000002","user_agent":"Snom D785",)"
         R"("server":"10.5.0.7","node_id":7,"node_name":"seven","reg_id":9,)"
         R"("path":"<sip:p1.example;lr>"})");
  const std::pair<const char*, const char*> filters[] = {
      {"--user", "dora"},
      {"--domain", "DORA.example"},
      {"--aor", "dora@*"},
      {"--contact", "sip:dora@10.7.0.1"},
      {"--mac", "00:04:F2:00:00:02"},
      {"--instance", "urn:uuid:*"},
      {"--ip", "10.7.0.0/16"},
      {"--port", "5061:5099"},
      {"--transport", "!udp"},
      {"--call-id", "dora;other"},
      {"--server", "seven"},
      {"--user-agent", "Snom D*"},
      {"--expires-in", ":60"},
      {"--registered-at", "2024-11-20T09:00:00Z:2024-11-20T11:00:00Z"},
      {"--updated-at", ":1732103940"},
      {"--reg-id", "2:"},
      {"--path", "<sip:p1*"}};
  std::vector<std::string> all = {"count"};
  for (const auto& [flag, value] : filters) {
    const Outcome outcome = Run({"ls", flag, value});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "1 binding\n") << flag;
    EXPECT_THAT(outcome.out, HasSubstr("\ndora@dora.example ")) << flag;
    all.insert(all.end(), {flag, value});
  }
  EXPECT_EQ(std::size(filters) + 1, core::kBindingFields);  // but the instrument
  EXPECT_EQ(Run(all).out, "1\n");
}

TEST_F(CliQueryTest, FiltersAreJoinedByAndTheSameTwiceToo) {
  EXPECT_EQ(Run({"count", "--user", "alice;bob"}).out, "3\n");
  EXPECT_EQ(Run({"count", "--user", "alice;bob", "--call-id", "!call-1"}).out, "2\n");
  EXPECT_EQ(Run({"count", "--user", "alice;bob", "--user", "!bob"}).out, "2\n");
  EXPECT_EQ(Run({"count", "--user", "nobody"}).out, "0\n");
}

TEST_F(CliQueryTest, CountIsExactAlsoAsJson) {
  RegisterMany();
  EXPECT_EQ(Run({"count"}).out, "2503\n");
  EXPECT_EQ(Run({"count", "--domain", "other.example", "--json"}).out, "{\"count\":2500}\n");
}

TEST_F(CliQueryTest, ListsAsJsonUnchanged) {
  EXPECT_EQ(
      Run({"ls", "--json", "--call-id", "call-1"}).out,
      R"([{"aor":"alice@example.com","user":"alice","domain":"example.com",)"
      R"("contact":"<sip:alice@192.0.2.1:5060>;reg-id=1","reg_id":1,"instrument":"0004f2abcdef",)"
      R"("mac":"0004f2abcdef","call_id":"call-1","cseq":1,"ip":"192.0.2.1","port":5060,)"
      R"("received":"udp:192.0.2.1:5060","transport":"udp","server":"10.5.0.1","node_id":1,)"
      R"("node_name":"one.example.com","registered_at":"2024-11-20T12:00:00Z",)"
      R"("updated_at":"2024-11-20T12:00:00Z","expires_at":"2024-11-20T13:00:00Z",)"
      R"("expires_in":3600}])"
      "\n");
  const Outcome nothing = Run({"ls", "--json", "--user", "nobody"});
  EXPECT_EQ(nothing.out, "[]\n");
  EXPECT_EQ(nothing.err, "");
}

TEST_F(CliQueryTest, ListsAllByCursors) {
  RegisterMany();
  const Outcome table = Run({"ls"});
  EXPECT_EQ(LinesOf(table.out), 2'504U);
  EXPECT_EQ(table.err, "2,503 bindings\n");
  const Outcome sorted = Run({"ls", "--sort", "-call-id", "--user", "user*"});
  EXPECT_EQ(LinesOf(sorted.out), 2'501U);
  EXPECT_LT(sorted.out.find("\nuser2499@"), sorted.out.find("\nuser0@"));
  const Outcome json = Run({"ls", "--json"});
  EXPECT_EQ(LinesOf(json.out), 2'503U);
  EXPECT_EQ(http::testing::CountOf("{\"aor\":", json.out), 2'503U);
  EXPECT_TRUE(json.out.ends_with("}]\n"));
}

TEST_F(CliQueryTest, LongWorkSaysOnATerminalHowFarItIs) {
  RegisterMany();
  for (const char* command : {"ls", "export"}) {
    const std::string out = RunOnTerminal({command, "--data", data_}, 80, "").out;
    EXPECT_THAT(out, HasSubstr("\r1,000 bindings\r\x1B[K")) << command;
    EXPECT_EQ(Run({command}).out.find('\r'), std::string::npos) << command;
  }
}

TEST_F(CliQueryTest, LimitAndOffsetWorkAloneAndTogether) {
  RegisterMany();
  for (const auto& [arguments, rows] :
       {std::pair<std::vector<std::string>, const char*>{{"--limit", "2"}, "2"},
        {{"--limit", "1500"}, "1,500"},
        {{"--offset", "2500"}, "3"},
        {{"--start", "1400"}, "1,103"},
        {{"--limit", "1200", "--offset", "3"}, "1,200"},
        {{"--limit", "1200", "--offset", "2000", "--sort", "user"}, "503"},
        {{"--offset", "9999"}, "0"}}) {
    std::vector<std::string> command = {"ls"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    EXPECT_EQ(Run(command).err, rows + std::string(" of 2,503 bindings\n"));
  }
  EXPECT_EQ(Run({"ls", "--limit", "5000"}).err, "2,503 bindings\n");
}

TEST_F(CliQueryTest, CountsByTheValuesOfAField) {
  Import(R"({"aor":"x@y","contact":"sip:x@y","call_id":"x","cseq":1,"expires_at":1732107600,)"
         R"("user_agent":"Snom"})");
  const Outcome outcome = Run({"ls", "--group-by", "user-agent"});
  EXPECT_EQ(outcome.out,
            "USER-AGENT  COUNT   SHARE\n"
            "(none)          3  75.0 %\n"
            "Snom            1  25.0 %\n");
  EXPECT_EQ(outcome.err, "4 bindings\n");
  EXPECT_EQ(Run({"ls", "--group-by", "reg_id", "--json"}).out,
            "[{\"value\":1,\"count\":3},{\"value\":null,\"count\":1}]\n");
  EXPECT_EQ(Run({"ls", "--group-by", "port", "--user", "nobody"}).out, "PORT  COUNT  SHARE\n");
}

TEST_F(CliQueryTest, TheTableFitsTheTerminal) {
  Import(
      R"({"aor":"reception.berlin@branch.example.com",)"
      R"("contact":"\"Front\" <sip:reception.berlin@192.0.2.77:5062;transport=tcp>;+x=y",)"
      R"("call_id":"x","cseq":1,"expires_at":"2024-11-20T12:12:30Z","server":"10.5.0.1",)"
      R"("node_id":1,"node_name":"one.example.com","user_agent":"Yealink SIP-T46S 66.85.0.15"})");
  const std::vector<std::string> list = {"ls",   "--user", "rec*;bob", "--sort",
                                         "user", "--data", data_};
  EXPECT_EQ(RunOnTerminal(list, 80, "").out,
            "AOR                 CONTACT             EXPIRES IN  SERVER    USER-AGENT\r\n"
            "bob@example.com     sip:alice@192.0.2…  1h          10.5.0.1\r\n"
            "reception.berlin@…  sip:reception.ber…  12m 30s     10.5.0.1  Yealink SIP-T46S …\r\n"
            "2 bindings\r\n");
  const std::string gap(26, ' ');
  EXPECT_EQ(RunOnTerminal(list, 200, "").out,
            "AOR                                  CONTACT                 " + gap +
                "  EXPIRES IN  SERVER    USER-AGENT\r\n"
                "bob@example.com                      sip:alice@192.0.2.1:5060" +
                gap +
                "  1h          10.5.0.1\r\n"
                "reception.berlin@branch.example.com  "
                "sip:reception.berlin@192.0.2.77:5062;transport=tcp  12m 30s     10.5.0.1  "
                "Yealink SIP-T46S 66.85.0.15\r\n"
                "2 bindings\r\n");
}

TEST_F(CliQueryTest, StoredTextsCommandNoTerminal) {
  Import(R"({"aor":"evil@example.com","contact":"sip:e@192.0.2.1","call_id":"evil","cseq":1,)"
         R"("expires_at":1732107600,"user_agent":"a\u001b[2J\u009b\u202ex\u007f"})");
  const std::string data = data_;
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"ls"}, {"ls", "--group-by", "user-agent"}, {"show", "evil@example.com"}, {"stats"}}) {
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.end(), {"--data", data});
    const std::string out = RunOnTerminal(arguments, 200, "").out;
    EXPECT_THAT(out, HasSubstr("a?[2J??x?")) << command.front();
    EXPECT_EQ(out.find_first_of("\x1B\x7F"), std::string::npos) << command.front();
  }
  const std::string raw = "a\\u001b[2J\xC2\x9B\xE2\x80\xAEx\x7F";
  const std::string escaped = "a\\u001b[2J\\u009b\\u202ex\\u007f";
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"ls", "--json"}, {"export"}, {"show", "evil@example.com", "--json"}}) {
    EXPECT_THAT(Run(command).out, HasSubstr(raw)) << command.front();
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.end(), {"--data", data});
    EXPECT_THAT(RunOnTerminal(arguments, 200, "").out, HasSubstr(escaped)) << command.front();
  }
}

TEST_F(CliQueryTest, ShowsAllOfAnAorsBindings) {
  const Outcome outcome = Run({"show", "sip:alice@EXAMPLE.com"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, HasSubstr("aor            alice@example.com\n"
                                     "user           alice\n"
                                     "domain         example.com\n"
                                     "contact        <sip:alice@192.0.2.1:5060>;reg-id=1\n"
                                     "reg_id         1\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\ncall_id        call-1\ncseq           1\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\nexpires_in     1h\n\naor  "));
  EXPECT_EQ(http::testing::CountOf("expires_in     1h\n", outcome.out), 2U);
  const std::string json = Run({"show", "alice@example.com", "--json"}).out;
  EXPECT_EQ(json, Run({"ls", "--json", "--aor", "alice@example.com"}).out);
}

TEST_F(CliQueryTest, ShowTakesAnAorForWhatItIs) {
  Register({.aor = "a;b!c*@example.com", .call_id = "special"});
  EXPECT_THAT(Run({"show", "a;b!c*@example.com"}).out, HasSubstr("call_id        special\n"));
  EXPECT_EQ(Run({"show", "alice*@example.com"}).exit_code, 1);
  for (const char* form : {"--json", "--token=secret"}) {
    const Outcome nobody = Run({"show", "!nobody@example.com", form});
    EXPECT_EQ(nobody.exit_code, 1);
    EXPECT_EQ(nobody.out, "");
    EXPECT_EQ(nobody.err, "muster: !nobody@example.com has no bindings\n");
  }
}

TEST_F(CliQueryTest, ExplainsThePlanInWords) {
  EXPECT_EQ(Run({"explain", "--user", "alice", "--server", "1", "--port", "5060"}).out,
            "user    leads with 2 rows by its index\n"
            "port    has no index for this: looked at row by row\n"
            "server  has 3 rows by its index, but is looked at row by row\n"
            "At most 2 bindings in the answer; at most 2 rows looked at one by one.\n");
  EXPECT_EQ(Run({"explain"}).out, "At most 3 bindings in the answer; the indexes tell all.\n");
  EXPECT_EQ(Run({"explain", "--call-id", "call-1", "--json"}).out,
            R"({"conditions":[{"field":"call_id","role":"leads","rows":1}],"rows_at_most":1,)"
            R"("rows_looked_at":0})"
            "\n");
}

TEST_F(CliQueryTest, RemovesAndSaysHowMany) {
  const Outcome outcome = Run({"rm", "--user", "alice", "--yes"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "removed 2 bindings\n");
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(Count(), 1u);
  EXPECT_EQ(Run({"rm", "--call-id", "call-3.json", "--yes"}).out, "removed 1 binding\n");
  EXPECT_EQ(Run({"rm", "--user", "alice", "--yes"}).out, "nothing to remove\n");
}

TEST_F(CliQueryTest, ADryRunRemovesNothingAndDoesNotAsk) {
  for (const char* flag : {"--dry-run", "--yes"}) {
    EXPECT_EQ(Run({"rm", "--ip", "192.0.2.0/24", "--user", "alice", "--dry-run", flag}).out,
              "would remove 2 bindings\n");
  }
  EXPECT_EQ(Run({"rm", "--user", "nobody", "--dry-run"}).out, "would remove 0 bindings\n");
  EXPECT_EQ(Count(), 3u);
}

TEST_F(CliQueryTest, AsksOnATerminalBeforeItRemoves) {
  const Outcome no = RunOnTerminal({"rm", "--user", "alice", "--data", data_}, 80, "n\n");
  EXPECT_EQ(no.exit_code, 1);
  EXPECT_THAT(no.out, HasSubstr("Remove 2 bindings? [y/N] "));
  EXPECT_EQ(Count(), 3u);
  const Outcome yes = RunOnTerminal({"rm", "--user", "alice", "--data", data_}, 80, "y\n");
  EXPECT_EQ(yes.exit_code, 0);
  EXPECT_EQ(Count(), 1u);
  const Outcome unasked = RunOnTerminal({"rm", "--user", "bob", "--yes", "--data", data_}, 80, "");
  EXPECT_THAT(unasked.out, HasSubstr("removed 1 binding"));
  EXPECT_EQ(Count(), 0u);
  const Outcome nothing = RunOnTerminal({"rm", "--user", "bob", "--data", data_}, 80, "");
  EXPECT_EQ(nothing.out, "nothing to remove\r\n");
}

TEST_F(CliQueryTest, RemovesNothingUnaskedWithoutATerminal) {
  const Outcome outcome = Run({"rm", "--user", "alice"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--yes"));
  EXPECT_EQ(Count(), 3u);
}

TEST_F(CliQueryTest, ABadFilterIsTheDaemonsMessageAnd2) {
  for (const char* command : {"ls", "count", "explain", "rm"}) {
    std::vector<std::string> arguments = {command, "--transport", "udp;sctp"};
    if (arguments.front() == "rm") arguments.emplace_back("--yes");
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.err,
              "muster: transport \"sctp\" is no transport: udp, tcp, tls, ws or wss is expected\n");
  }
}

TEST_F(CliQueryTest, OtherRefusalsAre1WithTheDaemonsMessage) {
  const Outcome outcome = RunProgram({"ls", "--url", Url() + "/x", "--token", "secret"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "muster: " + Url() + "/x answered 404: no such resource\n");
}

TEST_F(CliQueryTest, StatsTellOfTheDaemonAsAWhole) {
  metrics_ =
      "# TYPE muster_register_requests_total counter\n"
      "muster_register_requests_total{code=\"200\"} 12345\n"
      "muster_register_requests_total{code=\"423\"} 7\n"
      "muster_register_requests_total{code=\"500\"} 1\n"
      "muster_bindings 3\n"
      "muster_sip_messages_total 13000\n"
      "muster_sip_malformed_total 4\n"
      "process_resident_memory_bytes 1.5e+06\n"
      "muster_journal_failing 1\n";
  EXPECT_EQ(Run({"stats"}).out,
            "Bindings      3\n"
            "REGISTERs     12,345 accepted, 8 refused (423: 7, 500: 1)\n"
            "SIP messages  13,000, of which 4 malformed\n"
            "Memory        1.4 MiB\n"
            "Disk          FAILS: changes are refused\n"
            "\n"
            "SERVER    COUNT    SHARE\n"
            "10.5.0.1      3  100.0 %\n"
            "\n"
            "TRANSPORT  COUNT    SHARE\n"
            "udp            3  100.0 %\n"
            "\n"
            "USER-AGENT  COUNT    SHARE\n"
            "(none)          3  100.0 %\n");
  EXPECT_EQ(Run({"stats", "--json"}).out,
            R"({"bindings":3,"registers":{"accepted":12345,"refused":8,"by_code":{"200":12345,)"
            R"("423":7,"500":1}},"sip_messages":13000,"malformed":4,"resident_bytes":1500000,)"
            R"("journal_failing":true,"server":[{"value":"10.5.0.1","count":3}],)"
            R"("transport":[{"value":"udp","count":3}],"user_agent":[{"value":null,"count":3}]})"
            "\n");
}

class CliFewGroupsTest : public CliQueryTest {
 protected:
  CliFewGroupsTest() : CliQueryTest({.max_groups = 12}) {}
};

TEST_F(CliFewGroupsTest, StatsShowTenGroupsAndNoneWhereThereAreTooMany) {
  const auto add = [&](int number) {
    Import(R"({"aor":"x@y)" + std::to_string(number) + R"(","contact":"sip:x@y","call_id":"x",)" +
           R"("cseq":1,"expires_at":1732107600,"user_agent":"Phone )" + std::to_string(number) +
           "\"}");
  };
  for (int i = 0; i < 11; ++i) add(i);
  EXPECT_EQ(http::testing::CountOf("Phone ", Run({"stats"}).out), 9U);  // and (none)
  add(11);
  add(12);
  const Outcome outcome = Run({"stats"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("\nUSER-AGENT: too many different ones\n"));
  EXPECT_THAT(outcome.out, HasSubstr("Bindings      16\n"));
  EXPECT_THAT(Run({"stats", "--json"}).out, HasSubstr(R"("user_agent":null})"));
}

TEST_F(CliQueryTest, StatsNoticeWhatAreNoMetrics) {
  metrics_ = "hello\n";
  const Outcome outcome = Run({"stats"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "muster: " + Url() + " answered /metrics with something else\n");
}

}  // namespace
}  // namespace muster::daemon::cli
