// Each limit of muster/parser/limits.h: the last that passes, and the error of the first beyond.

#include "muster/parser/limits.h"

#include <gtest/gtest.h>

#include "muster/parser/header_values.h"
#include "sample.h"

namespace muster::parser {
namespace {

using test::ErrorOf;
using test::Parse;
using test::Parsed;
using test::RegisterWith;
using test::Replaced;

std::string Repeated(std::string_view text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

std::string Padded(std::size_t size) {
  const std::string empty = RegisterWith("X: \r\n");
  return RegisterWith("X: " + std::string(size - empty.size(), 'x') + "\r\n");
}

TEST(Limits, MessageBytesOfADatagram) {
  EXPECT_EQ(ErrorOf(Padded(kMaxMessageBytes)), ErrorCode::kNone);
  const Parsed parsed = Parse(Padded(kMaxMessageBytes + 1));
  EXPECT_EQ(parsed.result.error.code, ErrorCode::kMessageTooLarge);
  EXPECT_EQ(parsed->top_via.host, "192.0.2.1") << "it can still be answered";
}

TEST(Limits, HeaderSectionBytesOnAStream) {
  EXPECT_EQ(ErrorOf(Padded(kMaxHeaderSectionBytes), Framing::kStream), ErrorCode::kNone);
  EXPECT_EQ(ErrorOf(Padded(kMaxHeaderSectionBytes + 1), Framing::kStream),
            ErrorCode::kMessageTooLarge);
  const std::string endless = Padded(kMaxHeaderSectionBytes).substr(0, kMaxHeaderSectionBytes - 2);
  EXPECT_EQ(Parse(endless + "X", Framing::kStream).result.outcome, ParseOutcome::kNeedMore);
  const Parsed parsed = Parse(endless + "XX", Framing::kStream);
  EXPECT_EQ(parsed.result.error.code, ErrorCode::kMessageTooLarge);
  EXPECT_EQ(parsed->call_id, "843817637684230@998sdasdh09") << "it can still be answered";
}

TEST(Limits, BodyBytes) {
  const auto with = [](std::size_t size) {
    return Replaced(RegisterWith(""), "Content-Length: 0",
                    "Content-Length: " + std::to_string(size));
  };
  const std::string most(kMaxBodyBytes, 'b');
  EXPECT_EQ(Parse(with(kMaxBodyBytes) + most)->body, most);
  EXPECT_EQ(ErrorOf(with(kMaxBodyBytes + 1) + most + "b"), ErrorCode::kBodyTooLarge);
  EXPECT_EQ(ErrorOf(with(kMaxBodyBytes + 1), Framing::kStream), ErrorCode::kBodyTooLarge)
      << "known before the body is there";
  EXPECT_EQ(ErrorOf(Replaced(with(0), ": 0", ": 99999999999999999999999"), Framing::kStream),
            ErrorCode::kBodyTooLarge);
  EXPECT_EQ(ErrorOf(Replaced(with(0), "Content-Length: 0\r\n", "") + most + "b"),
            ErrorCode::kBodyTooLarge);
}

TEST(Limits, Headers) {
  const std::size_t own = Parse(RegisterWith(""))->headers().size();
  EXPECT_EQ(ErrorOf(RegisterWith(Repeated("X: y\r\n", kMaxHeaders - own))), ErrorCode::kNone);
  EXPECT_EQ(ErrorOf(RegisterWith(Repeated("X: y\r\n", kMaxHeaders - own + 1))),
            ErrorCode::kTooManyHeaders);
}

TEST(Limits, Contacts) {
  EXPECT_EQ(ErrorOf(RegisterWith(Repeated("m: <sip:a@h>\r\n", kMaxContacts))), ErrorCode::kNone);
  EXPECT_EQ(ErrorOf(RegisterWith(Repeated("m: <sip:a@h>\r\n", kMaxContacts + 1))),
            ErrorCode::kTooManyContacts);
  const std::string list = Repeated("<sip:a@h>,", kMaxContacts);
  EXPECT_EQ(ErrorOf(RegisterWith("m: " + list + "<sip:a@h>\r\n")), ErrorCode::kTooManyContacts);
}

TEST(Limits, UriBytesInEachPlace) {
  const std::string uri = "sip:" + std::string(kMaxUriBytes - 6, 'a') + "@h";
  EXPECT_EQ(ErrorOf(RegisterWith("m: <" + uri + ">\r\n")), ErrorCode::kNone);
  const Parsed contact = Parse(RegisterWith("m: <" + uri + "h>\r\n"));
  EXPECT_EQ(contact.result.error.code, ErrorCode::kUriTooLong);
  EXPECT_FALSE(contact->request_uri.text.empty());
  const Parsed request = Parse(Replaced(RegisterWith(""), "sip:registrar.biloxi.com", uri + "h"));
  EXPECT_EQ(request.result.error.code, ErrorCode::kUriTooLong);
  EXPECT_TRUE(request->request_uri.text.empty());
  EXPECT_EQ(request->method, Method::kRegister);
}

TEST(Limits, ParametersOfAHeaderValue) {
  const std::string most = Repeated(";p", kMaxParameters);
  EXPECT_EQ(ErrorOf(RegisterWith("m: <sip:a@h>" + most + "\r\n")), ErrorCode::kNone);
  EXPECT_EQ(ErrorOf(RegisterWith("m: <sip:a@h>" + most + ";p\r\n")), ErrorCode::kTooManyParameters);
  EXPECT_EQ(ErrorOf(RegisterWith("v: SIP/2.0/UDP h" + most + ";p\r\n")),
            ErrorCode::kTooManyParameters);
}

TEST(Limits, ListValues) {
  const std::string most = Repeated("SIP/2.0/UDP h, ", kMaxListValues - 2) + "SIP/2.0/UDP h";
  EXPECT_EQ(ErrorOf(RegisterWith("v: " + most + "\r\n")), ErrorCode::kNone);
  EXPECT_EQ(ErrorOf(RegisterWith("v: " + most + "\r\nv: SIP/2.0/UDP h\r\n")),
            ErrorCode::kTooManyListValues);
  const std::string paths = Repeated("<sip:p>,", kMaxListValues - 1) + "<sip:p>";
  EXPECT_EQ(ErrorOf(RegisterWith("Path: " + paths + "\r\n")), ErrorCode::kNone);
  EXPECT_EQ(ErrorOf(RegisterWith("Path: " + paths + "\r\nPath: <sip:p>\r\n")),
            ErrorCode::kTooManyListValues);
}

// Worst shapes within the limits: were any of them quadratic, the test would not end in time.
TEST(Limits, WorstShapesStayLinear) {
  const std::size_t much = kMaxMessageBytes - 1'000;
  for (const std::string& value :
       {std::string(much, '"'), std::string(much, '<'), std::string(much, ' '),
        std::string(much, ','), std::string(much, ';'), std::string(much, 'a'),
        "\"" + std::string(much, '\\'), Repeated("\r\n ", much / 3), Repeated("\"\",", much / 3),
        Repeated("a ", much / 2), "<sip:" + std::string(much, '%'), std::string(much, '9')}) {
    for (const std::string_view name : {"Contact", "Via", "Path", "Expires", "Max-Forwards", "X"}) {
      const std::string bytes = RegisterWith(std::string(name) + ": " + value + "\r\n");
      for (int i = 0; i < 20; ++i) {
        const Parsed parsed = Parse(bytes);
        EXPECT_NE(parsed.result.outcome, ParseOutcome::kNeedMore);
      }
    }
    ListReader reader(value);
    for (std::string_view item; reader.Next(item);) EXPECT_FALSE(item.empty());
  }
}

}  // namespace
}  // namespace muster::parser
