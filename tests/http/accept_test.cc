#include "http/accept.h"

#include <gtest/gtest.h>

namespace muster::http {
namespace {

struct Case {
  const char* name;
  const char* accept;
  int json;  // thousandths
  int text_xml;
};

class AcceptTest : public ::testing::TestWithParam<Case> {};

TEST_P(AcceptTest, GivesTheQualityOfTheMostSpecificRange) {
  EXPECT_EQ(AcceptQuality(GetParam().accept, "application", "json"), GetParam().json);
  EXPECT_EQ(AcceptQuality(GetParam().accept, "text", "xml"), GetParam().text_xml);
}

INSTANTIATE_TEST_SUITE_P(
    Table, AcceptTest,
    ::testing::Values(Case{"Absent", "", 1000, 1000}, Case{"Anything", "*/*", 1000, 1000},
                      Case{"OneType", "application/json", 1000, 0},
                      Case{"IgnoresCase", "Application/JSON;Q=0.5", 500, 0},
                      Case{"TypeRange", "text/*;q=0.3", 0, 300},
                      Case{"SpecificBeatsRange", "text/xml;q=0.1, text/*;q=0.9, */*;q=0.5", 500,
                           100},
                      Case{"OrderDoesNotMatter", "*/*;q=0.5,text/xml;q=0.1", 500, 100},
                      Case{"ZeroExcludes", "*/*, application/json;q=0", 0, 1000},
                      Case{"Spaces", "  text/xml ; q=0.25 ,application/json ;q=0.75", 750, 250},
                      Case{"ParameterBeforeQ", "text/xml;charset=utf-8;q=0.4", 0, 400},
                      Case{"OldJava", "text/html, image/gif, *; q=.2, */*; q=.2", 200, 200},
                      Case{"ThreeDigits", "text/xml;q=0.123", 0, 123},
                      Case{"BadQualityIsPassedOver", "text/xml;q=abc, application/json;q=2", 0, 0},
                      Case{"TooManyDigitsIsPassedOver", "text/xml;q=0.1234", 0, 0},
                      Case{"EmptyQualityIsPassedOver", "text/xml;q=", 0, 0},
                      Case{"NoRange", ",;,foo", 0, 0}, Case{"OtherTypes", "image/png", 0, 0}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace muster::http
