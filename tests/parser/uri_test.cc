#include "muster/parser/uri.h"

#include <gtest/gtest.h>

#include <string>

#include "muster/parser/limits.h"

namespace muster::parser {
namespace {

Uri Accepted(std::string_view text) {
  Uri uri;
  ParseError error;
  EXPECT_TRUE(ParseUri(text, uri, error)) << text << " at " << error.offset;
  return uri;
}

ParseError Refused(std::string_view text) {
  Uri uri;
  ParseError error;
  EXPECT_FALSE(ParseUri(text, uri, error)) << text;
  return error;
}

TEST(ParseUri, NamesEachPart) {
  const std::string_view text = "sip:alice:secret@example.com:5080;transport=tcp;lr?Subject=x&a=";
  const Uri uri = Accepted(text);
  EXPECT_EQ(uri.text, text);
  EXPECT_EQ(uri.scheme, UriScheme::kSip);
  EXPECT_EQ(uri.scheme_text, "sip");
  EXPECT_TRUE(uri.has_user);
  EXPECT_EQ(uri.user, "alice");
  EXPECT_EQ(uri.password, "secret");
  EXPECT_EQ(uri.host, "example.com");
  EXPECT_EQ(uri.host_kind, HostKind::kName);
  EXPECT_EQ(uri.port, 5080);
  EXPECT_EQ(uri.params, "transport=tcp;lr");
  EXPECT_EQ(uri.headers, "Subject=x&a=");
}

TEST(ParseUri, LeavesAbsentPartsEmpty) {
  const Uri uri = Accepted("SIPS:example.com");
  EXPECT_EQ(uri.scheme, UriScheme::kSips);
  EXPECT_FALSE(uri.has_user);
  EXPECT_EQ(uri.user, "");
  EXPECT_EQ(uri.port, 0);
  EXPECT_EQ(uri.params, "");
  EXPECT_EQ(uri.headers, "");
}

TEST(ParseUri, KeepsSeparatorsThatBelongToTheUser) {
  const Uri uri = Accepted("sip:user;par=u%40example.net@example.com");
  EXPECT_EQ(uri.user, "user;par=u%40example.net");
  EXPECT_EQ(uri.host, "example.com");
  EXPECT_EQ(uri.params, "");
  EXPECT_EQ(Accepted("sip:a/b?c,d&e=f+g$@h").user, "a/b?c,d&e=f+g$");
  EXPECT_EQ(Accepted("sip:a:@h").password, "");
}

TEST(ParseUri, TellsKindsOfHosts) {
  EXPECT_EQ(Accepted("sip:192.0.2.1").host_kind, HostKind::kIpv4);
  EXPECT_EQ(Accepted("sip:a@[2001:db8::9:1]:5060").host_kind, HostKind::kIpv6);
  EXPECT_EQ(Accepted("sip:a@[2001:db8::9:1]:5060").host, "[2001:db8::9:1]");
  EXPECT_EQ(Accepted("sip:a@[::ffff:192.0.2.1]").port, 0);
  for (const std::string_view name :
       {"h", "a-b.c", "under_score.example", "example.com.", "3f2a9c1b8d7e", "1.example", "x1"}) {
    EXPECT_EQ(Accepted("sip:" + std::string(name)).host_kind, HostKind::kName) << name;
  }
  for (const std::string_view address :
       {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
        "1:2:3:4:5:6:192.0.2.1", "::192.0.2.1", "abcd:EF01::"}) {
    EXPECT_EQ(Accepted("sip:[" + std::string(address) + "]").host_kind, HostKind::kIpv6) << address;
  }
}

TEST(ParseUri, RefusesBadHosts) {
  for (const std::string_view host : {"",
                                      ".",
                                      "..",
                                      "a..b",
                                      ".a",
                                      "256.1.1.1",
                                      "1.2.3",
                                      "1.2.3.4.5",
                                      "1.2.3.4.",
                                      "123",
                                      "a.1",
                                      "a b",
                                      "[",
                                      "[]",
                                      "[::1",
                                      "::1",
                                      "[:1]",
                                      "[1:]",
                                      "[1::2::3]",
                                      "[1:2:3:4:5:6:7]",
                                      "[1:2:3:4:5:6:7:8:9]",
                                      "[1:2:3:4:5:6:7:8::]",
                                      "[12345::]",
                                      "[::g]",
                                      "[::1.2.3]",
                                      "[::1.2.3.256]",
                                      "[1.2.3.4]",
                                      "[fe80::1%eth0]",
                                      "[::1]x",
                                      "h\xC3\xA4"}) {
    EXPECT_EQ(Refused("sip:a@" + std::string(host)).code, ErrorCode::kBadUri) << host;
  }
}

TEST(ParseUri, ChecksPorts) {
  EXPECT_EQ(Accepted("sip:h:1").port, 1);
  EXPECT_EQ(Accepted("sip:h:65535").port, 65535);
  EXPECT_EQ(Accepted("sip:h:05060").port, 5060);
  for (const std::string_view port :
       {"", "0", "65536", "99999999999999999999", "x", "-1", "5060x"}) {
    EXPECT_EQ(Refused("sip:h:" + std::string(port)).code, ErrorCode::kBadUri) << port;
  }
}

TEST(ParseUri, ChecksEscapes) {
  EXPECT_EQ(Accepted("sip:%61%00%fF@h").user, "%61%00%fF");
  for (const std::string_view text :
       {"sip:%@h", "sip:%4@h", "sip:%4g@h", "sip:a@h;x=%", "sip:h?a=%z1", "sip:a@%68ost"}) {
    EXPECT_EQ(Refused(text).code, ErrorCode::kBadUri) << text;
  }
}

TEST(ParseUri, RefusesWhatTheGrammarDoesNotKnow) {
  for (const std::string_view text : {"",
                                      "sip",
                                      "sip:",
                                      ":",
                                      "1sip:h",
                                      " sip:h",
                                      "sip:h ",
                                      "sip: h",
                                      "sip:@h",
                                      "sip::p@h",
                                      "sip:a@b@c",
                                      "sip:a b@h",
                                      "sip:\"a\"@h",
                                      "sip:a<b@h",
                                      "sip:a#@h",
                                      "sip:h;",
                                      "sip:h;;x",
                                      "sip:h;=x",
                                      "sip:h;x=",
                                      "sip:h?",
                                      "sip:h?a",
                                      "sip:h?=b",
                                      "sip:h?a=b&",
                                      "sip:h;x=a@",
                                      "<sip:h>",
                                      "sip:h;a=\"b\"",
                                      "sip:a:p;w@h",
                                      "\xC3\xA4:b"}) {
    EXPECT_EQ(Refused(text).code, ErrorCode::kBadUri) << text;
  }
  EXPECT_EQ(Refused(std::string_view("sip:a\0b@h", 9)).offset, 5u);
  EXPECT_EQ(Refused("sip:alice@example.com:0").offset, 23u);
}

TEST(ParseUri, ReadsTelNumbers) {
  const Uri uri = Accepted("tel:+1-201-555-0123;ext=7");
  EXPECT_EQ(uri.scheme, UriScheme::kTel);
  EXPECT_EQ(uri.user, "+1-201-555-0123");
  EXPECT_TRUE(uri.has_user);
  EXPECT_EQ(uri.params, "ext=7");
  Accepted("tel:7042;phone-context=example.com");
  Accepted("tel:*863#;phone-context=+1-914-555");
  for (const std::string_view text :
       {"tel:", "tel:+", "tel:+-", "tel:7042", "tel:+1a", "tel:xyz;phone-context=a.b",
        "tel:7042;phone-context=+", "tel:7042;phone-context", "tel:+1;", "tel:+1;a=;b"}) {
    EXPECT_EQ(Refused(text).code, ErrorCode::kBadUri) << text;
  }
}

TEST(ParseUri, ReadsOtherSchemesAsAWhole) {
  for (const std::string_view text :
       {"http://www.example.com", "isbn:2983792873", "name:John_Smith",
        "soap.beep://192.0.2.103:3002", "im:a@b"}) {
    const Uri uri = Accepted(text);
    EXPECT_EQ(uri.scheme, UriScheme::kOther);
    EXPECT_EQ(uri.text, text);
    EXPECT_EQ(uri.scheme_text, text.substr(0, text.find(':')));
  }
  for (const std::string_view text : {"http:", "http://a b", "x:<>", "x:\"", "x:{}", "x:\xFF"}) {
    EXPECT_EQ(Refused(text).code, ErrorCode::kBadUri) << text;
  }
}

TEST(ParseUri, KeepsItsLimits) {
  const std::string longest = "sip:" + std::string(kMaxUriBytes - 6, 'a') + "@h";
  ASSERT_EQ(longest.size(), kMaxUriBytes);
  Accepted(longest);
  EXPECT_EQ(Refused(longest + "h").code, ErrorCode::kUriTooLong);
  std::string params = "sip:h", headers = "sip:h?a=";
  for (std::size_t i = 0; i < kMaxUriParameters; ++i) params += ";p";
  for (std::size_t i = 1; i < kMaxUriParameters; ++i) headers += "&a=";
  Accepted(params);
  Accepted(headers);
  EXPECT_EQ(Refused(params + ";p").code, ErrorCode::kTooManyParameters);
  EXPECT_EQ(Refused(headers + "&a=").code, ErrorCode::kTooManyParameters);
}

TEST(ParameterReader, ReadsEachParameterOfAUri) {
  ParameterReader reader("transport=tcp;lr;x=[::1]/%20");
  Parameter parameter;
  ASSERT_TRUE(reader.Next(parameter));
  EXPECT_EQ(parameter.name, "transport");
  EXPECT_EQ(parameter.value, "tcp");
  ASSERT_TRUE(reader.Next(parameter));
  EXPECT_EQ(parameter.name, "lr");
  EXPECT_FALSE(parameter.has_value);
  EXPECT_EQ(parameter.value, "");
  ASSERT_TRUE(reader.Next(parameter));
  EXPECT_EQ(parameter.value, "[::1]/%20");
  EXPECT_FALSE(reader.Next(parameter));
  EXPECT_FALSE(reader.Next(parameter));
}

TEST(ParameterReader, ReadsQuotedValuesAndFoldsOfAHeader) {
  ParameterReader reader("a = \"x;\\\"y\\\\\"\r\n ; b\t=\r\n c;d");
  Parameter parameter;
  ASSERT_TRUE(reader.Next(parameter));
  EXPECT_EQ(parameter.name, "a");
  EXPECT_EQ(parameter.value, "\"x;\\\"y\\\\\"");
  ASSERT_TRUE(reader.Next(parameter));
  EXPECT_EQ(parameter.name, "b");
  EXPECT_EQ(parameter.value, "c");
  ASSERT_TRUE(reader.Next(parameter));
  EXPECT_EQ(parameter.name, "d");
  EXPECT_FALSE(reader.Next(parameter));
}

TEST(FindParameter, IgnoresTheNamesCase) {
  EXPECT_EQ(FindParameter("a;LR;b=1;B=2", "lr")->has_value, false);
  EXPECT_EQ(FindParameter("a;LR;b=1;B=2", "B")->value, "1");
  EXPECT_FALSE(FindParameter("a;LR;b=1", "c"));
  EXPECT_FALSE(FindParameter("", "a"));
}

std::string Unescaped(std::string_view text) {
  std::string out(text.size(), '?');
  out.resize(Unescape(text, out.data()));
  return out;
}

TEST(Unescape, DecodesOnce) {
  EXPECT_EQ(Unescaped("%61lice"), "alice");
  EXPECT_EQ(Unescaped("v%61lue%25%34%31"), "value%41");
  EXPECT_EQ(Unescaped("a%00b"), std::string("a\0b", 3));
  EXPECT_EQ(Unescaped("%fF%Ff"), "\xFF\xFF");
}

TEST(Unescape, CopiesWhatIsNoEscape) {
  EXPECT_EQ(Unescaped("%"), "%");
  EXPECT_EQ(Unescaped("%4"), "%4");
  EXPECT_EQ(Unescaped("%4x%zz%%41"), "%4x%zz%A");
  EXPECT_EQ(Unescaped(""), "");
}

}  // namespace
}  // namespace muster::parser
