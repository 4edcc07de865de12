#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/cli/table.h"

namespace muster::daemon::cli {
namespace {

Table Phones(std::size_t width) {
  return Table({{"AOR"}, {"CONTACT"}, {"PORT", true}, {"CALL-ID"}}, width);
}

const Table::Row kAlice = {"alice@example.com", "sip:alice@192.0.2.1:5060", "5060", ""};
const Table::Row kBob = {"b@e", "sip:b@e", "80", "call-1"};

TEST(TableTest, AlignsColumnsWithoutTrailingSpaces) {
  EXPECT_EQ(Phones(0).Lines({kAlice, kBob}),
            "AOR                CONTACT                   PORT  CALL-ID\n"
            "alice@example.com  sip:alice@192.0.2.1:5060  5060\n"
            "b@e                sip:b@e                     80  call-1\n");
}

TEST(TableTest, OfNothingIsTheTitles) {
  EXPECT_EQ(Phones(0).Lines({}), "AOR  CONTACT  PORT  CALL-ID\n");
}

TEST(TableTest, CutsTheWidestColumnsToFit) {
  EXPECT_EQ(Phones(49).Lines({kAlice, kBob}),
            "AOR               CONTACT           PORT  CALL-ID\n"
            "alice@example.c\xE2\x80\xA6  sip:alice@192.0\xE2\x80\xA6  5060\n"
            "b@e               sip:b@e             80  call-1\n");
}

TEST(TableTest, CutsNoColumnBelowTenCharacters) {
  EXPECT_EQ(Phones(1).Lines({kAlice}),
            "AOR         CONTACT     PORT  CALL-ID\n"
            "alice@exa\xE2\x80\xA6  sip:alice\xE2\x80\xA6  5060\n");
}

TEST(TableTest, GrowsFromPieceToPieceUnderOneLineOfTitles) {
  Table table = Phones(0);
  EXPECT_EQ(table.Lines({kBob}),
            "AOR  CONTACT  PORT  CALL-ID\n"
            "b@e  sip:b@e    80  call-1\n");
  EXPECT_EQ(table.Lines({kAlice, kBob}),
            "alice@example.com  sip:alice@192.0.2.1:5060  5060\n"
            "b@e                sip:b@e                     80  call-1\n");
  EXPECT_EQ(table.Lines({kBob}), "b@e                sip:b@e                     80  call-1\n");
}

TEST(TableTest, CountsCharactersNotBytes) {
  EXPECT_EQ(Phones(0).Lines({{"zo\xC3\xAB@e", "x", "1", "y"}}),
            "AOR    CONTACT  PORT  CALL-ID\n"
            "zo\xC3\xAB@e  x           1  y\n");
}

TEST(TableTest, DoesNotLetAPhoneCommandTheTerminal) {
  const std::string lines = Phones(0).Lines({{"a", "b", "1",
                                              "\x1B[2Ja\r\n\x7F\xC2\x9B"
                                              "b"}});
  EXPECT_TRUE(lines.ends_with("  ?[2Ja????b\n")) << lines;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
}

}  // namespace
}  // namespace muster::daemon::cli
