#include "bench/register_values.h"

#include <gtest/gtest.h>

#include <functional>

namespace muster::bench {
namespace {

RegisterValues TwoContacts() {
  return {.method = "REGISTER",
          .request_uri = "sip:example.com",
          .via_host = "10.0.0.1",
          .via_port = 5060,
          .via_branch = "z9hG4bK1",
          .from = {"alice", "example.com", "from-1"},
          .to = {"bob", "example.org", "to-1"},
          .call_id = "call-1",
          .cseq_number = 1,
          .cseq_method = "REGISTER",
          .expires_seconds = 3'600,
          .contacts = {{"sip:bob@10.0.0.1", 500, 60, "urn:uuid:1", 1},
                       {"sip:bob@10.0.0.2", 600, 70, "urn:uuid:2", 2}}};
}

struct Tampering {
  const char* name;
  std::function<void(RegisterValues&)> tamper;
};

const Tampering kTamperings[] = {
    {"method", [](RegisterValues& values) { values.method = "OPTIONS"; }},
    {"request uri", [](RegisterValues& values) { values.request_uri += ";lr"; }},
    {"via host", [](RegisterValues& values) { values.via_host = "10.0.0.2"; }},
    {"via port", [](RegisterValues& values) { values.via_port = 0; }},
    {"via branch", [](RegisterValues& values) { values.via_branch.pop_back(); }},
    {"from user", [](RegisterValues& values) { values.from.user = "bob"; }},
    {"from host", [](RegisterValues& values) { values.from.host = "example.org"; }},
    {"from tag", [](RegisterValues& values) { values.from.tag = "to-1"; }},
    {"to user", [](RegisterValues& values) { values.to.user = "alice"; }},
    {"to host", [](RegisterValues& values) { values.to.host = "example.com"; }},
    {"to tag", [](RegisterValues& values) { values.to.tag.clear(); }},
    {"call-id", [](RegisterValues& values) { values.call_id += "@10.0.0.1"; }},
    {"cseq number", [](RegisterValues& values) { ++values.cseq_number; }},
    {"cseq method", [](RegisterValues& values) { values.cseq_method = "register"; }},
    {"expires", [](RegisterValues& values) { values.expires_seconds = 0; }},
    {"number of contacts", [](RegisterValues& values) { values.contacts.pop_back(); }},
    {"contact 1 uri", [](RegisterValues& values) { values.contacts[0].uri += ";ob"; }},
    {"contact 1 q", [](RegisterValues& values) { values.contacts[0].q_thousandths = 1'000; }},
    {"contact 1 expires", [](RegisterValues& values) { values.contacts[0].expires_seconds = 70; }},
    {"contact 1 instance", [](RegisterValues& values) { values.contacts[0].instance.clear(); }},
    {"contact 1 reg-id", [](RegisterValues& values) { values.contacts[0].reg_id = 0; }},
    {"contact 2 uri", [](RegisterValues& values) { values.contacts[1].uri += ";ob"; }},
    {"contact 2 q", [](RegisterValues& values) { values.contacts[1].q_thousandths = 1'000; }},
    {"contact 2 expires", [](RegisterValues& values) { values.contacts[1].expires_seconds = 60; }},
    {"contact 2 instance", [](RegisterValues& values) { values.contacts[1].instance.clear(); }},
    {"contact 2 reg-id", [](RegisterValues& values) { values.contacts[1].reg_id = 0; }},
};

TEST(RegisterValuesTest, FindsNoDifferenceBetweenEquals) {
  EXPECT_EQ(FirstDifference(TwoContacts(), TwoContacts()), "");
}

TEST(RegisterValuesTest, NamesTheOneValueThatIsWrong) {
  for (const auto& [name, tamper] : kTamperings) {
    RegisterValues tampered = TwoContacts();
    tamper(tampered);
    const std::string prefix = std::string(name) + " is '";
    EXPECT_TRUE(FirstDifference(tampered, TwoContacts()).starts_with(prefix)) << name;
    EXPECT_TRUE(FirstDifference(TwoContacts(), tampered).starts_with(prefix)) << name;
  }
}

TEST(RegisterValuesTest, EachNamedValueIsTamperedWithAbove) {
  const auto named = NamedValues(TwoContacts());
  ASSERT_EQ(named.size(), std::size(kTamperings));
  for (std::size_t i = 0; i < named.size(); ++i) EXPECT_EQ(named[i].first, kTamperings[i].name);
}

TEST(RegisterValuesTest, TellsBothForms) {
  RegisterValues found = TwoContacts();
  found.to.tag = "to-2";
  EXPECT_EQ(FirstDifference(TwoContacts(), found), "to tag is 'to-2', should be 'to-1'");
}

}  // namespace
}  // namespace muster::bench
