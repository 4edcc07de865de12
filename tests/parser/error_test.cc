#include "muster/parser/error.h"

#include <gtest/gtest.h>

#include <set>

namespace muster::parser {
namespace {

TEST(Describe, HasAPhraseOfItsOwnForEachCode) {
  std::set<std::string_view> phrases;
  const int count = static_cast<int>(ErrorCode::kBadCredentials) + 1;
  for (int code = 0; code < count; ++code) {
    phrases.insert(Describe(static_cast<ErrorCode>(code)));
  }
  EXPECT_EQ(phrases.size(), static_cast<std::size_t>(count));
  EXPECT_FALSE(phrases.contains("unknown error"));
}

TEST(Describe, FitsAReasonPhrase) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::kBadCredentials); ++code) {
    for (const char c : Describe(static_cast<ErrorCode>(code))) EXPECT_TRUE(c >= ' ' && c < 0x7F);
  }
}

}  // namespace
}  // namespace muster::parser
