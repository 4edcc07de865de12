// Properties over random input (RapidCheck).

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "muster/parser/header_values.h"
#include "muster/parser/writer.h"
#include "sample.h"

namespace muster::parser {
namespace {

using test::RegisterWith;

rc::Gen<std::string> OneOf(std::vector<std::string> choices) {
  return rc::gen::elementOf(std::move(choices));
}

rc::Gen<std::string> Joined(rc::Gen<std::vector<std::string>> parts) {
  return rc::gen::map(std::move(parts), [](const std::vector<std::string>& all) {
    std::string text;
    for (const std::string& each : all) text += each;
    return text;
  });
}

rc::Gen<std::string> Pieces(std::vector<std::string> choices) {
  return Joined(rc::gen::container<std::vector<std::string>>(OneOf(std::move(choices))));
}

rc::Gen<std::string> FewPieces(std::vector<std::string> choices) {
  return Joined(
      rc::gen::resize(10, rc::gen::container<std::vector<std::string>>(OneOf(std::move(choices)))));
}

// URIs from few words, so that two of them are often nearly the same.
std::string SomeUri() {
  std::string uri = *OneOf({"sip:", "SIP:", "sips:"});
  uri += *OneOf({"", "alice@", "%61lice@", "Alice@", "a%3Bb@", "a;b@", "alice:pw@"});
  uri += *OneOf({"example.com", "EXAMPLE.com", "[::1]", "[0:0::1]", "192.0.2.1"});
  uri += *OneOf({"", ":5060", ":5061"});
  uri +=
      *FewPieces({";transport=tcp", ";Transport=TCP", ";lr", ";x=1", ";x=2", ";maddr=h", ";%78=1"});
  return uri + *OneOf({"", "?a=1", "?b=2&a=1", "?a=1&b=2", "?a=1&a=1", "?A=1"});
}

Uri Parsed(const std::string& text) {
  Uri uri;
  ParseError error;
  RC_ASSERT(ParseUri(text, uri, error));
  return uri;
}

RC_GTEST_PROP(UriProperty, EquivalentIsReflexive, ()) {
  const std::string text = SomeUri();
  const Uri uri = Parsed(text);
  RC_ASSERT(Equivalent(uri, uri));
}

RC_GTEST_PROP(UriProperty, EquivalentIsSymmetric, ()) {
  const std::string a = SomeUri(), b = SomeUri();
  RC_ASSERT(Equivalent(Parsed(a), Parsed(b)) == Equivalent(Parsed(b), Parsed(a)));
}

RC_GTEST_PROP(UriProperty, EscapingAUserChangesNothing, ()) {
  const std::string user = *rc::gen::nonEmpty(
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("abcXYZ019-_.!~*'()"))));
  std::string escaped;
  for (const char c : user) {
    constexpr char kHex[] = "0123456789abcdef";
    escaped += '%';
    escaped += kHex[static_cast<unsigned char>(c) >> 4];
    escaped += kHex[static_cast<unsigned char>(c) & 15];
  }
  std::string back(escaped.size(), '\0');
  back.resize(Unescape(escaped, back.data()));
  RC_ASSERT(back == user);
  const std::string a = "sip:" + user + "@h", b = "sip:" + escaped + "@h";
  RC_ASSERT(Equivalent(Parsed(a), Parsed(b)));
}

RC_GTEST_PROP(UriProperty, UnescapeNeverGrows, (const std::string& text)) {
  std::string out(text.size(), '\0');
  RC_ASSERT(Unescape(text, out.data()) <= text.size());
}

RC_GTEST_PROP(HeaderProperty, UnquoteUndoesQuoting, (const std::string& text)) {
  std::string quoted = "\"";
  for (const char c : text) {
    RC_PRE(c != '\r' && c != '\n');
    if (c == '"' || c == '\\' || c == '\0') quoted += '\\';
    quoted += c;
  }
  quoted += '"';
  std::string out(quoted.size(), '\0');
  out.resize(Unquote(quoted, out.data()));
  RC_ASSERT(out == text);
  const std::string address = quoted + "<sip:a@h>";
  NameAddr parsed;
  ParseError error;
  RC_ASSERT(ParseNameAddr(address, parsed, error));
  RC_ASSERT(parsed.display_name == quoted);
}

RC_GTEST_PROP(HeaderProperty, CommaListAndRepeatedFieldsAreTheSame, ()) {
  const auto contacts = *rc::gen::suchThat(
      rc::gen::container<std::vector<std::string>>(
          OneOf({"<sip:a@h>", "\"x,y\" <sip:b,c@h>;q=0.1", "sip:c@h;expires=5", "z <tel:+1>"})),
      [](const auto& all) { return !all.empty() && all.size() <= kMaxContacts; });
  std::string list, fields;
  for (const std::string& contact : contacts) {
    list += (list.empty() ? "" : *OneOf({",", " , ", ",\r\n "})) + contact;
    fields += "Contact: " + contact + "\r\n";
  }
  const test::Parsed one = test::Parse(RegisterWith("m: " + list + "\r\n"));
  const test::Parsed many = test::Parse(RegisterWith(fields));
  RC_ASSERT(one.result.outcome == ParseOutcome::kComplete);
  RC_ASSERT(one->contacts().size() == contacts.size());
  RC_ASSERT(many->contacts().size() == contacts.size());
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    RC_ASSERT(one->contacts()[i].address.text == contacts[i]);
    RC_ASSERT(many->contacts()[i].address.text == contacts[i]);
    RC_ASSERT(one->contacts()[i].expires_seconds == many->contacts()[i].expires_seconds);
  }
}

// Whatever a value is, a written header is one header of that value, or nothing is written.
RC_GTEST_PROP(WriterProperty, WritesOneHeaderOrNone, ()) {
  const std::string value =
      *Pieces({"a", " ", "\r\n", "\r", "\n", std::string(1, '\0'), "\"", "\\", ":", "X: y", "\t"});
  std::vector<char> buffer(4'096);
  Writer writer(buffer);
  writer.RequestLine("REGISTER", "sip:h");
  writer.Header("X", value);
  writer.Header("Y", "end");
  writer.Body({});
  if (!writer.ok()) {
    RC_ASSERT(writer.bytes().empty());
    return;
  }
  const test::Parsed parsed = test::Parse(std::string(writer.bytes()));
  RC_ASSERT(parsed->headers().size() == 3u);
  RC_ASSERT(parsed->headers()[0].name == "X");
  RC_ASSERT(parsed->headers()[1].name == "Y");
  RC_ASSERT(value.find(parsed->headers()[0].value) != std::string::npos);
}

// A broken message stays whole enough to be named in its answer.
RC_GTEST_PROP(MessageProperty, AnyExtraLineLeavesTheOthersReadable, ()) {
  const std::string junk =
      *Pieces({"a", ":", " ", "\r\n ", "\"", "<", ">", ";", ",", "\\", "Via: ", "m: ", "\x80"});
  const test::Parsed parsed = test::Parse(RegisterWith("X" + junk + "\r\n"));
  RC_ASSERT(parsed->call_id == "843817637684230@998sdasdh09");
  RC_ASSERT(parsed->top_via.branch == "z9hG4bK776asdhds");
  RC_ASSERT(parsed->cseq.number == 1826u);
}

}  // namespace
}  // namespace muster::parser
