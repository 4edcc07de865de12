// The 500 that is made of a 200.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "commit_fixture.h"
#include "muster/core/user_agent_server.h"
#include "muster/parser/message.h"

namespace muster::testing {
namespace {

std::string Parsed(const std::string& bytes, parser::Message& message) {
  const auto parsed = parser::ParseMessage(bytes, parser::Framing::kDatagram, message);
  if (parsed.outcome == parser::ParseOutcome::kComplete) return "complete";
  return std::string(parser::Describe(parsed.error.code));
}

class WithdrawAnswerTest : public ::testing::Test {
 protected:
  /// True when `request` is a REGISTER that gets a 200, whose withdrawal is looked at then.
  bool Check(const std::string& request) {
    std::string answer;
    const core::Answered answered = server_.Answer(request, source_, clock_.Now(), answer);
    if (answered.code != 200 || !answered.is_register) return false;
    const Reply accepted = Reply::From(answer);
    EXPECT_EQ(accepted.code, 200);
    EXPECT_LT(answered.head_size, answered.size);
    // In place: what is behind the answer is not touched.
    std::string room = answer + std::string(100, '#');
    const std::size_t size = core::WithdrawAnswer(room.data(), answered.head_size);
    EXPECT_LT(size, answer.size());
    EXPECT_EQ(room.substr(answer.size()), std::string(100, '#'));

    parser::Message message;
    EXPECT_EQ(Parsed(room.substr(0, size), message), "complete");
    EXPECT_EQ(message.status_code, 500);
    const Reply withdrawn = Reply::From(room.substr(0, size));
    EXPECT_EQ(withdrawn.code, 500);
    EXPECT_EQ(withdrawn.reason, "Server Internal Error");
    for (const char* name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
      EXPECT_EQ(withdrawn.Headers(name), accepted.Headers(name)) << name;
    }
    EXPECT_EQ(withdrawn.headers.size(), withdrawn.Headers("Via").size() + 5) << withdrawn.bytes;
    EXPECT_EQ(withdrawn.Header("Content-Length"), "0");
    return true;
  }

 private:
  GatedClock clock_;
  core::LocationService location_{core::Limits{}};
  core::Registrar registrar_{core::RegistrarOptions{}, location_};
  const core::UserAgentServer server_{registrar_};
  const core::Source source_{.transport = core::Transport::kUdp,
                             .address = *core::IpAddress::Parse("192.0.2.1"),
                             .port = 5070,
                             .local_address = *core::IpAddress::Parse("192.0.2.9"),
                             .local_port = 5060};
};

TEST_F(WithdrawAnswerTest, HoldsForAPhonesRegister) {
  const auto request = [](std::uint32_t cseq) {
    Request put = RegisterOf(kAlice, "phone", cseq)
                      .Contact(
                          "<sip:alice@192.0.2.7:5062;line=1>;q=0.5;reg-id=1;"
                          "+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-0004F2AABBCC>\"")
                      .Line("Path: <sip:edge.example.com;lr>")
                      .Line("Supported: path")
                      .Line("User-Agent: PolycomVVX");
    put.via = "SIP/2.0/UDP 192.0.2.7:5062;rport;branch=z9hG4bKphone";
    return put;
  };
  EXPECT_TRUE(Check(request(1).Text()));
  EXPECT_TRUE(Check(request(2).Line("Expires: 0").Text()));
  EXPECT_TRUE(Check(Request(request(3)).Line("Via: SIP/2.0/TLS [2001:db8::1];branch=1").Text()));
}

TEST_F(WithdrawAnswerTest, HoldsForTheShortestAnswerThereIs) {
  EXPECT_TRUE(Check(
      "REGISTER sip:h SIP/2.0\r\nv:SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKs\r\nf:<sip:a@h>;tag=1"
      "\r\nt:<sip:a@h>;tag=2\r\ni:1\r\nCSeq:1 REGISTER\r\n\r\n"));
}

TEST_F(WithdrawAnswerTest, HoldsForEveryTortureMessageThatIsAccepted) {
  std::size_t accepted = 0;
  std::size_t messages = 0;
  for (const auto& file : std::filesystem::directory_iterator(MUSTER_TORTURE_FOLDER)) {
    if (file.path().extension() != ".dat") continue;
    SCOPED_TRACE(file.path().filename());
    std::ifstream in(file.path(), std::ios::binary);
    const std::string message{std::istreambuf_iterator<char>(in), {}};
    ++messages;
    accepted += Check(message) ? 1 : 0;
  }
  EXPECT_EQ(messages, 49U);
  EXPECT_GE(accepted, 6U);
}

}  // namespace
}  // namespace muster::testing
