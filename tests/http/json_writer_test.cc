#include "muster/http/json_writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace muster::http {
namespace {

using namespace std::string_view_literals;

std::string Escaped(std::string_view text) {
  std::string out;
  JsonWriter(out).String(text);
  return out;
}

TEST(JsonWriterTest, SeparatesMembersAndElements) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  json.Key("a");
  json.Number(1);
  json.Key("b");
  json.BeginArray();
  json.BeginObject();
  json.EndObject();
  json.Null();
  json.BeginArray();
  json.EndArray();
  json.String("x");
  json.EndArray();
  json.Key("c");
  json.Null();
  json.EndObject();
  EXPECT_EQ(out, R"({"a":1,"b":[{},null,[],"x"],"c":null})");
}

TEST(JsonWriterTest, WritesEveryInt64) {
  std::string out;
  JsonWriter json(out);
  json.BeginArray();
  json.Number(std::numeric_limits<std::int64_t>::min());
  json.Number(0);
  json.Number(std::numeric_limits<std::int64_t>::max());
  json.EndArray();
  EXPECT_EQ(out, "[-9223372036854775808,0,9223372036854775807]");
}

TEST(JsonWriterTest, LeavesAngleBracketsAndSlashesAlone) {
  EXPECT_EQ(Escaped("<sip:a@b;x=/y>"), R"("<sip:a@b;x=/y>")");
}

TEST(JsonWriterTest, EscapesQuotesBackslashesAndControls) {
  EXPECT_EQ(Escaped("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
  EXPECT_EQ(Escaped("a\0b\x1F\x7F"sv), "\"a\\u0000b\\u001f\x7F\"");
}

TEST(JsonWriterTest, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(Escaped("Zo\xC3\xAB \xF0\x9F\x93\x9E"), "\"Zo\xC3\xAB \xF0\x9F\x93\x9E\"");
  EXPECT_EQ(Escaped("a\xFFz\xC3"), "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\"");
}

TEST(JsonWriterTest, FindsWhatIsNotPlainWhereverItStands) {
  for (std::size_t size = 1; size != 20; ++size) {
    for (std::size_t at = 0; at != size; ++at) {
      for (int byte = 0; byte != 256; ++byte) {
        const std::string one(1, static_cast<char>(byte));
        const bool is_plain = byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\';
        std::string escaped = is_plain ? one : Escaped(one);
        if (!is_plain) escaped = escaped.substr(1, escaped.size() - 2);
        const std::string before(at, '!');
        const std::string behind(size - at - 1, '\x7F');
        ASSERT_EQ(Escaped(before + one + behind), '"' + before + escaped + behind + '"') << byte;
      }
    }
  }
}

TEST(JsonWriterTest, JoinsPartsToOneText) {
  std::string out;
  JsonWriter(out).String({"<", "sip:a@b", ">"});
  EXPECT_EQ(out, R"("<sip:a@b>")");
}

TEST(JsonWriterTest, GoesOnAfterTheOutputWasTakenAway) {
  std::string out;
  JsonWriter json(out);
  json.BeginArray();
  json.Number(1);
  EXPECT_EQ(out, "[1");
  out.clear();
  json.Number(2);
  EXPECT_EQ(out, ",2");
}

}  // namespace
}  // namespace muster::http
