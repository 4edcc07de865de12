// Binding rules, RFC 3261 section 10, second part: order, atomicity, and what a binding keeps.
// One test for each line of the checklist, and named after it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "checklist.h"

namespace muster::testing {
namespace {

using ::testing::ElementsAre;

TEST_F(ChecklistA, A21_FetchChangesNothing) {
  UdpClient client(muster().udp());
  client.Ask(RegisterOf(kAlice, "c", 1)
                 .Contact("<sip:alice@192.0.2.3>;q=0.1;expires=300")
                 .Contact("<sip:alice@192.0.2.1>;q=0.9;expires=400")
                 .Contact("<sip:alice@192.0.2.2>;q=0.5"));
  clock().Advance(absl::Seconds(5));
  const std::string before = EveryListing();
  std::string first_body;
  for (std::uint32_t i = 0; i < 10; ++i) {
    const Reply reply = client.Ask(RegisterOf(kAlice, "c", 100 + i));
    EXPECT_EQ(reply.code, 200);
    EXPECT_EQ(reply.Contacts().size(), 3U);
    const std::string body = ::testing::PrintToString(reply.Headers("Contact"));
    if (i == 0) first_body = body;
    EXPECT_EQ(body, first_body);
  }
  EXPECT_EQ(EveryListing(), before);
  // Nor has it touched the CSeq: 2 is still higher than what the bindings know.
  EXPECT_EQ(client.Ask(RegisterOf(kAlice, "c", 2).Contact("<sip:alice@192.0.2.1>")).code, 200);
}

TEST_F(ChecklistA, A22_RegistersOfOneAorTakeEffectInOrder) {
  constexpr std::uint32_t kCount = 1000;
  TcpClient client(muster().tcp());
  std::string pipeline;
  for (std::uint32_t i = 1; i <= kCount; ++i) {
    Request request = RegisterOf(kAlice, "c", i);
    request.via = client.Via();
    request.Contact("<sip:alice@192.0.2.1>;n=" + std::to_string(i) +
                    ";expires=" + std::to_string(60 + i));
    pipeline += request.Text();
  }
  std::thread sender([&] { client.Send(pipeline); });
  for (std::uint32_t i = 1; i <= kCount; ++i) {
    const Reply reply = client.Receive();
    EXPECT_EQ(reply.code, 200);
    EXPECT_EQ(reply.Header("CSeq"), std::to_string(i) + " REGISTER");
    const std::vector<ContactValue> contacts = reply.Contacts();
    ASSERT_EQ(contacts.size(), 1U);
    EXPECT_EQ(contacts[0].Param("n"), std::to_string(i));
  }
  sender.join();
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 60 + kCount}});
}

/// What one answer showed: of each client's contact the version, absent ones not.
using Snapshot = std::map<int, int>;

Snapshot SnapshotOf(const Reply& reply) {
  Snapshot snapshot;
  for (const ContactValue& contact : reply.Contacts()) {
    const int client = std::atoi(contact.uri.c_str() + std::string("sip:c").size());
    snapshot[client] = std::atoi(contact.Param("v").c_str());
  }
  return snapshot;
}

/// False when one is newer in one client's contact, and the other in another's: no serial order
/// has both.
bool Comparable(const Snapshot& a, const Snapshot& b) {
  bool a_older = false;
  bool b_older = false;
  for (const auto& [client, version] : a) {
    const auto found = b.find(client);
    if (found == b.end()) continue;
    a_older |= version < found->second;
    b_older |= found->second < version;
  }
  return !(a_older && b_older);
}

/// Adds and removes its contact in turn; keeps what each answer showed.
void AddAndRemove(const HostPort& server, int id, std::vector<Snapshot>& seen) {
  constexpr int kRounds = 10;
  UdpClient client(server);
  const std::string uri = "<sip:c" + std::to_string(id) + "@192.0.2.1>";
  const std::string call_id = "client-" + std::to_string(id);
  std::uint32_t cseq = 0;
  for (int version = 1; version <= kRounds; ++version) {
    const Reply added = client.Ask(
        RegisterOf(kAlice, call_id, ++cseq).Contact(uri + ";v=" + std::to_string(version)));
    EXPECT_EQ(added.code, 200);
    seen.push_back(SnapshotOf(added));
    EXPECT_EQ(seen.back()[id], version);
    if (version == kRounds) break;
    const Reply removed =
        client.Ask(RegisterOf(kAlice, call_id, ++cseq).Contact(uri + ";expires=0"));
    EXPECT_EQ(removed.code, 200);
    seen.push_back(SnapshotOf(removed));
    EXPECT_EQ(seen.back().count(id), 0U);
  }
}

TEST_F(ChecklistA, A23_EachRegisterIsAtomic) {
  constexpr int kClients = 50;
  MusterOptions options;
  options.workers = 2;
  options.registrar.max_contacts = kClients;
  Start(options);
  std::vector<std::vector<Snapshot>> seen(kClients);
  std::vector<std::thread> threads;
  for (int id = 0; id < kClients; ++id) {
    threads.emplace_back(AddAndRemove, muster().udp(), id,
                         std::ref(seen[static_cast<std::size_t>(id)]));
  }
  for (std::thread& thread : threads) thread.join();

  std::vector<Snapshot> all;
  for (const auto& of_client : seen) all.insert(all.end(), of_client.begin(), of_client.end());
  EXPECT_EQ(all.size(), std::size_t{kClients} * 19);
  std::size_t torn = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) torn += Comparable(all[i], all[j]) ? 0 : 1;
  }
  EXPECT_EQ(torn, 0U);
  EXPECT_EQ(LookedUp(kAlice).size(), std::size_t{kClients});
  EXPECT_EQ(Fetched(kAlice).size(), std::size_t{kClients});
}

TEST_F(ChecklistA, A24_ContactParametersComeBackUnchanged) {
  const std::string contact =
      R"("Alice \"A\" Liddell, Esq." <sip:alice@192.0.2.1>;methods="INVITE, BYE;x=y";audio;)"
      R"(+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>";+g.x="a,b;c\"d\\";)"
      R"(unknown=1;UPPER=Value)";
  UdpClient client(muster().udp());
  client.Ask(RegisterOf(kAlice, "c", 1).Contact(contact + ";q=0.7;expires=600"));
  const Reply fetched = client.Ask(RegisterOf(kAlice, "fetch", 1));
  ASSERT_EQ(fetched.Headers("Contact").size(), 1U);
  EXPECT_EQ(fetched.Header("Contact"), contact + ";q=0.7;expires=600");
  EXPECT_THAT(Field(kAlice, &core::Binding::contact), ElementsAre(contact));
  EXPECT_THAT(Field(kAlice, &core::Binding::q_text), ElementsAre("0.7"));
  EXPECT_THAT(Field(kAlice, &core::Binding::instance),
              ElementsAre("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"));
  // Without brackets what follows the URI are the Contact's parameters.
  client.Ask(RegisterOf("bob@example.com", "d", 1).Contact("sip:bob@192.0.2.2;unknownparam"));
  const Reply bob = client.Ask(RegisterOf("bob@example.com", "fetch-bob", 1));
  ASSERT_EQ(bob.Contacts().size(), 1U);
  EXPECT_EQ(bob.Contacts()[0].uri, "sip:bob@192.0.2.2");
  EXPECT_TRUE(bob.Contacts()[0].Has("unknownparam"));
}

TEST_F(ChecklistA, A25_UriParametersAndHeadersComeBackUnchanged) {
  const std::string with_params = "sip:+19725552222@gw1.example.net;unknownparam;X=%41;lr";
  const std::string with_headers = "sip:user@example.com?Route=%3Csip:sip.example.com%3E&a=b";
  UdpClient client(muster().udp());
  const Reply reply = client.Ask(RegisterOf(kAlice, "c", 1)
                                     .Contact("<" + with_params + ">")
                                     .Contact("<" + with_headers + ">"));
  EXPECT_EQ(reply.code, 200);
  ExpectEveryView(kAlice, {{with_params, 3600}, {with_headers, 3600}});
}

TEST_F(ChecklistA, A26_RecordRouteIsIgnoredAndNoAnswerIs6xx) {
  UdpClient client(muster().udp());
  const Reply reply = client.Ask(RegisterOf(kAlice, "c", 1)
                                     .Line("Record-Route: <sip:proxy.example.com;lr>")
                                     .Line("Supported: path")
                                     .Contact("<sip:alice@192.0.2.1>"));
  EXPECT_EQ(reply.code, 200);
  EXPECT_FALSE(reply.Has("Record-Route")) << reply.bytes;
  EXPECT_FALSE(reply.Has("Path"));
  EXPECT_THAT(Field(kAlice, &core::Binding::path), ElementsAre(""));

  std::vector<Request> wrong = {
      RegisterOf(kAlice, "1", 1).Contact("*"),
      RegisterOf(kAlice, "2", 1).Contact("<sip:alice@192.0.2.1>;expires=1"),
      RegisterOf(kAlice, "3", 1).Line("Require: unknown"),
      RegisterOf(kAlice, "4", 1).Contact("<>"),
      RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>"),
      RegisterOf(kAlice, "5", 1),
      RegisterOf(kAlice, "6", 1),
  };
  wrong[5].method = "DANCE";
  wrong[6].method = "INVITE";
  for (Request& request : wrong) {
    request.Line("Record-Route: <sip:proxy.example.com;lr>");
    const Reply refused = client.Ask(request);
    EXPECT_GE(refused.code, 400) << request.call_id;
    EXPECT_LT(refused.code, 600) << request.call_id;
    EXPECT_FALSE(refused.Has("Record-Route"));
  }
}

TEST_F(ChecklistA, A27_MoreContactsThanAllowedAre403) {
  MusterOptions options;
  options.registrar.max_contacts = 2;
  Start(options);
  UdpClient client(muster().udp());
  client.Ask(RegisterOf(kAlice, "a", 1).Contact("<sip:alice@192.0.2.1>;expires=100"));
  client.Ask(RegisterOf(kAlice, "b", 1).Contact("<sip:alice@192.0.2.2>;expires=200"));
  const std::string before = EveryListing();

  EXPECT_EQ(client.Ask(RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.3>")).code, 403);
  EXPECT_EQ(client
                .Ask(RegisterOf(kAlice, "a", 2)
                         .Contact("<sip:alice@192.0.2.1>;expires=900")
                         .Contact("<sip:alice@192.0.2.3>"))
                .code,
            403);
  EXPECT_EQ(EveryListing(), before);

  // At the limit one may still be refreshed, and one change place with another.
  EXPECT_EQ(
      client.Ask(RegisterOf(kAlice, "a", 3).Contact("<sip:alice@192.0.2.1>;expires=300")).code,
      200);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 300}, {"sip:alice@192.0.2.2", 200}});
  EXPECT_EQ(client
                .Ask(RegisterOf(kAlice, "b", 2)
                         .Contact("<sip:alice@192.0.2.2>;expires=0")
                         .Contact("<sip:alice@192.0.2.3>"))
                .code,
            200);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 300}, {"sip:alice@192.0.2.3", 3600}});
  // Another AoR has its own count, and one REGISTER with too many is no better than two.
  EXPECT_EQ(client
                .Ask(RegisterOf("bob@example.com", "d", 1)
                         .Contact("<sip:b@192.0.2.1>, <sip:b@192.0.2.2>, <sip:b@192.0.2.3>"))
                .code,
            403);
  ExpectEveryView("bob@example.com", {});
}

TEST_F(ChecklistA, A28_ToDecidesWhoIsRegisteredNotFrom) {
  UdpClient client(muster().udp());
  Request request = RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>");
  request.from = "<sip:bob@example.com>;tag=third-party";
  EXPECT_EQ(client.Ask(request).code, 200);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 3600}});
  ExpectEveryView("bob@example.com", {});
  // Not even a From that could never be an AoR makes a difference.
  Request odd = RegisterOf(kAlice, "c", 2).Contact("<sip:alice@192.0.2.1>;expires=100");
  odd.from = "<tel:+4930123456>;tag=1";
  EXPECT_EQ(client.Ask(odd).code, 200);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 100}});
  EXPECT_EQ(CountAll(), 1U);
}

TEST_F(ChecklistA, A29_LookupGivesTheBestQFirst) {
  UdpClient client(muster().udp());
  client.Ask(RegisterOf(kAlice, "c", 1)
                 .Contact("<sip:q01@192.0.2.1>;q=0.1")
                 .Contact("<sip:q05@192.0.2.1>;q=0.5")
                 .Contact("<sip:q1@192.0.2.1>;q=1")
                 .Contact("<sip:none@192.0.2.1>")
                 .Contact("<sip:q0501@192.0.2.1>;q=0.501")
                 .Contact("<sip:q0@192.0.2.1>;q=0.0"));
  EXPECT_THAT(Field(kAlice, &core::Binding::contact_uri),
              ElementsAre("sip:q1@192.0.2.1", "sip:none@192.0.2.1", "sip:q0501@192.0.2.1",
                          "sip:q05@192.0.2.1", "sip:q01@192.0.2.1", "sip:q0@192.0.2.1"));

  // What is no qvalue counts as none, and is not handed on.
  std::uint32_t cseq = 1;
  for (const std::string bad : {"1.5", "-1", "0.12345", "high", "2", "1.001"}) {
    const Reply reply = client.Ask(
        RegisterOf("bob@example.com", "d", ++cseq).Contact("<sip:bob@192.0.2.1>;q=" + bad));
    EXPECT_EQ(reply.code, 200) << bad;
    ASSERT_EQ(reply.Contacts().size(), 1U);
    EXPECT_FALSE(reply.Contacts()[0].Has("q")) << bad;
  }
}

}  // namespace
}  // namespace muster::testing
