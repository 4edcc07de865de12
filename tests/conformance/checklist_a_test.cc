// Binding rules, RFC 3261 section 10, first part: what a REGISTER does to bindings, and for how
// long. One test for each line of the checklist, and named after it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checklist.h"

namespace muster::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(ChecklistA, A01_ListsAllCurrentBindings) {
  UdpClient desk(muster().udp());
  UdpClient mobile(muster().udp());
  const Reply first = desk.Ask(RegisterOf(kAlice, "desk", 1).Contact("<sip:alice@192.0.2.1>"));
  EXPECT_EQ(first.code, 200);
  EXPECT_THAT(first.ContactUris(), ElementsAre("sip:alice@192.0.2.1"));

  const Reply second = mobile.Ask(RegisterOf(kAlice, "mobile", 1).Contact("<sip:alice@192.0.2.2>"));
  EXPECT_THAT(second.ContactUris(), ElementsAre("sip:alice@192.0.2.1", "sip:alice@192.0.2.2"));
  const Reply refresh = desk.Ask(RegisterOf(kAlice, "desk", 2).Contact("<sip:alice@192.0.2.1>"));
  EXPECT_THAT(refresh.ContactUris(), ElementsAre("sip:alice@192.0.2.1", "sip:alice@192.0.2.2"));
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 3600}, {"sip:alice@192.0.2.2", 3600}});
}

TEST_F(ChecklistA, A02_ExpiresIsWhatIsReallyLeft) {
  UdpClient client(muster().udp());
  const Reply granted =
      client.Ask(RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>;expires=3600"));
  ASSERT_EQ(granted.Contacts().size(), 1U);
  EXPECT_EQ(granted.Contacts()[0].Expires(), 3600);
  EXPECT_EQ(granted.Header("Date"), "Wed, 20 Nov 2024 12:00:00 GMT");

  clock().Advance(absl::Seconds(3));
  const Reply fetched = client.Ask(RegisterOf(kAlice, "fetch", 1));
  ASSERT_EQ(fetched.Contacts().size(), 1U);
  EXPECT_EQ(fetched.Contacts()[0].Expires(), 3597);
  EXPECT_EQ(fetched.Header("Date"), "Wed, 20 Nov 2024 12:00:03 GMT");
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 3597}});
}

TEST_F(ChecklistA, A03_AllContactsOrNone) {
  UdpClient client(muster().udp());
  client.Ask(RegisterOf(kAlice, "old", 5).Contact("<sip:alice@192.0.2.1>;expires=600"));
  const std::string before = EveryListing();

  const auto refused = [&](std::string call_id, std::uint32_t cseq, std::string_view third) {
    return client
        .Ask(RegisterOf(kAlice, std::move(call_id), cseq)
                 .Contact("<sip:alice@192.0.2.2>")
                 .Contact("<sip:alice@192.0.2.3>;expires=0")
                 .Contact(third))
        .code;
  };
  EXPECT_EQ(refused("new-1", 1, "<sip:alice@>"), 400);
  EXPECT_EQ(refused("new-2", 1, "<sip:alice@192.0.2.4"), 400);
  EXPECT_EQ(refused("new-3", 1, "<sip:alice@192.0.2.4>;expires=1"), 423);
  EXPECT_EQ(refused("old", 4, "<sip:alice@192.0.2.1>"), 500);  // CSeq 4 after 5
  EXPECT_EQ(refused("old", 3, "<sip:alice@192.0.2.1>;expires=0"), 500);
  EXPECT_EQ(EveryListing(), before);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 600}});
}

TEST_F(ChecklistA, A05_SameCallIdNeedsAHigherCSeq) {
  UdpClient client(muster().udp());
  const auto put = [](std::uint32_t cseq, int expires) {
    return RegisterOf(kAlice, "c", cseq)
        .Contact("<sip:alice@192.0.2.1>;expires=" + std::to_string(expires));
  };
  EXPECT_EQ(client.Ask(put(5, 500)).code, 200);
  const std::string before = EveryListing();
  EXPECT_EQ(client.Ask(put(4, 400)).code, 500);
  EXPECT_EQ(client.Ask(put(3, 0)).code, 500);
  // The same CSeq anew; over TCP, where no transaction of it is left.
  TcpClient stream(muster().tcp());
  EXPECT_EQ(stream.Ask(put(5, 400)).code, 500);
  EXPECT_EQ(EveryListing(), before);
  // And over UDP once Timer J has ended the transaction.
  clock().Advance(absl::Seconds(33));
  EXPECT_EQ(client.Ask(put(5, 400)).code, 500);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 467}});
  EXPECT_EQ(client.Ask(put(6, 600)).code, 200);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 600}});
}

TEST_F(ChecklistA, A06_AnotherCallIdUpdatesWhateverTheCSeq) {
  UdpClient client(muster().udp());
  client.Ask(RegisterOf(kAlice, "before-boot", 100).Contact("<sip:alice@192.0.2.1>;expires=500"));
  const Reply reply =
      client.Ask(RegisterOf(kAlice, "after-boot", 1).Contact("<sip:alice@192.0.2.1>;expires=900"));
  EXPECT_EQ(reply.code, 200);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 900}});
  EXPECT_THAT(Field(kAlice, &core::Binding::call_id), ElementsAre("after-boot"));
  // From now on the new Call-ID's CSeq counts.
  TcpClient stream(muster().tcp());
  EXPECT_EQ(stream.Ask(RegisterOf(kAlice, "after-boot", 1).Contact("<sip:alice@192.0.2.1>")).code,
            500);
}

TEST_F(ChecklistA, A08_OwnExpiresBeatsTheHeaderBeatsTheDefault) {
  MusterOptions options;
  options.registrar.default_expires_seconds = 1800;
  Start(options);
  UdpClient client(muster().udp());
  client.Ask(RegisterOf(kAlice, "with-header", 1)
                 .Line("Expires: 200")
                 .Contact("<sip:alice@192.0.2.1>;expires=100")
                 .Contact("<sip:alice@192.0.2.2>"));
  client.Ask(RegisterOf(kAlice, "without", 1)
                 .Contact("<sip:alice@192.0.2.3>;expires=300")
                 .Contact("<sip:alice@192.0.2.4>"));
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 100},
                           {"sip:alice@192.0.2.2", 200},
                           {"sip:alice@192.0.2.3", 300},
                           {"sip:alice@192.0.2.4", 1800}});
}

TEST_F(ChecklistA, A09_ExpiryZeroRemovesThatBindingOnly) {
  UdpClient client(muster().udp());
  client.Ask(
      RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>").Contact("<sip:alice@192.0.2.2>"));
  const auto remove = [](std::uint32_t cseq) {
    return RegisterOf(kAlice, "c", cseq).Contact("<sip:alice@192.0.2.1>;expires=0");
  };
  const Reply removed = client.Ask(remove(2));
  EXPECT_EQ(removed.code, 200);
  EXPECT_THAT(removed.ContactUris(), ElementsAre("sip:alice@192.0.2.2"));
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.2", 3600}});

  const Reply again = client.Ask(remove(3));
  EXPECT_EQ(again.code, 200);
  EXPECT_THAT(again.ContactUris(), ElementsAre("sip:alice@192.0.2.2"));
  // The header field means the same.
  const Reply last =
      client.Ask(RegisterOf(kAlice, "c", 4).Line("Expires: 0").Contact("<sip:alice@192.0.2.2>"));
  EXPECT_EQ(last.code, 200);
  EXPECT_THAT(last.Contacts(), IsEmpty());
  ExpectEveryView(kAlice, {});
}

TEST_F(ChecklistA, A10_StarRemovesAllSubjectToCSeq) {
  UdpClient client(muster().udp());
  client.Ask(RegisterOf(kAlice, "a", 7).Contact("<sip:alice@192.0.2.1>"));
  client.Ask(RegisterOf(kAlice, "b", 1).Contact("<sip:alice@192.0.2.2>"));
  client.Ask(RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.3>"));
  client.Ask(RegisterOf("bob@example.com", "d", 1).Contact("<sip:bob@192.0.2.4>"));
  const std::string before = EveryListing();

  EXPECT_EQ(client.Ask(RegisterOf(kAlice, "a", 6).Contact("*").Line("Expires: 0")).code, 500);
  EXPECT_EQ(EveryListing(), before);

  const Reply removed = client.Ask(RegisterOf(kAlice, "a", 8).Contact("*").Line("Expires: 0"));
  EXPECT_EQ(removed.code, 200);
  EXPECT_FALSE(removed.Has("Contact")) << removed.bytes;
  ExpectEveryView(kAlice, {});
  ExpectEveryView("bob@example.com", {{"sip:bob@192.0.2.4", 3600}});
  // Another time there is nothing to remove, which is as good.
  EXPECT_EQ(client.Ask(RegisterOf(kAlice, "a", 9).Contact("*").Line("Expires: 0")).code, 200);
}

TEST_F(ChecklistA, A11_StarIsAloneAndWithExpiresZero) {
  UdpClient client(muster().udp());
  client.Ask(RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>"));
  const std::string before = EveryListing();

  std::uint32_t cseq = 1;
  const auto code = [&](std::vector<std::string> lines) {
    Request request = RegisterOf(kAlice, "c", ++cseq);
    request.lines = std::move(lines);
    return client.Ask(request).code;
  };
  EXPECT_EQ(code({"Contact: *"}), 400);
  EXPECT_EQ(code({"Contact: *", "Expires: 1"}), 400);
  EXPECT_EQ(code({"Contact: *", "Expires: 3600"}), 400);
  EXPECT_EQ(code({"Contact: *", "Expires: none"}), 400);
  EXPECT_EQ(code({"Contact: *", "Contact: <sip:alice@192.0.2.2>", "Expires: 0"}), 400);
  EXPECT_EQ(code({"Contact: <sip:alice@192.0.2.2>", "Contact: *", "Expires: 0"}), 400);
  EXPECT_EQ(code({"Contact: *, <sip:alice@192.0.2.2>", "Expires: 0"}), 400);
  EXPECT_EQ(code({"Contact: <sip:alice@192.0.2.2>, *", "Expires: 0"}), 400);
  EXPECT_EQ(code({"Contact: *;expires=0"}), 400);
  EXPECT_EQ(EveryListing(), before);
}

TEST_F(ChecklistA, A12_ExpiredBindingIsGoneAtItsSecond) {
  UdpClient client(muster().udp());
  client.Ask(RegisterOf(kAlice, "c", 9)
                 .Contact("<sip:alice@192.0.2.1>;expires=60")
                 .Contact("<sip:alice@192.0.2.2>;expires=120"));
  clock().Advance(absl::Seconds(59));
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 1}, {"sip:alice@192.0.2.2", 61}});
  EXPECT_EQ(CountAll(), 2U);

  clock().Advance(absl::Seconds(1));  // nothing has been swept
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.2", 60}});
  EXPECT_EQ(CountAll(), 1U);
  clock().Advance(absl::Seconds(1));
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.2", 59}});

  muster().location.Sweep(clock().Now());
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.2", 59}});
  // It is gone for good: its Call-ID and CSeq bind nobody any more.
  const Reply anew =
      client.Ask(RegisterOf(kAlice, "c", 8).Contact("<sip:alice@192.0.2.1>;expires=60"));
  EXPECT_EQ(anew.code, 200);
  EXPECT_EQ(CountAll(), 2U);
}

/// Registers `first`, then `second` under another Call-ID: how many bindings that makes.
std::size_t BindingsOf(Muster& muster, std::string_view first, std::string_view second) {
  static int count = 0;
  const std::string aor = "user" + std::to_string(++count) + "@example.com";
  UdpClient client(muster.udp());
  for (const std::string_view contact : {first, second}) {
    const std::string call_id = "c" + std::to_string(count) + (contact == first ? "a" : "b");
    client.Ask(RegisterOf(aor, call_id, 1).Contact("<" + std::string(contact) + ">"));
  }
  const auto filter = core::BindingFilter::ByAor(aor);
  return muster.location.Count(*filter, muster.clock.Now());
}

TEST_F(ChecklistA, A13_ContactsMatchByUriEquality) {
  const std::vector<std::pair<std::string, std::string>> one = {
      {"sip:A@EXAMPLE.net", "sip:A@example.net"},
      {"sip:%61lice@h.example", "sip:alice@h.example"},
      {"SIP:a@h.example", "sip:a@h.example"},
      {"sip:a@h.example;x=1;y=2", "sip:a@h.example;y=2;x=1"},
      {"sip:a@h.example;unknown=1", "sip:a@h.example"},
      {"sip:a@h.example;X=abc", "sip:a@h.example;x=ABC"},
      {"sip:a@h.example;transport=TCP", "sip:a@h.example;transport=tcp"},
      {"sip:a@h.example?subject=x&priority=y", "sip:a@h.example?priority=y&subject=x"},
      {"sip:a@[2001:db8::1]", "sip:a@[2001:DB8::1]"},
  };
  for (const auto& [first, second] : one) {
    EXPECT_EQ(BindingsOf(muster(), first, second), 1U) << first << " and " << second;
  }
  const std::vector<std::pair<std::string, std::string>> two = {
      {"sip:Alice@h.example", "sip:alice@h.example"},
      {"sip:a@h.example:5060", "sip:a@h.example"},
      {"sip:a@h.example;transport=udp", "sip:a@h.example"},
      {"sip:a@h.example;transport=udp", "sip:a@h.example;transport=tcp"},
      {"sip:a@h.example;unknown=1", "sip:a@h.example;unknown=2"},
      {"sip:a@h.example;user=phone", "sip:a@h.example"},
      {"sip:a@h.example;ttl=1", "sip:a@h.example"},
      {"sip:a@h.example;maddr=192.0.2.9", "sip:a@h.example"},
      {"sip:a@h.example;method=INVITE", "sip:a@h.example"},
      {"sip:a@h.example?subject=x", "sip:a@h.example"},
      {"sips:a@h.example", "sip:a@h.example"},
      {"sip:a:secret@h.example", "sip:a@h.example"},
      {"sip:h.example", "sip:a@h.example"},
  };
  for (const auto& [first, second] : two) {
    EXPECT_EQ(BindingsOf(muster(), first, second), 2U) << first << " and " << second;
  }
}

TEST_F(ChecklistA, A14_AorIsCanonical) {
  UdpClient client(muster().udp());
  Request odd = RegisterOf(kAlice, "a", 1).Contact("<sip:alice@192.0.2.1>");
  odd.to = "\"Alice\" <sip:%61lice@EXAMPLE.com;user=phone>";
  EXPECT_EQ(client.Ask(odd).code, 200);
  Request secure = RegisterOf(kAlice, "b", 1).Contact("<sip:alice@192.0.2.2>");
  secure.to = "sips:alice@example.COM:5061";
  const Reply second = client.Ask(secure);
  EXPECT_THAT(second.ContactUris(), ElementsAre("sip:alice@192.0.2.1", "sip:alice@192.0.2.2"));

  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 3600}, {"sip:alice@192.0.2.2", 3600}});
  EXPECT_THAT(Field(kAlice, &core::Binding::aor), ElementsAre(kAlice, kAlice));
  EXPECT_EQ(CountAll(), 2U);
  // Upper case in a user part is another user.
  client.Ask(RegisterOf("Alice@example.com", "c", 1).Contact("<sip:alice@192.0.2.3>"));
  EXPECT_EQ(Listed(kAlice).size(), 2U);
}

TEST_F(ChecklistA, A15_ToOfAnotherDomainIs404) {
  MusterOptions options;
  options.registrar.domains = {"example.com", "Example.ORG"};
  Start(options);
  UdpClient client(muster().udp());
  const auto code = [&](const std::string& uri, const std::string& aor) {
    Request request = RegisterOf(aor, "c" + NewBranch(), 1).Contact("<sip:alice@192.0.2.1>");
    request.uri = uri;
    return client.Ask(request).code;
  };
  EXPECT_EQ(code("sip:example.com", "alice@other.example"), 404);
  EXPECT_EQ(code("sip:other.example", "alice@other.example"), 404);
  EXPECT_EQ(code("sip:other.example", kAlice), 404);
  EXPECT_EQ(code("sip:example.com", "alice@example.org"), 404);
  EXPECT_EQ(code("sip:example.com", "alice@sub.example.com"), 404);
  EXPECT_EQ(CountAll(), 0U);
  EXPECT_EQ(code("sip:EXAMPLE.com", kAlice), 200);
  EXPECT_EQ(code("sip:example.org", "alice@example.org"), 200);
  EXPECT_EQ(CountAll(), 2U);

  Start({});  // registrar for any domain
  UdpClient anybody(muster().udp());
  EXPECT_EQ(
      anybody.Ask(RegisterOf("alice@other.example", "c", 1).Contact("<sip:a@192.0.2.1>")).code,
      200);
}

TEST_F(ChecklistA, A17_AorIsSipOrSips) {
  UdpClient client(muster().udp());
  for (const std::string to : {"isbn:2983792873", "<tel:+4930123456>", "<mailto:a@example.com>"}) {
    Request request = RegisterOf(kAlice, "c" + NewBranch(), 1).Contact("<sip:alice@192.0.2.1>");
    request.to = to;
    EXPECT_EQ(client.Ask(request).code, 400) << to;
  }
  EXPECT_EQ(CountAll(), 0U);
}

TEST_F(ChecklistA, A18_TooBriefIs423) {
  UdpClient client(muster().udp());
  std::uint32_t cseq = 0;
  const auto ask = [&](const std::string& expires) {
    return client.Ask(
        RegisterOf(kAlice, "c", ++cseq).Contact("<sip:alice@192.0.2.1>;expires=" + expires));
  };
  for (const std::string brief : {"1", "59"}) {
    const Reply reply = ask(brief);
    EXPECT_EQ(reply.code, 423);
    EXPECT_EQ(reply.Header("Min-Expires"), "60");
  }
  EXPECT_EQ(CountAll(), 0U);
  const Reply removal = ask("0");
  EXPECT_EQ(removal.code, 200);
  EXPECT_FALSE(removal.Has("Min-Expires"));
  EXPECT_EQ(ask("60").code, 200);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 60}});
}

TEST_F(ChecklistA, A18_MinimumAboveAnHourDoesNotRefuseAnHour) {
  MusterOptions options;
  options.registrar.min_expires_seconds = 5400;
  Start(options);
  UdpClient client(muster().udp());
  const Reply brief =
      client.Ask(RegisterOf(kAlice, "c", 1).Contact("<sip:alice@192.0.2.1>;expires=3599"));
  EXPECT_EQ(brief.code, 423);
  EXPECT_EQ(brief.Header("Min-Expires"), "5400");
  EXPECT_EQ(client.Ask(RegisterOf(kAlice, "c", 2).Contact("<sip:a@192.0.2.1>;expires=3600")).code,
            200);
  ExpectEveryView(kAlice, {{"sip:a@192.0.2.1", 3600}});
}

TEST_F(ChecklistA, A19_ShortensAndNeverLengthens) {
  MusterOptions options;
  options.registrar.max_expires_seconds = 5000;
  Start(options);
  UdpClient client(muster().udp());
  const Reply reply = client.Ask(RegisterOf(kAlice, "c", 1)
                                     .Contact("<sip:alice@192.0.2.1>;expires=864000")
                                     .Contact("<sip:alice@192.0.2.2>;expires=61"));
  ASSERT_EQ(reply.Contacts().size(), 2U);
  EXPECT_EQ(reply.Contacts()[0].Expires(), 5000);
  EXPECT_EQ(reply.Contacts()[1].Expires(), 61);
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 5000}, {"sip:alice@192.0.2.2", 61}});
}

TEST_F(ChecklistA, A19_JitterOnlyShortensAndThe200TellsWhatWasGranted) {
  MusterOptions options;
  options.registrar.expires_jitter_percent = 20;
  Start(options);
  UdpClient client(muster().udp());
  int shortest = 3600;
  for (std::uint32_t cseq = 1; cseq <= 100; ++cseq) {
    const Reply reply =
        client.Ask(RegisterOf(kAlice, "c", cseq).Contact("<sip:alice@192.0.2.1>;expires=3600"));
    ASSERT_EQ(reply.Contacts().size(), 1U);
    const int granted = reply.Contacts()[0].Expires();
    EXPECT_LE(granted, 3600);
    EXPECT_GE(granted, 2880);
    shortest = std::min(shortest, granted);
    if (cseq % 25 == 0) ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", granted}});
  }
  EXPECT_LT(shortest, 3500);
}

TEST_F(ChecklistA, A20_UnreadableExpiryCountsAsAnHour) {
  UdpClient client(muster().udp());
  std::uint32_t cseq = 0;
  for (const std::string odd : {"4294967296", "99999999999999999999999", "-1", "abc", "1.5"}) {
    const Reply by_header = client.Ask(
        RegisterOf(kAlice, "c", ++cseq).Line("Expires: " + odd).Contact("<sip:alice@192.0.2.1>"));
    EXPECT_EQ(by_header.code, 200) << odd;
    ASSERT_EQ(by_header.Contacts().size(), 1U);
    EXPECT_EQ(by_header.Contacts()[0].Expires(), 3600) << odd;
    const Reply by_parameter =
        client.Ask(RegisterOf(kAlice, "c", ++cseq).Contact("<sip:alice@192.0.2.1>;expires=" + odd));
    EXPECT_EQ(by_parameter.code, 200) << odd;
    ASSERT_EQ(by_parameter.Contacts().size(), 1U);
    EXPECT_EQ(by_parameter.Contacts()[0].Expires(), 3600) << odd;
  }
  // The largest there is, is a number: shortened to the most that is granted.
  client.Ask(RegisterOf(kAlice, "c", ++cseq).Contact("<sip:alice@192.0.2.1>;expires=4294967295"));
  ExpectEveryView(kAlice, {{"sip:alice@192.0.2.1", 7200}});
}

}  // namespace
}  // namespace muster::testing
