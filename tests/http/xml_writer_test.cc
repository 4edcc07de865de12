#include "muster/http/xml_writer.h"

#include <gtest/gtest.h>

#include <string>

namespace muster::http {
namespace {

using namespace std::string_view_literals;

std::string Escaped(std::string_view text) {
  std::string out;
  XmlWriter(out).Text(text);
  return out;
}

TEST(XmlWriterTest, WritesElementsWithinElements) {
  std::string out;
  XmlWriter xml(out);
  xml.Declaration();
  xml.Begin("a");
  xml.Element("b", {"x", "y"});
  xml.Element("c", -5);
  xml.End("a");
  EXPECT_EQ(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
            "<a><b>xy</b><c>-5</c></a>");
}

TEST(XmlWriterTest, WritesAnEmptyElementAsOneTag) {
  std::string out;
  XmlWriter xml(out);
  xml.Begin("a");
  xml.Element("b", {""});
  xml.End("a");
  EXPECT_EQ(out, "<a><b/></a>");
  out.clear();
  xml.Begin("a");
  xml.End("a");
  EXPECT_EQ(out, "<a/>");
}

TEST(XmlWriterTest, EscapesMarkup) {
  EXPECT_EQ(Escaped("\"A & B\" <sip:a@b>"), "\"A &amp; B\" &lt;sip:a@b&gt;");
  EXPECT_EQ(Escaped("]]>"), "]]&gt;");
}

TEST(XmlWriterTest, KeepsACarriageReturnFromBecomingALineFeed) {
  EXPECT_EQ(Escaped("a\r\n\tb"), "a&#13;\n\tb");
}

TEST(XmlWriterTest, ReplacesWhatXmlCannotHold) {
  EXPECT_EQ(Escaped("a\0b\x1B"sv),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(Escaped("\xEF\xBF\xBE|\xEF\xBF\xBF"), "\xEF\xBF\xBD|\xEF\xBF\xBD");
}

TEST(XmlWriterTest, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(Escaped("Zo\xC3\xAB"), "Zo\xC3\xAB");
  EXPECT_EQ(Escaped("a\xFFz\xC3"), "a\xEF\xBF\xBDz\xEF\xBF\xBD");
}

}  // namespace
}  // namespace muster::http
