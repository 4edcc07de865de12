#include "muster/parser/writer.h"

#include <gtest/gtest.h>

#include <array>

#include "sample.h"

namespace muster::parser {
namespace {

using std::string_literals::operator""s;
using test::Parse;
using test::Parsed;

struct Buffered {
  std::array<char, 1'024> buffer;
  Writer writer{buffer};
};

TEST(Writer, WritesAnAnswer) {
  Buffered out;
  out.writer.StatusLine(423, "Interval Too Brief");
  out.writer.Header(HeaderId::kCallId, "a@b");
  out.writer.Header("X-Own", "");
  out.writer.Header(HeaderId::kMinExpires, 60);
  out.writer.Begin(HeaderId::kTo);
  out.writer.Text("<sip:a@h>");
  out.writer.Text(";tag=");
  out.writer.Number(18446744073709551615u);
  out.writer.End();
  out.writer.Body("xy");
  ASSERT_TRUE(out.writer.ok());
  EXPECT_EQ(out.writer.bytes(),
            "SIP/2.0 423 Interval Too Brief\r\nCall-ID: a@b\r\nX-Own: \r\nMin-Expires: 60\r\n"
            "To: <sip:a@h>;tag=18446744073709551615\r\nContent-Length: 2\r\n\r\nxy");
}

TEST(Writer, WhatItWritesParsesToTheSame) {
  Buffered out;
  out.writer.RequestLine("REGISTER", "sip:example.com");
  out.writer.Header(HeaderId::kVia, "SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKx");
  out.writer.Header(HeaderId::kFrom, "\"\\\"q\\\"\" <sip:a@h>;tag=1");
  out.writer.Header(HeaderId::kTo, "<sip:a@h>");
  out.writer.Header(HeaderId::kCallId, "id");
  out.writer.Header(HeaderId::kCSeq, "7 REGISTER");
  out.writer.Header(HeaderId::kContact, "<sip:a@1.2.3.4>\r\n ;expires=30");
  out.writer.Body("body");
  const Parsed parsed = Parse(std::string(out.writer.bytes()), Framing::kStream);
  ASSERT_EQ(parsed.result.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(parsed.result.size, parsed.bytes.size());
  EXPECT_EQ(parsed->request_uri.text, "sip:example.com");
  EXPECT_EQ(parsed->from.display_name, "\"\\\"q\\\"\"");
  EXPECT_EQ(parsed->contacts()[0].expires_seconds, 30u);
  EXPECT_EQ(parsed->body, "body");
  EXPECT_EQ(parsed->headers().size(), 7u);
}

TEST(Writer, PassesFoldsAndQuotedNulsOn) {
  for (const std::string& value : {"a\r\n b"s, "\r\n\tb"s, "\"x\\\0y\" <sip:a@h>"s, "\xC3\xA4"s}) {
    Buffered out;
    out.writer.Header(HeaderId::kTo, value);
    EXPECT_TRUE(out.writer.ok()) << value;
    EXPECT_EQ(out.writer.bytes(), "To: " + value + "\r\n");
  }
}

TEST(Writer, RefusesInjection) {
  for (const std::string& value :
       {"\r"s, "\n"s, "\0"s, "a\r\nContact: <sip:evil@h>"s, "a\r\n"s, "a\n b"s, "a\r b"s,
        "a\r\n\r\n b"s, "a\r\n \r\nx"s, "\\\0"s, "\"\0\""s, "\"\\\\\0\""s}) {
    Buffered header, text, reason;
    header.writer.Header(HeaderId::kServer, value);
    EXPECT_FALSE(header.writer.ok()) << value;
    EXPECT_EQ(header.writer.bytes(), "");
    text.writer.Begin("X");
    text.writer.Text(value);
    text.writer.Text(" more");
    EXPECT_FALSE(text.writer.ok()) << value;
    reason.writer.StatusLine(200, value);
    EXPECT_FALSE(reason.writer.ok()) << value;
  }
}

TEST(Writer, RefusesAFoldInTwoPieces) {
  Buffered out;
  out.writer.Begin("X");
  out.writer.Text("a\r\n");
  out.writer.Text(" b");
  out.writer.End();
  EXPECT_FALSE(out.writer.ok());
}

TEST(Writer, RefusesBadNamesMethodsUrisAndCodes) {
  for (const std::string& name : {""s, "a b"s, "a:"s, "a\r\nb"s, "\0"s}) {
    Buffered out;
    out.writer.Header(name, "x");
    EXPECT_FALSE(out.writer.ok()) << name;
  }
  Buffered unknown, method, uri, empty, fold, low, high, reason;
  unknown.writer.Header(HeaderId::kOther, "x");
  method.writer.RequestLine("RE GISTER", "sip:h");
  uri.writer.RequestLine("REGISTER", "sip:h SIP/2.0\r\nX: y");
  empty.writer.RequestLine("REGISTER", "");
  fold.writer.RequestLine("REGISTER", "sip:h\r\n x");
  low.writer.StatusLine(99, "x");
  high.writer.StatusLine(700, "x");
  reason.writer.StatusLine(200, "a\r\n b");
  for (const Buffered* each : {&unknown, &method, &uri, &empty, &fold, &low, &high, &reason}) {
    EXPECT_FALSE(each->writer.ok());
    EXPECT_EQ(each->writer.bytes(), "");
  }
}

TEST(Writer, YieldsNothingWhenTheBufferIsTooSmall) {
  const auto write = [](Writer& writer) {
    writer.StatusLine(200, "OK");
    writer.Header(HeaderId::kCallId, "a");
    writer.Body("body");
  };
  Buffered whole;
  write(whole.writer);
  const std::string expected(whole.writer.bytes());
  ASSERT_FALSE(expected.empty());
  for (std::size_t size = 0; size < expected.size(); ++size) {
    std::string buffer(size + 8, '#');
    Writer writer({buffer.data(), size});
    write(writer);
    EXPECT_FALSE(writer.ok()) << size;
    EXPECT_EQ(writer.bytes(), "");
    EXPECT_EQ(buffer.substr(size), "########") << "wrote past its buffer";
  }
  std::string exact(expected.size(), '#');
  Writer writer(exact);
  write(writer);
  EXPECT_EQ(writer.bytes(), expected);
}

TEST(Writer, StaysFailed) {
  Buffered out;
  out.writer.Header("X", "\n");
  out.writer.StatusLine(200, "OK");
  out.writer.Body({});
  EXPECT_FALSE(out.writer.ok());
  EXPECT_EQ(out.writer.bytes(), "");
}

}  // namespace
}  // namespace muster::parser
