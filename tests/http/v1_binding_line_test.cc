#include <gtest/gtest.h>

#include <string>

#include "http/v1/binding_item.h"
#include "http/v1/binding_line.h"

namespace muster::http::v1 {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'732'104'000);

/// A line of what is needed, and `more`, which begins with a comma.
std::string Line(const std::string& more = "") {
  return R"({"aor":"alice@example.com","contact":"<sip:alice@192.0.2.1>","call_id":"c1",)"
         R"("cseq":7,"expires_at":1732107600)" +
         more + "}";
}

std::string ProblemOf(std::string_view line) {
  BindingLine binding;
  return BindingLineReader().Read(line, kNow, binding);
}

BindingLine Read(std::string_view line) {
  BindingLine binding;
  EXPECT_EQ(BindingLineReader().Read(line, kNow, binding), "") << line;
  return binding;
}

std::string ItemOf(const BindingLine& line) {
  std::string text;
  JsonWriter json(text);
  WriteBindingItem(line.ToBinding(), line.server, kNow, json);
  return text;
}

TEST(BindingLineTest, NeedsFiveMembers) {
  const BindingLine line = Read(Line());
  const core::Binding binding = line.ToBinding();
  EXPECT_EQ(binding.aor, "alice@example.com");
  EXPECT_EQ(binding.user, "alice");
  EXPECT_EQ(binding.to_uri, "sip:alice@example.com");
  EXPECT_EQ(binding.contact, "<sip:alice@192.0.2.1>");
  EXPECT_EQ(binding.contact_uri, "sip:alice@192.0.2.1");
  EXPECT_EQ(binding.call_id, "c1");
  EXPECT_EQ(binding.cseq, 7u);
  EXPECT_EQ(binding.expires_at, absl::FromUnixSeconds(1'732'107'600));
  EXPECT_EQ(binding.updated_at, kNow);
  EXPECT_EQ(binding.registered_at, absl::UnixEpoch());
  EXPECT_EQ(binding.reg_id, 0u);
  EXPECT_TRUE(binding.source_address.empty());
  EXPECT_EQ(line.server, core::Server{});
}

TEST(BindingLineTest, NamesTheMemberThatIsMissing) {
  EXPECT_EQ(ProblemOf("{}"), "aor is missing");
  EXPECT_EQ(ProblemOf(R"({"aor":"a@b"})"), "contact is missing");
  EXPECT_EQ(ProblemOf(R"({"aor":"a@b","contact":"sip:a@c"})"), "call_id is missing");
  EXPECT_EQ(ProblemOf(R"({"aor":"a@b","contact":"sip:a@c","call_id":"x"})"), "cseq is missing");
  EXPECT_EQ(ProblemOf(R"({"aor":"a@b","contact":"sip:a@c","call_id":"x","cseq":1})"),
            "expires_at is missing");
}

TEST(BindingLineTest, SaysWhatIsNoItem) {
  for (const char* text : {"[]", "7", "\"x\"", "true"}) {
    EXPECT_EQ(ProblemOf(text), "not a JSON object") << text;
  }
  for (const std::string& text :
       {std::string("{"), std::string(R"({"aor")"), std::string(R"({"aor":)"),
        std::string(R"({"aor":"a@b)"), Line() + "}", Line() + Line(), Line() + " x", Line(",\"q\""),
        Line(",,"), Line(" \"q\":1"), Line(",7:1")}) {
    EXPECT_EQ(ProblemOf(text), "malformed JSON") << text;
  }
  EXPECT_EQ(ProblemOf(Line(",\"user_agent\":\"\xFF\"")), "not UTF-8");
}

TEST(BindingLineTest, SaysWhatIsWrongWithAMember) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("colour":"red")", "unknown member \"colour\""},
      {R"("":1)", "unknown member \"\""},
      {R"("aor":"bob@example.com")", "aor is there twice"},
      {R"("mac":1,"mac":2)", "mac is there twice"},
      {R"("to_uri":7)", "to_uri must be a text"},
      {R"("to_uri":"sip:bob@example.com")", "to_uri is not a URI of the aor"},
      {R"("to_uri":"nonsense")", "to_uri is not a URI of the aor"},
      {R"("q":"1.1")", "q must be 0 to 1 with at most three decimals"},
      {R"("q":2)", "q must be 0 to 1 with at most three decimals"},
      {R"("q":"0.1234")", "q must be 0 to 1 with at most three decimals"},
      {R"("q":"")", "q must be 0 to 1 with at most three decimals"},
      {R"("q":null)", "q must be a text"},
      {R"("instance":[])", "instance must be a text"},
      {R"("reg_id":0)", "reg_id must be a number from 1 to 2147483647"},
      {R"("reg_id":2147483648)", "reg_id must be a number from 1 to 2147483647"},
      {R"("instrument":{})", "instrument must be a text"},
      {R"("path":"sip:a@b")", "path must be a list of <URI>"},
      {R"("path":"<sip:a@b>,")", "path must be a list of <URI>"},
      {R"("path":"<sip:a@b")", "path must be a list of <URI>"},
      {R"("path":"<sip:a@b>\r\nX: y")", "path holds a line end"},
      {R"("user_agent":true)", "user_agent must be a text"},
      {R"("transport":"UDP")", "transport must be udp, tcp, tls, ws or wss"},
      {R"("transport":1)", "transport must be a text"},
      {R"("ip":"localhost")", "ip must be an IP address"},
      {R"("port":65536)", "port must be a number from 0 to 65535"},
      {R"("port":-1)", "port must be a number from 0 to 65535"},
      {R"("port":"5060")", "port must be a number from 0 to 65535"},
      {R"("server":7)", "server must be a text"},
      {R"("node_id":4294967296)", "node_id must be a number from 0 to 4294967295"},
      {R"("node_name":[])", "node_name must be a text"},
      {R"("updated_at":"yesterday")",
       "updated_at must be RFC 3339 or epoch seconds, from 1970 to 2199"},
      {R"("registered_at":"infinite-past")",
       "registered_at must be RFC 3339 or epoch seconds, from 1970 to 2199"},
  };
  for (const auto& [member, problem] : cases) {
    EXPECT_EQ(ProblemOf(Line("," + std::string(member))), problem);
  }
}

/// A line with another value for one of the needed members.
std::string With(const std::string& name, const std::string& value) {
  std::string line = Line();
  const std::size_t begin = line.find("\"" + name + "\":") + name.size() + 3;
  return line.replace(begin, std::min(line.find(",\"", begin), line.size() - 1) - begin, value);
}

TEST(BindingLineTest, SaysWhatIsWrongWithANeededMember) {
  const std::string time = "expires_at must be RFC 3339 or epoch seconds, from 1970 to 2199";
  const std::string aor = "aor must be user@domain, at most 512 bytes long";
  const std::tuple<const char*, std::string, std::string> cases[] = {
      {"aor", "7", "aor must be a text"},
      {"aor", R"("")", aor},
      {"aor", R"("tel:+4930")", aor},
      {"aor", "\"" + std::string(600, 'a') + "@b\"", aor},
      {"contact", "7", "contact must be a text"},
      {"contact", R"("")", "contact is no Contact: bad name or address"},
      {"contact", R"("*")", "contact is no Contact: bad name or address"},
      {"contact", R"("<sip:a@b>, <sip:c@d>")", "contact is no Contact: bad name or address"},
      {"contact", R"("<sip:a@b>\r\nX: y")", "contact holds a line end"},
      {"contact", R"("<sip:a@b>;expires=60")",
       "contact has q or expires among its parameters: these are members of their own"},
      {"contact", R"("<sip:a@b>;Q=0.5")",
       "contact has q or expires among its parameters: these are members of their own"},
      {"call_id", R"("")", "call_id must be visible ASCII characters"},
      {"call_id", R"("a b")", "call_id must be visible ASCII characters"},
      {"cseq", "-1", "cseq must be a number from 0 to 4294967295"},
      {"cseq", "1.5", "cseq must be a number from 0 to 4294967295"},
      {"cseq", "4294967296", "cseq must be a number from 0 to 4294967295"},
      {"expires_at", R"("")", time},
      {"expires_at", R"("2026-11-21 14:00:00Z")", time},
      {"expires_at", R"("2026-11-21T14:00:00")", time},
      {"expires_at", R"("2026-02-30T14:00:00Z")", time},
      {"expires_at", R"("2200-01-01T00:00:00Z")", time},
      {"expires_at", R"("1969-12-31T23:59:59Z")", time},
      {"expires_at", "-1", time},
      {"expires_at", "1e300", time},
      {"expires_at", "null", time},
  };
  for (const auto& [name, value, problem] : cases) {
    EXPECT_EQ(ProblemOf(With(name, value)), problem) << value;
  }
}

TEST(BindingLineTest, TakesAnyWayToWriteATime) {
  const auto expires_at = [](const std::string& value) {
    return Read(With("expires_at", value)).fixed.expires_at;
  };
  const absl::Time time = absl::FromUnixSeconds(1'795'269'600);
  EXPECT_EQ(expires_at("1795269600"), time);
  EXPECT_EQ(expires_at("1795269600.5"), time + absl::Milliseconds(500));
  EXPECT_EQ(expires_at(R"("2026-11-21T14:00:00Z")"), time);
  EXPECT_EQ(expires_at(R"("2026-11-21T15:30:00+01:30")"), time);
  EXPECT_EQ(expires_at(R"("2026-11-21T14:00:00.000000001Z")"), time + absl::Nanoseconds(1));
}

TEST(BindingLineTest, TakesABareUriAndAnyNameAddr) {
  const auto contact = [](const std::string& value) {
    return Read(With("contact", value)).contact;
  };
  EXPECT_EQ(contact(R"("sip:a@b;lr")"), "<sip:a@b>;lr");  // RFC 3261 20.10
  EXPECT_EQ(contact(R"("<sip:a@b;lr>;x=y;z")"), "<sip:a@b;lr>;x=y;z");
  EXPECT_EQ(contact(R"("\"A, \\\"B\\\" \u00e4\" <sip:a@b>")"),
            "\"A, \\\"B\\\" \xC3\xA4\" <sip:a@b>");
  EXPECT_EQ(contact(R"("A<sip:a@b>")"), "A <sip:a@b>");
}

TEST(BindingLineTest, TakesFromTheContactWhatTheLineDoesNotSay) {
  const std::string contact =
      R"("<sip:a@b>;reg-id=2;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-0004f2abcdef>\"")";
  const BindingLine line = Read(With("contact", contact));
  EXPECT_EQ(line.instance, "urn:uuid:00000000-0000-1000-8000-0004f2abcdef");
  EXPECT_EQ(line.instrument, "0004f2abcdef");
  EXPECT_EQ(line.fixed.reg_id, 2u);
  std::string text = With("contact", contact);
  text.insert(text.size() - 1, R"(,"instance":"")");
  EXPECT_EQ(Read(text).instance, line.instance);
  text.insert(1, R"("reg_id":3,)");
  EXPECT_EQ(Read(text).fixed.reg_id, 3u);
}

TEST(BindingLineTest, PassesOverWhatOtherMembersTell) {
  EXPECT_EQ(ProblemOf(Line(R"(,"user":"x","domain":"y","mac":"z","received":{"a":[1]},)"
                           R"("expires_in":-5)")),
            "");
}

TEST(BindingLineTest, LimitsTheTextsOfABinding) {
  constexpr std::size_t kRest = 17 + 21 + 21 + 2;  // aor, to_uri, contact, call_id
  const auto with_agent = [](std::size_t bytes) {
    return Line(",\"user_agent\":\"" + std::string(bytes, 'x') + "\"");
  };
  EXPECT_EQ(ProblemOf(with_agent(4'096 - kRest)), "");
  EXPECT_EQ(ProblemOf(with_agent(4'097 - kRest)), "the texts of the binding exceed 4096 bytes");
  const std::string host(256, 'x');
  EXPECT_EQ(ProblemOf(Line(",\"server\":\"" + host + "\"")),
            "server must be at most 255 bytes long");
  EXPECT_EQ(ProblemOf(Line(",\"node_name\":\"" + host + "\"")),
            "node_name must be at most 255 bytes long");
}

TEST(BindingLineTest, AnItemReadAndWrittenAgainIsTheSame) {
  const std::string_view items[] = {
      R"({"aor":"alice@example.com","user":"alice","domain":"example.com",)"
      R"("contact":"<sip:alice@192.0.2.1>","call_id":"c1","cseq":7,"transport":"udp",)"
      R"("registered_at":"2024-11-20T12:00:00Z","updated_at":"2024-11-20T12:00:00.25Z",)"
      R"("expires_at":"2024-11-20T13:00:00.123456789Z","expires_in":3601})",
      R"({"aor":"al%3Aice@[2001:db8::1]","user":"al%3Aice","domain":"[2001:db8::1]",)"
      R"("to_uri":"sips:al%3aice@[2001:DB8::1];user=phone",)"
      R"("contact":"\"A \\\"B\\\" Ä\" <sip:a@[2001:db8::2]:5070;transport=tcp>;reg-id=1;)"
      R"(+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-0004f2abcdef>\"","q":"0.50",)"
      R"("instance":"urn:uuid:00000000-0000-1000-8000-0004f2abcdef","reg_id":1,)"
      R"("instrument":"0004f2abcdef","mac":"0004f2abcdef","path":"<sip:p1;lr>, <sip:p2;lr>",)"
      R"("call_id":"c2@10.0.0.1","cseq":4294967295,"user_agent":"a \"b\"\r\n c","ip":"2001:db8::3",)"
      R"("port":5070,"received":"tcp:[2001:db8::3]:5070","transport":"tcp","server":"10.5.0.1",)"
      R"("node_id":3,"node_name":"three.example.com","registered_at":"2024-11-20T11:00:00.5Z",)"
      R"("updated_at":"2024-11-20T12:00:00Z","expires_at":"2024-11-20T12:00:10Z","expires_in":10})",
      R"({"aor":"example.com","domain":"example.com","contact":"<mailto:a@b>","call_id":"c3",)"
      R"("cseq":0,"ip":"10.0.0.1","received":"wss:10.0.0.1:0","transport":"wss",)"
      R"("registered_at":"1970-01-01T00:00:00Z","updated_at":"2024-11-20T12:00:00Z",)"
      R"("expires_at":"2024-11-20T12:00:01Z","expires_in":1})",
  };
  for (const std::string_view item : items) EXPECT_EQ(ItemOf(Read(item)), item);
}

}  // namespace
}  // namespace muster::http::v1
