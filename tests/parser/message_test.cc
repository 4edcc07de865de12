#include "muster/parser/message.h"

#include <gtest/gtest.h>

#include "sample.h"

namespace muster::parser {
namespace {

using test::ErrorOf;
using test::Parse;
using test::Parsed;
using test::RegisterWith;
using test::Replaced;

TEST(ParseMessage, DecodesARegister) {
  const Parsed parsed =
      Parse(RegisterWith("Contact: <sip:bob@192.0.2.4>;expires=60, \"B\" <sips:b@h>;q=0.5\r\n"
                         "Expires: 7200\r\nPath: <sip:p1;lr>, <sip:p2;lr>\r\nUser-Agent: x/1\r\n"));
  ASSERT_EQ(parsed.result.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(parsed.result.size, parsed.bytes.size());
  EXPECT_TRUE(parsed->is_request);
  EXPECT_EQ(parsed->method, Method::kRegister);
  EXPECT_EQ(parsed->method_text, "REGISTER");
  EXPECT_EQ(parsed->request_uri.host, "registrar.biloxi.com");
  EXPECT_EQ(parsed->top_via.branch, "z9hG4bK776asdhds");
  EXPECT_EQ(parsed->from.uri.text, "sip:bob@biloxi.com");
  EXPECT_EQ(parsed->from_tag, "456248");
  EXPECT_EQ(parsed->to.display_name, "Bob");
  EXPECT_EQ(parsed->to_tag, "");
  EXPECT_EQ(parsed->call_id, "843817637684230@998sdasdh09");
  EXPECT_EQ(parsed->cseq.number, 1826u);
  EXPECT_EQ(parsed->cseq.method, Method::kRegister);
  EXPECT_TRUE(parsed->has_expires);
  EXPECT_EQ(parsed->expires_seconds, 7200u);
  ASSERT_EQ(parsed->contacts().size(), 2u);
  EXPECT_EQ(parsed->contacts()[0].expires_seconds, 60u);
  EXPECT_EQ(parsed->contacts()[1].q_thousandths, 500);
  EXPECT_EQ(parsed->contacts()[1].address.text, "\"B\" <sips:b@h>;q=0.5");
  EXPECT_EQ(parsed->headers().size(), 10u);
  EXPECT_EQ(parsed->Find("user-AGENT")->value, "x/1");
  EXPECT_EQ(parsed->Find(HeaderId::kServer), nullptr);
  EXPECT_EQ(parsed->Find("X"), nullptr);
  EXPECT_EQ(parsed->body, "");
}

TEST(ParseMessage, DecodesAResponse) {
  const Parsed parsed = Parse(Replaced(RegisterWith("Contact: <sip:bob@192.0.2.4>\r\n"),
                                       "REGISTER sip:registrar.biloxi.com SIP/2.0",
                                       "sip/2.0 423 Interval  Too Brief"));
  ASSERT_EQ(parsed.result.outcome, ParseOutcome::kComplete);
  EXPECT_FALSE(parsed->is_request);
  EXPECT_EQ(parsed->status_code, 423);
  EXPECT_EQ(parsed->reason, "Interval  Too Brief");
  EXPECT_EQ(parsed->contacts().size(), 1u);
}

TEST(ParseMessage, ForgetsTheMessageBefore) {
  Message message;
  const std::string first = RegisterWith("Contact: *\r\nExpires: 0\r\nContact: <sip:a@h>\r\n");
  ASSERT_EQ(ParseMessage(first, Framing::kDatagram, message).outcome, ParseOutcome::kMalformed);
  const std::string second = RegisterWith("");
  ASSERT_EQ(ParseMessage(second, Framing::kDatagram, message).outcome, ParseOutcome::kComplete);
  EXPECT_FALSE(message.contact_star);
  EXPECT_FALSE(message.has_expires);
  EXPECT_TRUE(message.contacts().empty());
  EXPECT_EQ(message.headers().size(), 6u);
}

TEST(ParseMessage, TakesCompactNamesAnyCaseAndSpaceBeforeTheColon) {
  const Parsed parsed = Parse(
      "REGISTER sip:h SIP/2.0\r\nV  : SIP/2.0/UDP a\r\nf\t:<sip:b@h>;tag=1\r\nT:<sip:b@h>\r\n"
      "i:1\r\ncSEQ: 1 REGISTER\r\nm: <sip:b@1.2.3.4>\r\ns: hi\r\nL: 0\r\n\r\n");
  ASSERT_EQ(parsed.result.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(parsed->headers()[0].name, "V");
  EXPECT_EQ(parsed->headers()[0].id, HeaderId::kVia);
  EXPECT_EQ(parsed->contacts().size(), 1u);
  EXPECT_EQ(parsed->Find("Subject")->value, "hi");
  EXPECT_EQ(parsed->Find("Contact"), parsed->Find("M"));
}

TEST(ParseMessage, JoinsFoldedLines) {
  const Parsed parsed =
      Parse(RegisterWith("Subject:\r\n  a\r\n\tb  \r\n \r\nContact: <sip:a@h>\r\n ;expires=5\r\n"));
  ASSERT_EQ(parsed.result.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(parsed->Find("Subject")->value, "a\r\n\tb");
  EXPECT_EQ(parsed->contacts()[0].expires_seconds, 5u);
}

TEST(ParseMessage, SkipsLineEndsBeforeTheStartLine) {
  const Parsed parsed = Parse("\r\n\r\n" + RegisterWith(""));
  ASSERT_EQ(parsed.result.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(parsed.result.size, parsed.bytes.size());
  EXPECT_EQ(ErrorOf(""), ErrorCode::kTruncated);
  EXPECT_EQ(ErrorOf("\r\n\r\n"), ErrorCode::kTruncated);
}

TEST(ParseMessage, RefusesBadStartLines) {
  const std::string good = RegisterWith("");
  for (const std::string_view line :
       {"REGISTER  sip:h SIP/2.0", "REGISTER sip:h  SIP/2.0", "REGISTER sip:h SIP/2.0 ",
        " REGISTER sip:h SIP/2.0", "REGISTER sip:h", "REGISTER", "REGISTER sip:h SIP/2",
        "RE:G sip:h SIP/2.0", "REGISTER sip:h HTTP/1.1", "REGISTER sip:h SIP/2.0x", "SIP/2.0 200",
        "SIP/2.0 99 x", "SIP/2.0 700 x", "SIP/2.0 2000 x", "SIP/2.0  200 x", "SIP/2.0 -20 x",
        "SIP/ 200 OK", "\tx"}) {
    EXPECT_EQ(ErrorOf(Replaced(good, "REGISTER sip:registrar.biloxi.com SIP/2.0", line)),
              ErrorCode::kBadStartLine)
        << line;
  }
  for (const std::string_view line : {"REGISTER <sip:h> SIP/2.0", "REGISTER sip:h;\tlr SIP/2.0",
                                      "REGISTER sip:h?a=b SIP/2.0", "REGISTER h SIP/2.0"}) {
    EXPECT_EQ(ErrorOf(Replaced(good, "REGISTER sip:registrar.biloxi.com SIP/2.0", line)),
              ErrorCode::kBadUri)
        << line;
  }
}

TEST(ParseMessage, TellsOtherVersionsFromBadLines) {
  for (const std::string_view version : {"SIP/1.0", "SIP/7.0", "SIP/2.1", "sip/3.0", "SIP/2.00"}) {
    const Parsed parsed =
        Parse(Replaced(RegisterWith(""), "com SIP/2.0", "com " + std::string(version)));
    EXPECT_EQ(parsed.result.error.code, ErrorCode::kBadVersion) << version;
    EXPECT_TRUE(parsed->is_request);
    EXPECT_EQ(parsed->method, Method::kRegister);
    EXPECT_EQ(parsed->call_id, "843817637684230@998sdasdh09");
  }
  EXPECT_EQ(ErrorOf(Replaced(RegisterWith(""), "com SIP/2.0", "com sIp/2.0")), ErrorCode::kNone);
}

TEST(ParseMessage, RefusesLineEndsThatAreNone) {
  const std::string good = RegisterWith("Subject: a b\r\n");
  EXPECT_EQ(ErrorOf(Replaced(good, "a b", "a\rb")), ErrorCode::kBadLineEnd);
  EXPECT_EQ(ErrorOf(Replaced(good, "a b", "a\nb: c")), ErrorCode::kBadLineEnd);
  EXPECT_EQ(ErrorOf(Replaced(good, "a b", "a\n b")), ErrorCode::kBadLineEnd);
  EXPECT_EQ(ErrorOf(Replaced(good, "a b\r\n", "a b\r\r\n")), ErrorCode::kBadLineEnd);
  EXPECT_EQ(ErrorOf(Replaced(good, "SIP/2.0\r\n", "SIP/2.0\n")), ErrorCode::kBadLineEnd);
  EXPECT_EQ(ErrorOf(Replaced(good, "0\r\n\r\n", "0\n\n")), ErrorCode::kBadLineEnd);
  const Parsed parsed = Parse(Replaced(good, "a b", "a\rb"));
  EXPECT_EQ(parsed->Find("Subject"), nullptr) << "fit for no answer";
  EXPECT_EQ(parsed->headers().size(), 6u);
  EXPECT_EQ(parsed.result.error.offset, parsed.bytes.find("\rb"));
}

TEST(ParseMessage, TakesANulOnlyInAQuotedPair) {
  using std::string_literals::operator""s;
  const std::string good = RegisterWith("Subject: a b\r\n");
  EXPECT_EQ(ErrorOf(Replaced(good, "a b", "\"\\\0\""s)), ErrorCode::kNone);
  EXPECT_EQ(ErrorOf(Replaced(good, "a b", "\"\0\""s)), ErrorCode::kNulByte);
  EXPECT_EQ(ErrorOf(Replaced(good, "a b", "\\\0"s)), ErrorCode::kNulByte);
  EXPECT_EQ(ErrorOf(Replaced(good, "a b", "\"\\\\\0\""s)), ErrorCode::kNulByte);
  EXPECT_EQ(ErrorOf(Replaced(good, "a b", "a\0b"s)), ErrorCode::kNulByte);
  EXPECT_EQ(ErrorOf(Replaced(good, "Subject", "Sub\0ject"s)), ErrorCode::kBadHeader);
  EXPECT_EQ(ErrorOf(Replaced(good, "REGISTER sip:registrar.biloxi.com SIP/2.0", "SIP/2.0 200 \0"s)),
            ErrorCode::kNulByte);
  EXPECT_EQ(Parse(Replaced(good, "a b", "a\0b"s))->Find("Subject"), nullptr);
  const std::string body = Replaced(good, "Content-Length: 0", "Content-Length: 3") + "a\0b"s;
  EXPECT_EQ(Parse(body)->body, "a\0b"s);
}

TEST(ParseMessage, RefusesLinesThatAreNoHeader) {
  for (const std::string_view line :
       {"no colon", ": no name", "bad name: x", "b@d: x", "\xC3\xA4: x"}) {
    const Parsed parsed = Parse(RegisterWith(std::string(line) + "\r\nSubject: x\r\n"));
    EXPECT_EQ(parsed.result.error.code, ErrorCode::kBadHeader) << line;
    EXPECT_EQ(parsed->Find("Subject")->value, "x");
  }
  EXPECT_EQ(ErrorOf(Replaced(RegisterWith(""), "Via:", " Via:")), ErrorCode::kBadHeader);
}

TEST(ParseMessage, NeedsEachRequiredHeader) {
  for (const std::string_view name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
    const std::string bytes = Replaced(RegisterWith(""), "\n" + std::string(name) + ":",
                                       "\nX-" + std::string(name) + ":");
    EXPECT_EQ(ErrorOf(bytes), ErrorCode::kMissingHeader) << name;
  }
}

TEST(ParseMessage, RefusesDoubledSingleHeaders) {
  for (const std::string_view line :
       {"From: <sip:a@h>;tag=1", "To: <sip:a@h>", "Call-ID: x", "CSeq: 1826 REGISTER",
        "Expires: 1\r\nExpires: 1", "Max-Forwards: 1\r\nmax-forwards: 2", "Content-Length: 0"}) {
    EXPECT_EQ(ErrorOf(RegisterWith(std::string(line) + "\r\n")), ErrorCode::kDuplicateHeader)
        << line;
  }
  EXPECT_EQ(ErrorOf(RegisterWith("l: 5\r\n")), ErrorCode::kBadContentLength);
}

TEST(ParseMessage, KeepsTheFirstOfADoubledHeaderForTheAnswer) {
  const Parsed parsed = Parse(RegisterWith("Call-ID: other\r\nTo: <sip:x@h>;tag=9\r\n"));
  EXPECT_EQ(parsed->call_id, "843817637684230@998sdasdh09");
  EXPECT_EQ(parsed->to_tag, "");
}

TEST(ParseMessage, DecodesWhatIsFineInAMalformedMessage) {
  const Parsed parsed = Parse(Replaced(RegisterWith("Contact: <sip:a@h>\r\n"), "Bob <", "Bob, <"));
  EXPECT_EQ(parsed.result.error.code, ErrorCode::kBadNameAddr);
  EXPECT_EQ(parsed->top_via.host, "192.0.2.1");
  EXPECT_EQ(parsed->from_tag, "456248");
  EXPECT_EQ(parsed->to.text, "");
  EXPECT_EQ(parsed->cseq.number, 1826u);
  EXPECT_EQ(parsed->contacts().size(), 1u);
  EXPECT_EQ(parsed->Find(HeaderId::kTo)->value, "Bob, <sip:bob@biloxi.com>");
}

TEST(ParseMessage, ReportsTheFirstFault) {
  const Parsed parsed = Parse(RegisterWith("Contact: <sip:a@>\r\nPath: x\r\nnonsense\r\n"));
  EXPECT_EQ(parsed.result.error.code, ErrorCode::kBadHeader) << "structure comes before values";
  const Parsed values = Parse(RegisterWith("Contact: <sip:a@>\r\nPath: x\r\n"));
  EXPECT_EQ(values.result.error.code, ErrorCode::kBadUri);
  EXPECT_EQ(values.result.error.offset, values.bytes.find("@>") + 1);
}

TEST(ParseMessage, ParsesEveryVia) {
  EXPECT_EQ(ErrorOf(RegisterWith("Via: SIP/2.0/UDP h, SIP/2.0/UDP [::1]\r\nv: SIP/2.0/TCP i\r\n")),
            ErrorCode::kNone);
  EXPECT_EQ(ErrorOf(RegisterWith("Via: SIP/2.0/UDP h, SIP/2.0/UDP\r\n")), ErrorCode::kBadVia);
  EXPECT_EQ(ErrorOf(RegisterWith("Via: SIP/2.0/UDP h,\r\n")), ErrorCode::kBadVia);
  EXPECT_EQ(ErrorOf(RegisterWith("Via:\r\n")), ErrorCode::kBadVia);
  const Parsed parsed = Parse(Replaced(RegisterWith(""), "Via: ", "Via: SIP/2.0/TCP top ,"));
  EXPECT_EQ(parsed->top_via.text, "SIP/2.0/TCP top");
  const Parsed broken =
      Parse("REGISTER sip:h SIP/2.0\r\nVia: x\r\nVia: SIP/2.0/UDP second\r\n\r\n");
  EXPECT_EQ(broken->top_via.text, "") << "the second Via is never taken for the first";
}

TEST(ParseMessage, KnowsContactStar) {
  const Parsed parsed = Parse(RegisterWith("Contact: *\r\n"));
  ASSERT_EQ(parsed.result.outcome, ParseOutcome::kComplete);
  EXPECT_TRUE(parsed->contact_star);
  EXPECT_TRUE(parsed->contacts().empty());
  for (const std::string_view lines :
       {"Contact: *\r\nContact: <sip:a@h>\r\n", "Contact: <sip:a@h>\r\nm: *\r\n",
        "Contact: *\r\nContact: *\r\n", "Contact: *, <sip:a@h>\r\n", "Contact: <sip:a@h>, *\r\n",
        "Contact: *;q=1\r\n"}) {
    EXPECT_EQ(ErrorOf(RegisterWith(lines)), ErrorCode::kBadContactStar) << lines;
  }
  EXPECT_EQ(ErrorOf(RegisterWith("Contact: * <sip:a@h>\r\n")), ErrorCode::kNone)
      << "'*' is a token, and so a display name";
}

TEST(ParseMessage, ChecksContactsAndPaths) {
  EXPECT_EQ(ErrorOf(RegisterWith("Contact:\r\n")), ErrorCode::kBadNameAddr);
  EXPECT_EQ(ErrorOf(RegisterWith("Contact: <sip:a@h>,\r\n")), ErrorCode::kBadNameAddr);
  EXPECT_EQ(ErrorOf(RegisterWith("Contact: sip:a@h?Route=x\r\n")), ErrorCode::kBadNameAddr);
  EXPECT_EQ(ErrorOf(RegisterWith("Path: sip:a@h\r\n")), ErrorCode::kBadNameAddr);
  EXPECT_EQ(ErrorOf(RegisterWith("Path: <sip:a@h>;;\r\n")), ErrorCode::kBadParameter);
  EXPECT_EQ(ErrorOf(RegisterWith("Record-Route: <nonsense\r\nAuthorization: ,\r\n")),
            ErrorCode::kNone)
      << "others stay raw";
}

TEST(ParseMessage, ChecksCSeqAndCallId) {
  const std::string good = RegisterWith("");
  for (const std::string_view cseq :
       {"4294967296 REGISTER", "-1 REGISTER", "REGISTER", "1", "1REGISTER", "1 REGISTER x", "",
        "1 RE:GISTER", "1.0 REGISTER"}) {
    EXPECT_EQ(ErrorOf(Replaced(good, "1826 REGISTER", cseq)), ErrorCode::kBadCSeq) << cseq;
  }
  EXPECT_EQ(ErrorOf(Replaced(good, "1826 REGISTER", "4294967295\r\n\tREGISTER")), ErrorCode::kNone);
  EXPECT_EQ(ErrorOf(Replaced(good, "1826 REGISTER", "1 register")), ErrorCode::kMethodMismatch);
  for (const std::string_view call_id : {"", "a b", "a\x7F", "\xC3\xA4"}) {
    EXPECT_EQ(ErrorOf(Replaced(good, "843817637684230@998sdasdh09", call_id)), ErrorCode::kBadToken)
        << call_id;
  }
}

TEST(ParseMessage, ChecksTags) {
  const std::string good = RegisterWith("");
  EXPECT_EQ(ErrorOf(Replaced(good, ";tag=456248", "")), ErrorCode::kNone);
  EXPECT_EQ(ErrorOf(Replaced(good, "tag=456248", "tag")), ErrorCode::kBadParameter);
  EXPECT_EQ(ErrorOf(Replaced(good, "tag=456248", "tag=\"x\"")), ErrorCode::kBadParameter);
  EXPECT_EQ(ErrorOf(Replaced(good, "tag=456248", "tag=1,")), ErrorCode::kBadNameAddr);
}

TEST(ParseMessage, IsNotAfraidOfValuesItDoesNotNeed) {
  const Parsed parsed =
      Parse(RegisterWith("Max-Forwards: 300\r\nDate: yesterday\r\nExpires: 1e9\r\n"
                         "X: ;;,,\"\r\nRetry-After: 949302838503028349304023988\r\nAccept:\r\n"));
  ASSERT_EQ(parsed.result.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(parsed->expires_seconds, 3600u);
}

TEST(ParseMessage, CutsTheBodyAtContentLengthOfADatagram) {
  const std::string good = Replaced(RegisterWith(""), "Content-Length: 0", "Content-Length: 4");
  EXPECT_EQ(ErrorOf(good + "abc"), ErrorCode::kTruncated);
  EXPECT_EQ(Parse(good + "abcd")->body, "abcd");
  const Parsed more = Parse(good + "abcdef");
  EXPECT_EQ(more->body, "abcd");
  EXPECT_EQ(more.result.size, more.bytes.size() - 2);
  EXPECT_EQ(Parse(Replaced(good, "Content-Length: 4\r\n", "") + "to the end")->body, "to the end");
}

TEST(ParseMessage, RefusesADatagramThatEndsInItsHeaders) {
  const std::string good = RegisterWith("");
  EXPECT_EQ(ErrorOf(good.substr(0, good.size() - 2)), ErrorCode::kTruncated);
  EXPECT_EQ(ErrorOf(good.substr(0, good.size() - 1)), ErrorCode::kTruncated);
  EXPECT_EQ(ErrorOf(good.substr(0, good.size() - 9)), ErrorCode::kTruncated);
  EXPECT_EQ(ErrorOf("REGISTER"), ErrorCode::kTruncated);
  const Parsed parsed = Parse(good.substr(0, good.find("Call-ID") + 9));
  EXPECT_EQ(parsed.result.error.code, ErrorCode::kTruncated);
  EXPECT_EQ(parsed->Find(HeaderId::kCallId), nullptr) << "a cut line is no header";
  EXPECT_EQ(parsed->to.display_name, "Bob");
}

TEST(ParseMessage, ChecksContentLength) {
  const std::string good = RegisterWith("");
  for (const std::string_view length : {"-999", "", "x", "1 2", "0x10", "+1", "1,1"}) {
    EXPECT_EQ(
        ErrorOf(Replaced(good, "Content-Length: 0", "Content-Length: " + std::string(length))),
        ErrorCode::kBadContentLength)
        << length;
  }
  EXPECT_EQ(ErrorOf(Replaced(good, "Content-Length: 0", "Content-Length : \r\n 000")),
            ErrorCode::kNone);
}

TEST(ParseMessage, WaitsForTheRestOfAStream) {
  const std::string good =
      Replaced(RegisterWith(""), "Content-Length: 0", "Content-Length: 4") + "abcd";
  const std::size_t header_bytes = good.size() - 4;
  for (std::size_t size = 0; size < good.size(); ++size) {
    const Parsed parsed = Parse(good.substr(0, size), Framing::kStream);
    ASSERT_EQ(parsed.result.outcome, ParseOutcome::kNeedMore) << size;
    EXPECT_EQ(parsed.result.size, size < header_bytes ? 0 : good.size());
  }
  const Parsed parsed = Parse(good + "NEXT", Framing::kStream);
  EXPECT_EQ(parsed.result.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(parsed.result.size, good.size());
  EXPECT_EQ(parsed->body, "abcd");
}

TEST(ParseMessage, NeedsContentLengthOnAStream) {
  const std::string bytes = Replaced(RegisterWith(""), "Content-Length: 0\r\n", "");
  EXPECT_EQ(ErrorOf(bytes, Framing::kStream), ErrorCode::kMissingHeader);
  EXPECT_EQ(ErrorOf(bytes), ErrorCode::kNone);
}

}  // namespace
}  // namespace muster::parser
