#include "bench/load/register_writer.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace muster::bench {
namespace {

constexpr std::uint64_t kUsers = 10'000;

TEST(RegisterWriterTest, WritesMessagesOfAPhonesSizeWithWhatTheAnswerMustRepeat) {
  for (const Names names : {Names::kNumeric, Names::kRandom}) {
    const RegisterWriter writer(names);
    RegisterText request;
    std::size_t bytes = 0;
    for (std::uint64_t user = 0; user < kUsers; ++user) {
      writer.Write(user, 4711, 0xabc0 + user, request);
      const std::string text(request.text());
      bytes += text.size();
      ASSERT_TRUE(text.starts_with("REGISTER sip:example.com SIP/2.0\r\nVia: ")) << text;
      ASSERT_TRUE(text.ends_with("\r\nContent-Length: 0\r\n\r\n")) << text;
      ASSERT_EQ(text.find_first_of("{}"), std::string::npos) << text;
      ASSERT_NE(text.find("\r\nCSeq: 4711 REGISTER\r\n"), std::string::npos) << text;
      ASSERT_NE(text.find("\r\nCall-ID: " + std::string(request.call_id) + "\r\n"),
                std::string::npos);
      ASSERT_NE(text.find("To: <sip:" + UserName(names, user) + "@example.com>\r\n"),
                std::string::npos);
      ASSERT_NE(text.find("Contact: <" + std::string(request.contact_uri) + ">;"),
                std::string::npos);
      ASSERT_NE(text.find(";branch=" + std::string(request.branch)), std::string::npos);
    }
    EXPECT_GT(bytes / kUsers, 550u);
    EXPECT_LT(bytes / kUsers, 700u);
  }
}

TEST(RegisterWriterTest, UsersDifferInNameCallIdAndContact) {
  const RegisterWriter writer(Names::kRandom);
  std::set<std::string> names, call_ids, contacts;
  RegisterText request;
  for (std::uint64_t user = 0; user < kUsers; ++user) {
    writer.Write(user, 1, 1, request);
    names.insert(UserName(Names::kRandom, user));
    call_ids.insert(std::string(request.call_id));
    contacts.insert(std::string(request.contact_uri));
  }
  EXPECT_EQ(names.size(), kUsers);
  EXPECT_EQ(call_ids.size(), kUsers);
  EXPECT_EQ(contacts.size(), kUsers);
}

TEST(RegisterWriterTest, ARefreshChangesCSeqAndBranchAlone) {
  const RegisterWriter writer(Names::kNumeric);
  RegisterText first;
  RegisterText second;
  writer.Write(42, 7, 0x11, first);
  writer.Write(42, 8, 0x22, second);
  std::string text(first.text());
  text.replace(text.find("7 REGISTER"), 1, "8");
  text.replace(text.find("0000000000000011"), 16, "0000000000000022");
  EXPECT_EQ(text, second.text());
}

TEST(RegisterWriterTest, NumericNamesCountFromAMillion) {
  EXPECT_EQ(UserName(Names::kNumeric, 0), "1000000");
  EXPECT_EQ(UserName(Names::kNumeric, 99'999), "1099999");
}

}  // namespace
}  // namespace muster::bench
