#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/cli/table.h"

namespace muster::daemon::cli {
namespace {

Registration Alice() {
  return {.identity = "alice@example.com",
          .contact = "<sip:alice@192.0.2.1:5060>",
          .seconds_to_expire = 3'599,
          .primary = "10.5.0.1",
          .instrument = "",
          .call_id = "call-1"};
}

TEST(TableTest, AlignsColumnsWithoutTrailingSpaces) {
  Registration bob = Alice();
  bob.identity = "b@e";
  bob.instrument = "0004f2abcdef";
  EXPECT_EQ(
      FormatTable({Alice(), bob}, 0),
      "AOR                CONTACT                     EXPIRES IN  SERVER    INSTRUMENT    CALL-ID\n"
      "alice@example.com  <sip:alice@192.0.2.1:5060>  59m59s      10.5.0.1                call-1\n"
      "b@e                <sip:alice@192.0.2.1:5060>  59m59s      10.5.0.1  0004f2abcdef  "
      "call-1\n");
}

TEST(TableTest, OfNothingIsTheTitles) {
  EXPECT_EQ(FormatTable({}, 0), "AOR  CONTACT  EXPIRES IN  SERVER  INSTRUMENT  CALL-ID\n");
}

TEST(TableTest, CutsTheWidestColumnsToFit) {
  EXPECT_EQ(FormatTable({Alice()}, 80),
            "AOR                CONTACT             EXPIRES IN  SERVER    INSTRUMENT  CALL-ID\n"
            "alice@example.com  <sip:alice@192.0.\xE2\x80\xA6  59m59s      10.5.0.1              "
            "call-1\n");
}

TEST(TableTest, CountsCharactersNotBytes) {
  Registration zoe = Alice();
  zoe.identity = "zo\xC3\xAB@e";
  const std::string table = FormatTable({zoe}, 0);
  EXPECT_NE(table.find("zo\xC3\xAB@e  <sip"), std::string::npos) << table;
}

TEST(TableTest, DoesNotLetAPhoneCommandTheTerminal) {
  Registration evil = Alice();
  evil.call_id =
      "\x1B[2Ja\r\n\x7F\xC2\x9B"
      "b";
  const std::string table = FormatTable({evil}, 0);
  EXPECT_NE(table.find("?[2Ja????b\n"), std::string::npos) << table;
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 2);
}

}  // namespace
}  // namespace muster::daemon::cli
