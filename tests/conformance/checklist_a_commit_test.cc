// Binding rules, RFC 3261 section 10.3 step 7: what becomes of a REGISTER that cannot be stored.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "checklist.h"
#include "held_commits.h"

namespace muster::testing {
namespace {

using ::testing::ElementsAre;

TEST_F(ChecklistA, A04_WhenTheCommitFailsItIs500AndNoPartIsVisible) {
  MusterOptions options;
  const auto commits = std::make_shared<HeldCommits>();
  options.commits = commits;
  Start(options);
  UdpClient phone(muster().udp());
  TcpClient stream(muster().tcp());
  // What is answered, once the changes are stored or lost.
  const auto outcome = [&](auto& client, const Request& request, bool stored) {
    const std::size_t requests = commits->requests();
    client.Send(request);
    EXPECT_TRUE(commits->AwaitRequests(requests + 1));
    stored ? commits->Store(muster().location) : commits->Lose(muster().location, clock().Now());
    return client.Receive();
  };
  const Request first = RegisterOf(kAlice, "c", 1)
                            .Contact("<sip:alice@192.0.2.1>;expires=600")
                            .Contact("<sip:alice@192.0.2.2>;q=0.5;expires=600");
  EXPECT_EQ(outcome(phone, first, true).code, 200);
  const std::string before = EveryListing();

  // One refreshed, one removed, one new: not one of them.
  const auto all_at_once = [](std::uint32_t cseq) {
    return RegisterOf(kAlice, "c", cseq)
        .Contact("<sip:alice@192.0.2.1>;q=0.1;expires=900")
        .Contact("<sip:alice@192.0.2.2>;expires=0")
        .Contact("<sip:alice@192.0.2.3>");
  };
  for (const bool over_udp : {true, false}) {
    for (const Request& request :
         {all_at_once(2), RegisterOf(kAlice, "c", 3).Line("Contact: *").Line("Expires: 0"),
          RegisterOf("bob@example.com", "bob", 1).Contact("<sip:bob@192.0.2.9>")}) {
      const Reply lost =
          over_udp ? outcome(phone, request, false) : outcome(stream, request, false);
      EXPECT_EQ(lost.code, 500);
      EXPECT_FALSE(lost.Has("Contact"));
      EXPECT_EQ(EveryListing(), before);
      ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 600}, {"sip:alice@192.0.2.2", 600}});
      ExpectEveryView("bob@example.com", {});
      // Until the store works again nothing is changed that could be lost.
      EXPECT_EQ(TcpClient(muster().tcp()).Ask(all_at_once(4)).code, 500);
      EXPECT_EQ(EveryListing(), before);
      muster().location.AcceptChanges();
    }
  }
  // None of their CSeqs counts.
  const Reply stored = outcome(stream, all_at_once(2), true);
  EXPECT_EQ(stored.code, 200);
  EXPECT_THAT(stored.ContactUris(), ElementsAre("sip:alice@192.0.2.1", "sip:alice@192.0.2.3"));
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 900}, {"sip:alice@192.0.2.3", 3600}});
}

}  // namespace
}  // namespace muster::testing
