#include <gtest/gtest.h>

#include <cctype>
#include <string>

#include "muster/parser/message.h"

namespace muster::parser {
namespace {

constexpr int kHeaderIds = static_cast<int>(HeaderId::kWwwAuthenticate) + 1;
constexpr int kMethods = static_cast<int>(Method::kUpdate) + 1;

TEST(HeaderIdFrom, KnowsEachNameInAnyCase) {
  for (int i = 1; i < kHeaderIds; ++i) {
    const auto id = static_cast<HeaderId>(i);
    std::string name(HeaderName(id));
    ASSERT_FALSE(name.empty());
    EXPECT_EQ(HeaderIdFrom(name), id) << name;
    for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_EQ(HeaderIdFrom(name), id) << name;
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_EQ(HeaderIdFrom(name), id) << name;
  }
}

TEST(HeaderIdFrom, KnowsCompactForms) {
  EXPECT_EQ(HeaderIdFrom("v"), HeaderId::kVia);
  EXPECT_EQ(HeaderIdFrom("V"), HeaderId::kVia);
  EXPECT_EQ(HeaderIdFrom("f"), HeaderId::kFrom);
  EXPECT_EQ(HeaderIdFrom("t"), HeaderId::kTo);
  EXPECT_EQ(HeaderIdFrom("m"), HeaderId::kContact);
  EXPECT_EQ(HeaderIdFrom("i"), HeaderId::kCallId);
  EXPECT_EQ(HeaderIdFrom("l"), HeaderId::kContentLength);
  EXPECT_EQ(HeaderIdFrom("c"), HeaderId::kContentType);
  EXPECT_EQ(HeaderIdFrom("k"), HeaderId::kSupported);
  EXPECT_EQ(HeaderIdFrom("o"), HeaderId::kEvent);
}

TEST(HeaderIdFrom, TakesNothingElseForAKnownName) {
  for (const std::string_view name : {"", "z", "s", "Vi", "Viaa", "X-Via", "Call_ID", "Contacts",
                                      "Content-Lengt", "C%6Fntact", "\x80"}) {
    EXPECT_EQ(HeaderIdFrom(name), HeaderId::kOther) << name;
  }
  EXPECT_EQ(HeaderName(HeaderId::kOther), "");
}

TEST(MethodFrom, KnowsEachMethodByItsCase) {
  for (int i = 1; i < kMethods; ++i) {
    const auto method = static_cast<Method>(i);
    std::string name(MethodName(method));
    EXPECT_EQ(MethodFrom(name), method) << name;
    name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
    EXPECT_EQ(MethodFrom(name), Method::kOther) << name;
  }
  EXPECT_EQ(MethodName(Method::kRegister), "REGISTER");
  EXPECT_EQ(MethodName(Method::kUpdate), "UPDATE");
  EXPECT_EQ(MethodName(Method::kOther), "");
  EXPECT_EQ(MethodFrom(""), Method::kOther);
}

}  // namespace
}  // namespace muster::parser
