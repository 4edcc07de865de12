// The torture messages of RFC 4475, one test each: the outcome, and the values that the RFC wants
// read from it.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "muster/parser/header_values.h"
#include "muster/parser/stream_framer.h"
#include "sample.h"

namespace muster::parser {
namespace {

using std::string_literals::operator""s;
using test::Parsed;

Parsed Torture(const std::string& name, Framing framing = Framing::kDatagram) {
  std::ifstream in(MUSTER_TEST_DATA "/rfc4475/" + name + ".dat", std::ios::binary);
  EXPECT_TRUE(in) << name;
  return test::Parse({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()},
                     framing);
}

// Well-formed, to its last byte.
Parsed Good(const std::string& name) {
  Parsed parsed = Torture(name);
  EXPECT_EQ(parsed.result.outcome, ParseOutcome::kComplete) << Describe(parsed.result.error.code);
  EXPECT_EQ(parsed.result.size, parsed.bytes.size());
  return parsed;
}

// Malformed, the error standing at `at`, which is text of the message.
Parsed Bad(const std::string& name, ErrorCode code, std::string_view at = {}) {
  Parsed parsed = Torture(name);
  EXPECT_EQ(parsed.result.outcome, ParseOutcome::kMalformed);
  EXPECT_EQ(parsed.result.error.code, code) << Describe(parsed.result.error.code);
  EXPECT_EQ(std::string_view(parsed.bytes).substr(parsed.result.error.offset, at.size()), at);
  return parsed;
}

std::string Unescaped(std::string_view text) {
  std::string out(text.size(), '\0');
  out.resize(Unescape(text, out.data()));
  return out;
}

std::size_t Count(const Message& message, HeaderId id) {
  std::size_t count = 0;
  for (const HeaderField& field : message.headers()) count += field.id == id;
  return count;
}

// 3.1.1 Valid messages.

TEST(Rfc4475, Wsinv) {
  const Parsed parsed = Good("wsinv");
  EXPECT_EQ(parsed->method, Method::kInvite);
  EXPECT_EQ(parsed->request_uri.params, "unknownparam");
  EXPECT_EQ(parsed->to.uri.text, "sip:vivekg@chair-dnrc.example.com");
  EXPECT_EQ(parsed->to_tag, "1918181833n");
  EXPECT_EQ(parsed->from.display_name, "\"J Rosenberg \\\\\\\"\"");
  EXPECT_EQ(parsed->from_tag, "98asjd8");
  EXPECT_EQ(parsed->call_id, "wsinv.ndaksdj@192.0.2.1");
  EXPECT_EQ(parsed->cseq.number, 9u);
  EXPECT_EQ(parsed->cseq.method, Method::kInvite);
  EXPECT_EQ(parsed->top_via.transport, "UDP");
  EXPECT_EQ(parsed->top_via.host, "192.0.2.2");
  EXPECT_EQ(parsed->top_via.branch, "390skdjuw");
  EXPECT_EQ(Count(*parsed.message, HeaderId::kVia), 2u);
  EXPECT_EQ(parsed->Find("Max-Forwards")->value, "0068");
  EXPECT_EQ(parsed->Find("Subject")->value, "");
  EXPECT_EQ(parsed->Find("NewFangledHeader")->value,
            "newfangled value\r\n continued newfangled value");
  ASSERT_EQ(parsed->contacts().size(), 1u);
  EXPECT_EQ(parsed->contacts()[0].q_thousandths, 330);
  EXPECT_EQ(parsed->contacts()[0].address.display_name, "\"Quoted string \\\"\\\"\"");
  EXPECT_EQ(FindParameter(parsed->contacts()[0].address.params, "newparam")->value, "newvalue");
  EXPECT_EQ(parsed->body.size(), 150u);
}

TEST(Rfc4475, Intmeth) {
  const Parsed parsed = Good("intmeth");
  EXPECT_EQ(parsed->method, Method::kOther);
  EXPECT_EQ(parsed->method_text, "!interesting-Method0123456789_*+`.%indeed'~");
  EXPECT_EQ(parsed->cseq.method_text, parsed->method_text);
  EXPECT_EQ(parsed->request_uri.user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
  EXPECT_EQ(parsed->request_uri.password, "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
  EXPECT_EQ(parsed->request_uri.host, "example.com");
  EXPECT_EQ(parsed->to.display_name, "\"BEL:\\\a NUL:\\\0 DEL:\\\x7F\""s);
  EXPECT_EQ(parsed->to.uri.user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
  EXPECT_EQ(parsed->from.display_name, "token1~` token2'+_ token3*%!.-");
  EXPECT_EQ(parsed->from_tag, "_token~1'+`*%!-.");
  EXPECT_EQ(parsed->call_id, "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{");
  EXPECT_EQ(parsed->Find("extensionHeader-!.%*+_`'~")->value.size(), 12u);
}

TEST(Rfc4475, Esc01) {
  const Parsed parsed = Good("esc01");
  EXPECT_EQ(Unescaped(parsed->request_uri.user), "sips:user@example.com");
  EXPECT_EQ(parsed->request_uri.host, "example.net");
  EXPECT_EQ(Unescaped(parsed->to.uri.user), "user");
  EXPECT_EQ(Unescaped(parsed->from.uri.user), "I have spaces");
  ASSERT_EQ(parsed->contacts().size(), 1u);
  const Uri& contact = parsed->contacts()[0].address.uri;
  EXPECT_EQ(Unescaped(contact.user), "caller");
  EXPECT_EQ(Unescaped(contact.params), "lr;name=value%41") << "decoded once, not twice";
}

TEST(Rfc4475, Escnull) {
  const Parsed parsed = Good("escnull");
  EXPECT_EQ(Unescaped(parsed->to.uri.user), "null-\0-null"s);
  ASSERT_EQ(parsed->contacts().size(), 2u);
  EXPECT_EQ(Unescaped(parsed->contacts()[0].address.uri.user), "\0"s);
  EXPECT_EQ(Unescaped(parsed->contacts()[1].address.uri.user), "\0\0"s);
  EXPECT_FALSE(Equivalent(parsed->contacts()[0].address.uri, parsed->contacts()[1].address.uri));
}

TEST(Rfc4475, Esc02) {
  const Parsed parsed = Good("esc02");
  EXPECT_EQ(parsed->method, Method::kOther);
  EXPECT_EQ(parsed->method_text, "RE%47IST%45R");
  EXPECT_EQ(parsed->to.display_name, "\"%Z%45\"");
  EXPECT_EQ(parsed->top_via.branch, "z9hG4bK209%fzsnel234");
  ASSERT_EQ(parsed->contacts().size(), 2u);
  EXPECT_EQ(parsed->contacts()[1].address.uri.user, "alias3");
  EXPECT_EQ(parsed->Find("C%6Fntact")->id, HeaderId::kOther);
}

TEST(Rfc4475, Lwsdisp) {
  const Parsed parsed = Good("lwsdisp");
  EXPECT_EQ(parsed->from.display_name, "caller");
  EXPECT_EQ(parsed->from.uri.text, "sip:caller@example.com");
  EXPECT_EQ(parsed->from_tag, "323");
}

TEST(Rfc4475, Longreq) {
  const Parsed parsed = Good("longreq");
  EXPECT_EQ(parsed->to.uri.port, 6000);
  EXPECT_EQ(parsed->from_tag.size(), 155u);
  EXPECT_EQ(Count(*parsed.message, HeaderId::kVia), 34u);
  EXPECT_EQ(parsed->top_via.host, "sip33.example.com");
  EXPECT_EQ(parsed->top_via.branch, "");
  EXPECT_EQ(parsed->call_id.substr(0, 15), "longreq.onereal");
  EXPECT_EQ(parsed->contacts().size(), 1u);
}

TEST(Rfc4475, Dblreq) {
  const Parsed parsed = Torture("dblreq");
  ASSERT_EQ(parsed.result.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(parsed.result.size, 300u) << "the rest of the datagram is dropped";
  EXPECT_EQ(parsed->method, Method::kRegister);
  EXPECT_EQ(parsed->body, "");
  ASSERT_EQ(parsed->contacts().size(), 1u);
  EXPECT_EQ(parsed->contacts()[0].address.uri.text, "sip:j.user@host.example.com");

  const std::string_view rest = std::string_view(parsed.bytes).substr(300);
  StreamFramer framer;
  Message second;
  EXPECT_EQ(framer.Next(rest, second).kind, FrameKind::kBlank);
  const Frame frame = framer.Next(rest.substr(2), second);
  EXPECT_EQ(frame.kind, FrameKind::kMessage) << "on a stream it is a second request";
  EXPECT_EQ(second.method, Method::kInvite);
  EXPECT_EQ(second.body.size(), 150u);
}

TEST(Rfc4475, Semiuri) {
  const Parsed parsed = Good("semiuri");
  EXPECT_EQ(parsed->request_uri.user, "user;par=u%40example.net");
  EXPECT_EQ(parsed->request_uri.params, "");
}

TEST(Rfc4475, Transports) {
  const Parsed parsed = Good("transports");
  EXPECT_EQ(Count(*parsed.message, HeaderId::kVia), 5u);
  EXPECT_EQ(parsed->top_via.host, "t1.example.com");
  Via unknown;
  ParseError error;
  ASSERT_TRUE(ParseVia(parsed->headers()[9].value, unknown, error));
  EXPECT_EQ(unknown.transport, "UNKNOWN");
}

TEST(Rfc4475, Mpart01) {
  const Parsed parsed = Good("mpart01");
  EXPECT_EQ(parsed->method, Method::kMessage);
  EXPECT_EQ(parsed->body.size(), 553u);
  EXPECT_NE(parsed->body.find('\0'), std::string_view::npos);
  EXPECT_TRUE(parsed->top_via.has_rport);
  EXPECT_EQ(parsed->top_via.rport, 0);
}

TEST(Rfc4475, Unreason) {
  const Parsed parsed = Good("unreason");
  EXPECT_FALSE(parsed->is_request);
  EXPECT_EQ(parsed->status_code, 200);
  EXPECT_EQ(parsed->reason.substr(0, 14), "= 2**3 * 5**2 ");
}

TEST(Rfc4475, Noreason) {
  const Parsed parsed = Good("noreason");
  EXPECT_EQ(parsed->status_code, 100);
  EXPECT_EQ(parsed->reason, "");
}

// 3.1.2 Invalid messages.

TEST(Rfc4475, Badinv01) {
  const Parsed parsed = Bad("badinv01", ErrorCode::kBadParameter, ";,;,,");
  EXPECT_EQ(parsed->method, Method::kInvite);
  EXPECT_EQ(parsed->top_via.text, "");
  EXPECT_TRUE(parsed->contacts().empty());
}

TEST(Rfc4475, Clerr) {
  const Parsed parsed = Bad("clerr", ErrorCode::kTruncated);
  EXPECT_EQ(parsed->call_id, "clerr.0ha0isndaksdjweiafasdk3");
  const Parsed stream = Torture("clerr", Framing::kStream);
  EXPECT_EQ(stream.result.outcome, ParseOutcome::kNeedMore);
  EXPECT_EQ(stream.result.size, 344u + 9'999u);
}

TEST(Rfc4475, Ncl) { Bad("ncl", ErrorCode::kBadContentLength, "-999"); }

TEST(Rfc4475, Scalar02) {
  const Parsed parsed = Bad("scalar02", ErrorCode::kBadCSeq, "36893488147419103232");
  EXPECT_EQ(parsed->expires_seconds, 3600u);
  ASSERT_EQ(parsed->contacts().size(), 1u);
  EXPECT_EQ(parsed->contacts()[0].expires_seconds, 3600u);
}

TEST(Rfc4475, Scalarlg) {
  const Parsed parsed = Bad("scalarlg", ErrorCode::kBadCSeq, "9292394834772304023312");
  EXPECT_FALSE(parsed->is_request);
}

TEST(Rfc4475, Quotbal) {
  const Parsed parsed = Bad("quotbal", ErrorCode::kUnterminatedQuote, "\"Mr. J. User");
  EXPECT_EQ(parsed->top_via.port, 5050);
}

TEST(Rfc4475, Ltgtruri) { Bad("ltgtruri", ErrorCode::kBadUri, "<sip:user"); }

TEST(Rfc4475, Lwsruri) { Bad("lwsruri", ErrorCode::kBadUri, " lr SIP/2.0"); }

TEST(Rfc4475, Lwsstart) {
  const Parsed parsed = Bad("lwsstart", ErrorCode::kBadStartLine, " sip:user");
  EXPECT_TRUE(parsed->is_request);
  EXPECT_EQ(parsed->method, Method::kInvite);
  EXPECT_EQ(parsed->cseq.number, 1893884u);
}

TEST(Rfc4475, Trws) { Bad("trws", ErrorCode::kBadStartLine, "  \r\n"); }

TEST(Rfc4475, Escruri) {
  EXPECT_TRUE(Bad("escruri", ErrorCode::kBadUri)->request_uri.text.empty());
}

TEST(Rfc4475, Baddate) {
  EXPECT_EQ(Good("baddate")->Find(HeaderId::kDate)->value, "Fri, 01 Jan 2010 16:00:00 EST");
}

TEST(Rfc4475, Regbadct) {
  const Parsed parsed = Bad("regbadct", ErrorCode::kBadNameAddr, "?Route=");
  EXPECT_TRUE(parsed->contacts().empty());
}

TEST(Rfc4475, Badaspec) {
  const Parsed parsed = Bad("badaspec", ErrorCode::kBadUri, " sip:t.watson@");
  EXPECT_EQ(parsed->from.display_name, "\"Bell, Alexander\"");
}

TEST(Rfc4475, Baddn) { Bad("baddn", ErrorCode::kBadNameAddr, ", Alexander <"); }

TEST(Rfc4475, Badvers) {
  const Parsed parsed = Bad("badvers", ErrorCode::kBadVersion);
  EXPECT_TRUE(parsed->is_request);
  EXPECT_EQ(parsed->method, Method::kOptions);
  EXPECT_EQ(parsed->top_via.host, "c.example.com");
  EXPECT_EQ(parsed->from_tag, "qweoiqpe");
}

TEST(Rfc4475, Mismatch01) { Bad("mismatch01", ErrorCode::kMethodMismatch, "INVITE\r\n"); }

TEST(Rfc4475, Mismatch02) {
  const Parsed parsed = Bad("mismatch02", ErrorCode::kMethodMismatch, "INVITE\r\n");
  EXPECT_EQ(parsed->method, Method::kOther) << "so that 501 can be answered";
  EXPECT_EQ(parsed->method_text, "NEWMETHOD");
}

TEST(Rfc4475, Bigcode) {
  const Parsed parsed = Bad("bigcode", ErrorCode::kBadStartLine);
  EXPECT_FALSE(parsed->is_request);
  EXPECT_EQ(parsed->status_code, 0);
}

// 3.2 Transaction layer, 3.3 application layer, 3.4 backward compatibility.

TEST(Rfc4475, Badbranch) { EXPECT_EQ(Good("badbranch")->top_via.branch, "z9hG4bK"); }

TEST(Rfc4475, Insuf) {
  const Parsed parsed = Bad("insuf", ErrorCode::kMissingHeader);
  EXPECT_EQ(parsed->call_id, "");
  EXPECT_EQ(parsed->to.text, "");
  EXPECT_EQ(parsed->top_via.branch, "z9hG4bKkdj.insuf");
}

TEST(Rfc4475, Unkscm) {
  const Parsed parsed = Good("unkscm");
  EXPECT_EQ(parsed->request_uri.scheme, UriScheme::kOther);
  EXPECT_EQ(parsed->request_uri.scheme_text, "nobodyKnowsThisScheme");
}

TEST(Rfc4475, Novelsc) {
  const Parsed parsed = Good("novelsc");
  EXPECT_EQ(parsed->request_uri.scheme, UriScheme::kOther);
  EXPECT_EQ(parsed->request_uri.text, "soap.beep://192.0.2.103:3002");
}

TEST(Rfc4475, Unksm2) {
  const Parsed parsed = Good("unksm2");
  EXPECT_EQ(parsed->to.uri.text, "isbn:2983792873");
  EXPECT_EQ(parsed->to.uri.scheme, UriScheme::kOther);
  EXPECT_EQ(parsed->from.uri.text, "http://www.example.com");
  EXPECT_EQ(parsed->from_tag, "3234233");
  EXPECT_EQ(parsed->contacts()[0].address.uri.text, "name:John_Smith");
}

TEST(Rfc4475, Bext01) {
  const Parsed parsed = Good("bext01");
  ListReader reader(parsed->Find(HeaderId::kRequire)->value);
  std::string_view tag;
  ASSERT_TRUE(reader.Next(tag));
  EXPECT_EQ(tag, "nothingSupportsThis");
  ASSERT_TRUE(reader.Next(tag));
  EXPECT_EQ(tag, "nothingSupportsThisEither");
  EXPECT_FALSE(reader.Next(tag));
}

TEST(Rfc4475, Invut) { EXPECT_EQ(Good("invut")->body.size(), 40u); }

TEST(Rfc4475, Regaut01) {
  const Parsed parsed = Good("regaut01");
  Credentials credentials;
  ParseError error;
  ASSERT_TRUE(ParseCredentials(parsed->Find(HeaderId::kAuthorization)->value, credentials, error));
  EXPECT_EQ(credentials.scheme, "NoOneKnowsThisScheme");
}

TEST(Rfc4475, Multi01) {
  const Parsed parsed = Bad("multi01", ErrorCode::kDuplicateHeader, "CSeq: 59");
  EXPECT_EQ(parsed->call_id, "multi01.98asdh@192.0.2.1");
}

TEST(Rfc4475, Mcl01) {
  Bad("mcl01", ErrorCode::kBadContentLength, "5\r\n");
  EXPECT_EQ(Torture("mcl01", Framing::kStream).result.error.code, ErrorCode::kBadContentLength);
}

TEST(Rfc4475, Bcast) { EXPECT_EQ(Good("bcast")->top_via.host, "192.0.2.198"); }

TEST(Rfc4475, Zeromf) { EXPECT_EQ(Good("zeromf")->Find(HeaderId::kMaxForwards)->value, "0"); }

TEST(Rfc4475, Cparam01) {
  const Parsed parsed = Good("cparam01");
  const NameAddr& contact = parsed->contacts()[0].address;
  EXPECT_EQ(contact.uri.text, "sip:+19725552222@gw1.example.net");
  EXPECT_EQ(contact.params, "unknownparam");
}

TEST(Rfc4475, Cparam02) {
  const Parsed parsed = Good("cparam02");
  const NameAddr& contact = parsed->contacts()[0].address;
  EXPECT_EQ(contact.uri.text, "sip:+19725552222@gw1.example.net;unknownparam");
  EXPECT_EQ(contact.uri.params, "unknownparam");
  EXPECT_EQ(contact.params, "");
}

TEST(Rfc4475, Regescrt) {
  EXPECT_EQ(Good("regescrt")->contacts()[0].address.uri.headers, "Route=%3Csip:sip.example.com%3E");
}

TEST(Rfc4475, Sdp01) {
  EXPECT_EQ(Good("sdp01")->Find(HeaderId::kAccept)->value, "text/nobodyKnowsThis");
}

TEST(Rfc4475, Inv2543) {
  const Parsed parsed = Good("inv2543");
  EXPECT_EQ(parsed->top_via.branch, "");
  EXPECT_EQ(parsed->from_tag, "");
  EXPECT_EQ(parsed->from.uri.params, "user=phone");
  EXPECT_EQ(parsed->to.params, "user=phone");
  EXPECT_EQ(parsed->body.size(), 105u);
}

}  // namespace
}  // namespace muster::parser
