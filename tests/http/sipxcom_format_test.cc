#include <gtest/gtest.h>

#include "http/sipxcom/format.h"

namespace muster::http::sipxcom {
namespace {

struct Case {
  const char* name;
  const char* target;
  const char* accept;
  std::optional<Format> format;
};

class FormatTest : public ::testing::TestWithParam<Case> {};

TEST_P(FormatTest, IsChosenByTypeThenExtensionThenAccept) {
  Request request;
  ASSERT_EQ(ParseTarget(GetParam().target, request), std::nullopt);
  request.accept = GetParam().accept;
  EXPECT_EQ(ChooseFormat(request), GetParam().format);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FormatTest,
    ::testing::Values(
        Case{"NothingAsked", "/r", "", Format::kJson}, Case{"Anything", "/r", "*/*", Format::kJson},
        Case{"Json", "/r", "application/json", Format::kJson},
        Case{"ApplicationXml", "/r", "application/xml", Format::kApplicationXml},
        Case{"TextXml", "/r", "text/xml", Format::kTextXml},
        Case{"JsonWinsATie", "/r", "application/xml, application/json", Format::kJson},
        Case{"QualityDecides", "/r", "application/json;q=0.5, text/xml;q=0.6", Format::kTextXml},
        Case{"TextXmlWinsATieAmongXml", "/r", "application/xml,text/xml", Format::kTextXml},
        Case{"Browser", "/r", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
             Format::kApplicationXml},
        Case{"JsonExcluded", "/r", "*/*, application/json;q=0", Format::kTextXml},
        Case{"NothingAcceptable", "/r", "image/png", std::nullopt},
        Case{"JsonExtension", "/r.json", "application/xml", Format::kJson},
        Case{"XmlExtension", "/r.xml", "application/json", Format::kApplicationXml},
        Case{"EscapedDotIsNoExtension", "/r/a%2Exml", "", Format::kJson},
        Case{"OtherExtension", "/r/a.html", "text/xml", Format::kTextXml},
        Case{"TypeJson", "/r.xml?_type=json", "text/xml", Format::kJson},
        Case{"TypeXml", "/r?_type=xml", "image/png", Format::kApplicationXml},
        Case{"UnknownType", "/r?_type=yaml", "", std::nullopt}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace muster::http::sipxcom
