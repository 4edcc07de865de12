#include <gtest/gtest.h>

#include "daemon/cli/check_report.h"

namespace muster::daemon::cli {
namespace {

CheckReport Sound() {
  CheckReport report;
  report.database = "data/registrations.db";
  report.bindings = 3;
  report.inspected.format = 1;
  report.inspected.replayed = {
      .chunks = 1, .batches = 17, .chunk_bytes = 1'023, .batch_bytes = 1'536, .damages = {}};
  report.inspected.disk_bytes = 4'194'304;
  return report;
}

TEST(CheckReportTest, SaysWhatIsThere) {
  EXPECT_EQ(CheckText(Sound()),
            "data/registrations.db: sound\n"
            "  format            1\n"
            "  bindings          3 current\n"
            "  snapshot          1 chunk, 1,023 bytes\n"
            "  behind it         17 batches, 1.5 KiB\n"
            "  on disk           4.0 MiB\n");
}

TEST(CheckReportTest, NamesEachDamageAndWhatIsKept) {
  CheckReport report = Sound();
  report.bindings = 1;
  report.inspected.format = 0;
  report.inspected.replayed.damages = {"data/registrations.db: one", "data/registrations.db: two"};
  report.inspected.integrity = {"row 3 missing"};
  report.set_aside = {"data/registrations.db.damaged-1"};
  EXPECT_EQ(CheckText(report),
            "data/registrations.db: DAMAGED\n"
            "  format            cannot be read\n"
            "  bindings          1 current\n"
            "  snapshot          1 chunk, 1,023 bytes\n"
            "  behind it         17 batches, 1.5 KiB\n"
            "  on disk           4.0 MiB\n"
            "  damaged           data/registrations.db: one\n"
            "  damaged           data/registrations.db: two\n"
            "  SQLite says       row 3 missing\n"
            "  set aside before  data/registrations.db.damaged-1\n"
            "musterd would set this database aside and go on with the 1 binding that could be "
            "kept.\n");
}

TEST(CheckReportTest, SaysThatMusterdOverlooksWhatSqliteSees) {
  CheckReport report = Sound();
  report.inspected.integrity = {"Freelist: size is 6 but should be 11"};
  EXPECT_FALSE(report.is_sound());
  const std::string text = CheckText(report);
  EXPECT_NE(text.find("All 3 bindings can be read. musterd does not see this damage"),
            std::string::npos)
      << text;
}

TEST(CheckReportTest, DoesNotLetAFileCommandTheTerminal) {
  CheckReport report = Sound();
  report.database = "\x1B[2J";
  report.inspected.integrity = {"\r\x9B?\n"};
  const std::string text = CheckText(report);
  EXPECT_EQ(text.find('\x1B'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
}

TEST(CheckReportTest, IsOneObjectForPrograms) {
  CheckReport report = Sound();
  EXPECT_EQ(CheckJson(report),
            R"({"database":"data/registrations.db","sound":true,"format":1,"bindings":3,)"
            R"("snapshot":{"chunks":1,"bytes":1023},"batches":{"count":17,"bytes":1536},)"
            R"("bytes_on_disk":4194304,"damages":[],"integrity":[],"set_aside":[]})"
            "\n");
  report.inspected.format = 0;
  report.inspected.replayed.damages = {"a \"b\" \\ c\n", "d"};
  const std::string json = CheckJson(report);
  EXPECT_NE(json.find(R"("sound":false,"format":null,)"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("damages":["a \"b\" \\ c\u000a","d"])"), std::string::npos) << json;
}

}  // namespace
}  // namespace muster::daemon::cli
