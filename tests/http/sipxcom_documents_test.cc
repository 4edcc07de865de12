#include <gtest/gtest.h>

#include "http/sipxcom/document.h"

namespace muster::http::sipxcom {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'414'403'300);

core::Binding Alice() {
  core::Binding binding;
  binding.aor = "300@example.com";
  binding.user = "300";
  binding.to_uri = "sip:300@example.com;transport=TCP";
  binding.contact = "<sip:300@192.168.1.75:47745;rinstance=3a;transport=TCP>;reg-id=1;q=0.5";
  binding.contact_uri = binding.contact.substr(1, binding.contact.find('>') - 1);
  binding.call_id = "YWQ2@host";
  binding.expires_at = kNow + absl::Seconds(3'600);
  return binding;
}

std::string Written(Format format, const core::Binding& binding, std::string_view primary) {
  std::string out;
  Document document(format, out);
  document.Begin();
  document.Add(binding, primary, kNow);
  document.End();
  return out;
}

TEST(DocumentTest, JsonHasTheNineMembers) {
  EXPECT_EQ(Written(Format::kJson, Alice(), "10.5.0.151"),
            R"({"registrations":[{"secondsToExpire":3600,"status":"active",)"
            R"("uri":"<sip:300@example.com;transport=TCP>","primary":"10.5.0.151",)"
            R"("expires":1414406900,"identity":"300@example.com",)"
            R"("contact":"<sip:300@192.168.1.75:47745;rinstance=3a;transport=TCP>",)"
            R"("instrument":"","regCallId":"YWQ2@host"}]})");
}

TEST(DocumentTest, XmlHasTheNineElementsInOrder) {
  EXPECT_EQ(
      Written(Format::kApplicationXml, Alice(), "10.5.0.151"),
      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Registrations><Registration>"
      "<contact>&lt;sip:300@192.168.1.75:47745;rinstance=3a;transport=TCP&gt;</contact>"
      "<expires>1414406900</expires><identity>300@example.com</identity><instrument/>"
      "<primary>10.5.0.151</primary><regCallId>YWQ2@host</regCallId>"
      "<uri>&lt;sip:300@example.com;transport=TCP&gt;</uri>"
      "<secondsToExpire>3600</secondsToExpire><status>active</status>"
      "</Registration></Registrations>");
}

TEST(DocumentTest, MissingPrimaryIsNullInJsonAndAbsentInXml) {
  EXPECT_NE(Written(Format::kJson, Alice(), "").find("\"primary\":null,"), std::string::npos);
  EXPECT_EQ(Written(Format::kTextXml, Alice(), "").find("primary"), std::string::npos);
}

TEST(DocumentTest, EmptyDocuments) {
  std::string json;
  Document json_document(Format::kJson, json);
  json_document.Begin();
  json_document.End();
  EXPECT_EQ(json, R"({"registrations":[]})");
  std::string xml;
  Document xml_document(Format::kTextXml, xml);
  xml_document.Begin();
  xml_document.End();
  EXPECT_EQ(xml, R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Registrations/>)");
}

TEST(DocumentTest, SecondsAreRoundedUp) {
  core::Binding binding = Alice();
  binding.expires_at = kNow + absl::Milliseconds(1);
  const std::string json = Written(Format::kJson, binding, "");
  EXPECT_NE(json.find("\"secondsToExpire\":1,"), std::string::npos) << json;
  EXPECT_NE(json.find("\"expires\":1414403301,"), std::string::npos) << json;
}

TEST(DocumentTest, ContactKeepsItsDisplayNameAndLosesItsParameters) {
  core::Binding binding = Alice();
  binding.contact = "\"A <sip:x@y>\" <sip:a@b;x=1>;+sip.instance=\"<urn:uuid:1>\"";
  binding.contact_uri = binding.contact.substr(15, 11);
  EXPECT_NE(
      Written(Format::kJson, binding, "").find(R"("contact":"\"A <sip:x@y>\" <sip:a@b;x=1>",)"),
      std::string::npos);
}

TEST(DocumentTest, StoredBytesThatAreNoTextAreReplaced) {
  core::Binding binding = Alice();
  binding.instrument = "a\xFF\x01";
  EXPECT_NE(Written(Format::kJson, binding, "").find("\"a\xEF\xBF\xBD\\u0001\""),
            std::string::npos);
  EXPECT_NE(Written(Format::kTextXml, binding, "")
                .find("<instrument>a\xEF\xBF\xBD\xEF\xBF\xBD</instrument>"),
            std::string::npos);
}

}  // namespace
}  // namespace muster::http::sipxcom
