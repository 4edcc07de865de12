#include "muster/core/user_agent_server.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace muster::core {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

class RecordedRefusals : public RefusalSink {
 public:
  struct Line {
    std::string aor;
    int code;
  };
  void OnRefused(const RefusedRegister& refused) override {
    lines.push_back({std::string(refused.aor), refused.code});
  }
  std::vector<Line> lines;
};

class UserAgentServerTest : public ::testing::Test {
 protected:
  /// A REGISTER of alice with these further header lines, each with its line end.
  static std::string Register(const std::string& more, int cseq = 1,
                              const std::string& via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa") {
    return "REGISTER sip:example.com SIP/2.0\r\nVia: " + via +
           "\r\nFrom: <sip:alice@example.com>;tag=f\r\nTo: <sip:alice@example.com>\r\n"
           "Call-ID: one@192.0.2.1\r\nCSeq: " +
           std::to_string(cseq) + " REGISTER\r\n" + more + "Content-Length: 0\r\n\r\n";
  }

  /// The answer, whole.
  std::string Answer(const std::string& request) {
    std::string answer;
    server_.Answer(request, source_, kNow, answer);
    return answer;
  }

  static std::string StatusLine(const std::string& answer) {
    return answer.substr(0, answer.find('\r'));
  }

  static std::string ViaOf(const std::string& answer) {
    const std::size_t begin = answer.find("Via: ");
    return answer.substr(begin, answer.find("\r\n", begin) - begin);
  }

  const Source source_{.transport = Transport::kUdp,
                       .address = *IpAddress::Parse("192.0.2.1"),
                       .port = 5070,
                       .local_address = *IpAddress::Parse("192.0.2.9"),
                       .local_port = 5060};
  RecordedRefusals refusals_;
  LocationService location_{Limits{}};
  Registrar registrar_{RegistrarOptions{}, location_};
  UserAgentServer server_{registrar_, &refusals_};
};

TEST_F(UserAgentServerTest, FillsATopViaWithWhiteSpaceAroundItsSemicolons) {
  for (const std::string space : {"", " ", "  ", "\r\n "}) {
    const std::string via =
        "SIP/2.0/UDP 192.0.2.1;" + space + "branch=z9hG4bKa ;" + space + "rport";
    const std::string answer = Answer(Register("", 1, via));
    EXPECT_EQ(StatusLine(answer), "SIP/2.0 200 OK");
    EXPECT_EQ(ViaOf(answer),
              "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa;rport=5070;received=192.0.2.1");
  }
}

TEST_F(UserAgentServerTest, NamesTheAorOfWhatItRefusesWithoutLookingIntoIt) {
  EXPECT_EQ(StatusLine(Answer(Register("Require: foo\r\n"))), "SIP/2.0 420 Bad Extension");
  EXPECT_EQ(StatusLine(Answer(Register("Contact: <sip:a@h\r\n"))), "SIP/2.0 400 Bad Request");
  ASSERT_EQ(refusals_.lines.size(), 2U);
  EXPECT_EQ(refusals_.lines[0].aor, "alice@example.com");
  EXPECT_EQ(refusals_.lines[0].code, 420);
  EXPECT_EQ(refusals_.lines[1].aor, "alice@example.com");
  EXPECT_EQ(refusals_.lines[1].code, 400);
}

TEST_F(UserAgentServerTest, RefusesMoreContactsThanCouldBeRemovedAndAdded) {
  std::string contacts;
  for (int i = 0; i < 22; ++i) contacts += "Contact: <sip:a" + std::to_string(i) + "@h>\r\n";
  EXPECT_EQ(StatusLine(Answer(Register(contacts))), "SIP/2.0 403 Forbidden");
  EXPECT_EQ(location_.Count(BindingFilter::All(), kNow), 0U);
}

/// Contacts of 1,900 bytes each, from `first` to `last`, with `more` behind each.
std::string LongContacts(int first, int last, const std::string& more) {
  std::string contacts;
  for (int i = first; i <= last; ++i) {
    contacts +=
        "Contact: <sip:" + std::string(1'900, 'a') + std::to_string(i) + "@h>" + more + "\r\n";
  }
  return contacts;
}

TEST_F(UserAgentServerTest, RefreshesWhatOneAnswerHolds) {
  const std::string wide = ";x=" + std::string(1'400, 'x');
  EXPECT_EQ(StatusLine(Answer(Register(LongContacts(0, 4, wide)))), "SIP/2.0 200 OK");
  EXPECT_EQ(StatusLine(Answer(Register(LongContacts(5, 9, wide), 2))), "SIP/2.0 200 OK");
  EXPECT_EQ(StatusLine(Answer(Register(LongContacts(0, 9, wide), 3))), "SIP/2.0 200 OK");
  EXPECT_EQ(location_.Count(BindingFilter::All(), kNow), 10U);
}

TEST_F(UserAgentServerTest, RefusesWhatOneAnswerWouldNotHold) {
  LocationService location{Limits{}};
  RegistrarOptions options;
  options.max_contacts = 100;
  Registrar registrar(options, location);
  UserAgentServer server(registrar);
  std::string answer;
  int accepted = 0;
  for (int i = 0; i < 40; ++i) {
    server.Answer(Register(LongContacts(i, i, ""), i + 1), source_, kNow, answer);
    if (StatusLine(answer) != "SIP/2.0 200 OK") break;
    ++accepted;
  }
  EXPECT_EQ(StatusLine(answer), "SIP/2.0 403 Forbidden");
  EXPECT_GT(accepted, 25);
  EXPECT_EQ(location.Count(BindingFilter::All(), kNow), static_cast<std::size_t>(accepted));
  server.Answer(Register("", 99), source_, kNow, answer);
  EXPECT_EQ(StatusLine(answer), "SIP/2.0 200 OK");
}

TEST_F(UserAgentServerTest, ChangesNothingWhenItsAnswerCouldNotEvenBegin) {
  const std::string via(65'000, 'v');
  const std::string request =
      Register("Contact: <sip:a@h>\r\n", 1, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK" + via);
  EXPECT_EQ(Answer(request.substr(0, 65'535)).find("200 OK"), std::string::npos);
  EXPECT_EQ(location_.Count(BindingFilter::All(), kNow), 0U);
}

}  // namespace
}  // namespace muster::core
