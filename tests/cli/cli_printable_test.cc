#include <gtest/gtest.h>

#include "daemon/cli/printable.h"

namespace muster::daemon::cli {
namespace {

TEST(PrintableTest, LetsTextThrough) {
  for (const char* text : {"", "a ~", "\xC2\xA0", "\xC3\xA4", "\xE2\x82\xAC", "\xE2\x80\xA6",
                           "\xEF\xBF\xBD", "\xF0\x9F\x98\x80"}) {
    EXPECT_EQ(Printable(text), text);
    EXPECT_EQ(PrintableJson(text), text);
  }
}

TEST(PrintableTest, HidesControls) {
  EXPECT_EQ(Printable({"\0\x1B\n\x7F", 4}), "????");
  EXPECT_EQ(Printable("a\xC2\x80z"), "a?z");
  EXPECT_EQ(Printable("a\xC2\x9F"), "a?");
}

TEST(PrintableTest, HidesMarksOfDirectionAndSeparatorsOfLines) {
  for (const char* mark :
       {"\xD8\x9C", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAA",
        "\xE2\x80\xAB", "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6",
        "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9"}) {
    EXPECT_EQ(Printable(std::string("a") + mark + "b"), "a?b");
  }
  EXPECT_EQ(Printable("\xE2\x80\x8D\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA"),
            "\xE2\x80\x8D\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA");  // their neighbours
}

TEST(PrintableTest, HidesBytesThatAreNoUtf8) {
  EXPECT_EQ(Printable("a\x9Bz"), "a?z");  // a control where terminals take bytes
  EXPECT_EQ(Printable("\xFF\xC0\x80"), "???");
  EXPECT_EQ(Printable("\xC2"), "?");
  EXPECT_EQ(Printable("\xE2\x80"), "??");
  EXPECT_EQ(Printable("\xE2\x80z"), "??z");
  EXPECT_EQ(Printable("\xF5\x80\x80\x80"), "????");
}

TEST(PrintableJsonTest, EscapesInsteadAndKeepsWhiteSpace) {
  EXPECT_EQ(PrintableJson("{\"a\":\"\x7F\xC2\x9B\xE2\x80\xAE\"},\n\t[]"),
            "{\"a\":\"\\u007f\\u009b\\u202e\"},\n\t[]");
}

}  // namespace
}  // namespace muster::daemon::cli
