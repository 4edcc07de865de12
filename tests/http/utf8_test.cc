#include "http/utf8.h"

#include <gtest/gtest.h>

namespace muster::http {
namespace {

struct Case {
  const char* name;
  std::string_view text;
  std::uint32_t value;
  std::size_t bytes;
};

class FirstCodePointTest : public ::testing::TestWithParam<Case> {};

TEST_P(FirstCodePointTest, ReadsValidAndOnlyValidSequences) {
  const CodePoint first = FirstCodePoint(GetParam().text);
  EXPECT_EQ(first.bytes, GetParam().bytes);
  EXPECT_EQ(first.value, GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
    Utf8, FirstCodePointTest,
    ::testing::Values(
        Case{"Ascii", "ab", 'a', 1}, Case{"TwoBytes", "\xC3\xA9z", 0xE9, 2},
        Case{"ThreeBytes", "\xE2\x82\xAC", 0x20AC, 3},
        Case{"FourBytes", "\xF0\x9F\x93\x9E", 0x1F4DE, 4},
        Case{"Last", "\xF4\x8F\xBF\xBF", 0x10FFFF, 4}, Case{"BeyondLast", "\xF4\x90\x80\x80", 0, 0},
        Case{"LoneContinuation", "\x80", 0, 0}, Case{"CutShort", "\xE2\x82", 0, 0},
        Case{"BrokenContinuation", "\xE2\x28\xA1", 0, 0}, Case{"OverlongTwo", "\xC0\xAF", 0, 0},
        Case{"OverlongThree", "\xE0\x80\xAF", 0, 0}, Case{"OverlongFour", "\xF0\x80\x80\xAF", 0, 0},
        Case{"Surrogate", "\xED\xA0\x80", 0, 0}, Case{"NoLead", "\xFF", 0, 0}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace muster::http
