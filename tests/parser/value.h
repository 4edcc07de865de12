#pragma once

// What a reader of one value made of a text: the value, or the error.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "muster/parser/header_values.h"

namespace muster::parser::test {

template <typename Value>
using Reader = bool (*)(std::string_view, Value&, ParseError&);

template <typename Value>
Value Accepted(Reader<Value> parse, std::string_view text) {
  Value value{};
  ParseError error;
  EXPECT_TRUE(parse(text, value, error))
      << text << ": " << Describe(error.code) << " at " << error.offset;
  return value;
}

template <typename Value>
ParseError Refused(Reader<Value> parse, std::string_view text) {
  Value value{};
  ParseError error;
  EXPECT_FALSE(parse(text, value, error)) << text;
  return error;
}

/// ParseError{code, offset}
inline auto Is(ErrorCode code, std::uint32_t offset) { return ::testing::FieldsAre(code, offset); }

}  // namespace muster::parser::test
