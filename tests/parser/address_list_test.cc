// Route, Record-Route, Path, Service-Route, P-Associated-URI; and what all lists have in common.

#include "value.h"

namespace muster::parser {
namespace {

using test::Is;
using ::testing::ElementsAre;

struct Listed {
  std::vector<std::string> uris;
  ParseError error;
};

Listed Read(std::string_view list) {
  AddressListReader reader(list);
  Listed listed;
  for (NameAddr address; reader.Next(address);) listed.uris.emplace_back(address.uri.text);
  listed.error = reader.error();
  EXPECT_EQ(reader.failed(), listed.error.code != ErrorCode::kNone);
  NameAddr address;
  EXPECT_FALSE(reader.Next(address)) << "it stays at its end";
  return listed;
}

TEST(AddressListReader, ReadsEachAddressWithItsParameters) {
  AddressListReader reader("\"P, 1\" <sip:p1;lr> ; a=b ,\r\n <sips:p2:5061;lr?X=y>");
  NameAddr address;
  ASSERT_TRUE(reader.Next(address));
  EXPECT_EQ(address.display_name, "\"P, 1\"");
  EXPECT_EQ(address.uri.text, "sip:p1;lr");
  EXPECT_EQ(address.params, "a=b");
  ASSERT_TRUE(reader.Next(address));
  EXPECT_EQ(address.uri.host, "p2");
  EXPECT_EQ(address.uri.params, "lr");
  EXPECT_EQ(address.params, "");
  EXPECT_FALSE(reader.Next(address));
  EXPECT_FALSE(reader.failed());
}

TEST(AddressListReader, RefusesAnEmptyList) {
  EXPECT_THAT(Read("").error, Is(ErrorCode::kBadValue, 0));
  EXPECT_THAT(Read(" \t").error, Is(ErrorCode::kBadValue, 2));
}

TEST(AddressListReader, RefusesAUriWithoutBrackets) {
  EXPECT_THAT(Read("sip:p1;lr").error, Is(ErrorCode::kBadNameAddr, 0));
  const Listed listed = Read("<sip:p1>, sip:p2");
  EXPECT_THAT(listed.uris, ElementsAre("sip:p1"));
  EXPECT_THAT(listed.error, Is(ErrorCode::kBadNameAddr, 10));
}

TEST(AddressListReader, SaysWhereInTheListItBroke) {
  EXPECT_THAT(Read("<sip:p1>,").error, Is(ErrorCode::kBadValue, 9));
  EXPECT_THAT(Read("<sip:p1>, ,<sip:p2>").error, Is(ErrorCode::kBadValue, 10));
  EXPECT_THAT(Read("*").error, Is(ErrorCode::kBadNameAddr, 1));
  EXPECT_THAT(Read("<sip:p1>, <sip:p@>").error, Is(ErrorCode::kBadUri, 17));
  EXPECT_THAT(Read("<sip:p1>, <sip:p").error, Is(ErrorCode::kBadNameAddr, 10));
  EXPECT_THAT(Read("<sip:p1>, \"p <sip:p>").error, Is(ErrorCode::kUnterminatedQuote, 10));
  EXPECT_THAT(Read("<sip:p1>;").error, Is(ErrorCode::kBadParameter, 9));
  EXPECT_THAT(Read("<sip:p1> x").error, Is(ErrorCode::kBadNameAddr, 9));
  EXPECT_THAT(Read("<sip:p1>\r\n, <sip:p2>").error, Is(ErrorCode::kBadNameAddr, 8));
}

TEST(AddressListReader, ReadsAsManyValuesAsTheLimitSays) {
  std::string list = "<sip:p>";
  for (std::size_t i = 1; i < kMaxListValues; ++i) list += ",<sip:p>";
  EXPECT_THAT(Read(list).error, Is(ErrorCode::kNone, 0));
  EXPECT_EQ(Read(list).uris.size(), kMaxListValues);
  const auto size = static_cast<std::uint32_t>(list.size());
  list += ",<sip:p>";
  EXPECT_THAT(Read(list).error, Is(ErrorCode::kTooManyListValues, size + 1));
  EXPECT_EQ(Read(list).uris.size(), kMaxListValues);
}

}  // namespace
}  // namespace muster::parser
