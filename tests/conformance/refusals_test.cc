// What is refused leaves nothing behind: no binding changed, no memory held, no process ended.

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "heap.h"
#include "muster_under_test.h"
#include "torture_outcomes.h"

namespace muster::testing {
namespace {

class RefusalsTest : public MusterTest {
 protected:
  void SetUp() override {
    MusterOptions options;
    options.registrar.domains = {"example.com"};
    options.registrar.max_contacts = 3;
    options.limits.max_bindings = 8;
    Start(options);
  }

  void FillTable() {
    UdpClient client(muster().udp());
    client.Ask(RegisterOf("alice@example.com", "a", 10)
                   .Line("Path: <sip:p.example.com;lr>")
                   .Contact("\"Alice\" <sip:alice@192.0.2.1>;q=0.5;expires=600")
                   .Contact("<sip:alice@192.0.2.2>")
                   .Contact("<sip:alice@192.0.2.3;x=%41>;y=\"z\""));
    for (int i = 0; i < 5; ++i) {
      const std::string user = "u" + std::to_string(i);
      client.Ask(RegisterOf(user + "@example.com", user, 10).Contact("<sip:u@192.0.2.4>"));
    }
    ASSERT_EQ(CountAll(), 8U);
  }
};

/// REGISTERs that must be refused, with the code of each.
std::vector<std::pair<Request, int>> RefusedRegisters() {
  const auto alice = [](std::string call_id, std::uint32_t cseq) {
    return RegisterOf("alice@example.com", std::move(call_id), cseq);
  };
  std::vector<std::pair<Request, int>> all = {
      {alice("a", 9).Contact("<sip:alice@192.0.2.1>"), 500},
      {alice("a", 8).Contact("*").Line("Expires: 0"), 500},
      {alice("b", 1).Contact("*"), 400},
      {alice("b", 2).Contact("*").Line("Expires: 7"), 400},
      {alice("b", 3).Contact("<sip:alice@192.0.2.1>;expires=0").Contact("<sip:alice@>"), 400},
      {alice("b", 4).Contact("<sip:alice@192.0.2.1>;expires=59"), 423},
      {alice("b", 5).Contact("<sip:alice@192.0.2.9>"), 403},
      {alice("b", 6).Contact("<sip:alice@192.0.2.1>").Line("Require: gin"), 420},
      {alice("b", 7).Contact("<sip:alice@192.0.2.1>").Line("Path: no-brackets"), 400},
      {alice("b", 8).Contact("<sip:alice@192.0.2.1>").Line("No colon here"), 400},
      {alice("b", 9).Contact("<sip:alice@192.0.2.1>;x=" + std::string(5'000, 'x')), 400},
      {alice("b", 10).Contact("<sip:alice@192.0.2.1>").Line("Expires: 1\r\nExpires: 2"), 400},
      {alice("b", 11).Contact("\"open <sip:alice@192.0.2.1>"), 400},
      {RegisterOf("new@example.com", "n", 1).Contact("<sip:new@192.0.2.9>"), 503},
      {RegisterOf("alice@other.example", "o", 1).Contact("<sip:alice@192.0.2.1>"), 404},
  };
  Request isbn = alice("c", 1).Contact("<sip:alice@192.0.2.1>");
  isbn.to = "isbn:2983792873";
  all.emplace_back(isbn, 400);
  Request scheme = alice("c", 2).Contact("<sip:alice@192.0.2.1>");
  scheme.uri = "tel:+1";
  all.emplace_back(scheme, 416);
  Request body = alice("c", 3).Contact("<sip:alice@192.0.2.1>");
  body.body = std::string(20'000, 'x');
  all.emplace_back(body, 413);
  return all;
}

TEST_F(RefusalsTest, RefusedRegistersLeaveEveryListingAsItWas) {
  FillTable();
  clock().Advance(absl::Seconds(40));
  const std::string before = EveryListing();
  UdpClient datagrams(muster().udp());
  std::size_t refused = 0;
  for (const auto& [request, code] : RefusedRegisters()) {
    EXPECT_EQ(datagrams.Ask(request).code, code) << request.Text();
    EXPECT_EQ(TcpClient(muster().tcp()).Ask(request).code, code) << request.Text();
    EXPECT_EQ(EveryListing(), before) << request.Text();
    refused += 2;
    ASSERT_EQ(muster().refusals.count(), refused);
    EXPECT_EQ(muster().refusals.entries().back().code, code);
    EXPECT_FALSE(muster().refusals.entries().back().reason.empty());
    EXPECT_EQ(muster().refusals.entries().back().source, "127.0.0.1");
  }
  // Cut anywhere, a REGISTER is refused as well.
  Request whole =
      RegisterOf("alice@example.com", "cut", 1).Contact("<sip:alice@192.0.2.1>;expires=0");
  whole.via = datagrams.Via();
  whole.body = "body";
  const std::string text = whole.Text();
  for (std::size_t size = 1; size < text.size(); ++size) datagrams.Send(text.substr(0, size));
  EXPECT_EQ(EveryListing(), before);
  for (const TortureOutcome& outcome : TortureOutcomes()) {
    if (outcome.stored == 0) datagrams.Send(TortureMessage(outcome.name));
  }
  UdpClient last(muster().udp());
  EXPECT_EQ(last.Ask(Options("all-served")).code, 200);
  EXPECT_EQ(EveryListing(), before);
}

TEST_F(RefusalsTest, TheLogIsToldWhoWasRefusedAndWhy) {
  UdpClient client(muster().udp());
  client.Ask(RegisterOf("Alice@EXAMPLE.com", "c", 1).Contact("<sip:a@192.0.2.1>;expires=1"));
  ASSERT_EQ(muster().refusals.entries().size(), 1U);
  const RecordingRefusals::Entry entry = muster().refusals.entries()[0];
  EXPECT_EQ(entry.aor, "Alice@example.com");
  EXPECT_EQ(entry.source, "127.0.0.1");
  EXPECT_EQ(entry.code, 423);
  EXPECT_EQ(entry.reason, "expiry below the minimum");
  // OPTIONS, other methods and what succeeds is no refused REGISTER.
  client.Ask(Options("o"));
  Request invite = Options("i");
  invite.method = "INVITE";
  client.Ask(invite);
  client.Ask(RegisterOf("alice@example.com", "d", 1));
  EXPECT_EQ(muster().refusals.count(), 1U);
}

/// Sends `message(i)` for each i, some at a time, and waits for each lot to be dealt with.
void Flood(UdpClient& client, std::size_t count,
           const std::function<std::string(std::size_t)>& message) {
  constexpr std::size_t kLot = 50;
  for (std::size_t i = 0; i < count; ++i) {
    client.Send(message(i));
    if (i % kLot != kLot - 1) continue;
    const std::string call_id = "lot-" + std::to_string(i);
    client.Send(Options(call_id));
    for (Reply reply = client.Receive(); reply.Header("Call-ID") != call_id;
         reply = client.Receive()) {
      ASSERT_NE(reply.code, 0) << "an answer was lost";
    }
  }
}

TEST_F(RefusalsTest, MemoryAfter100000MalformedMessagesIsWhatItWas) {
  constexpr std::size_t kMessages = 100'000;
  UdpClient client(muster().udp());
  std::vector<std::string> malformed;
  for (const TortureOutcome& outcome : TortureOutcomes()) {
    const bool everywhere = outcome.over_udp == outcome.over_tcp && outcome.stored == 0;
    if (outcome.stream == Stream::kCloses && everywhere) {
      malformed.push_back(TortureMessage(outcome.name));
    }
  }
  Request bad_contact =
      RegisterOf("alice@example.com", "malformed", 1).Contact("<sip:a@192.0.2.1>");
  bad_contact.Contact("<<>>");
  bad_contact.via = client.Via();
  malformed.push_back(bad_contact.Text());
  malformed.push_back(bad_contact.Text().substr(0, 150));
  malformed.push_back(std::string(1'000, '\xFF'));
  const auto message = [&](std::size_t i) {
    // Names of its own each time, should anything remember them.
    std::string text = malformed[i % malformed.size()];
    const std::size_t from = text.find("tag=");
    if (from != std::string::npos) text.insert(from + 4, std::to_string(i));
    return text;
  };
  Flood(client, 5'000, message);
  const std::size_t heap_before = HeapBytes();
  const std::size_t table_before = muster().location.MemoryBytes();
  Flood(client, kMessages, message);
  const std::size_t heap_after = HeapBytes();
  // What the 2,000 OPTIONS between them leave in the memory of answers is bounded by itself.
  EXPECT_LT(heap_after, heap_before + (std::size_t{256} << 10));
  EXPECT_EQ(muster().location.MemoryBytes(), table_before);
  EXPECT_EQ(CountAll(), 0U);
  EXPECT_GE(muster().sip.counters().malformed, kMessages);
  EXPECT_EQ(client.Ask(RegisterOf("alice@example.com", "c", 1).Contact("<sip:a@192.0.2.1>")).code,
            200);
}

/// `text` with a few bytes flipped, cut out, doubled, or replaced by some of `other`.
std::string Mutated(std::string text, const std::string& other, std::mt19937& random) {
  const auto below = [&](std::size_t bound) { return bound == 0 ? 0 : random() % bound; };
  static constexpr std::string_view kOdd = "\r\n\0\"<>;,:@=%\\ \t[]*?/\xFF\x80";
  for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
    const std::size_t at = below(text.size());
    const std::size_t size = std::min(below(40), text.size() - at);
    switch (below(5)) {
      case 0:
        if (!text.empty()) text[at] = kOdd[below(kOdd.size())];
        break;
      case 1:
        text.erase(at, size);
        break;
      case 2:
        text.insert(at, text.substr(at, size));
        break;
      case 3:
        text.replace(at, size, other.substr(below(other.size()), below(80)));
        break;
      default:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
    }
  }
  return text;
}

TEST_F(RefusalsTest, NoInputEndsTheProcess) {
  std::mt19937 random(4475);
  std::vector<std::string> seeds;
  for (const TortureOutcome& outcome : TortureOutcomes()) {
    seeds.push_back(TortureMessage(outcome.name));
  }
  UdpClient client(muster().udp());
  Request good =
      RegisterOf("alice@example.com", "seed", 1)
          .Contact("\"A\" <sip:a@192.0.2.1;x=y?h=i>;q=0.5;expires=100;+sip.instance=\"<urn:a>\"")
          .Line("Path: <sip:p;lr>, <sip:q;lr>")
          .Line("Require: path")
          .Line("Authorization: Digest username=\"a\", realm=\"b\"");
  good.via = client.Via();
  for (int i = 0; i < 10; ++i) seeds.push_back(good.Text());
  const auto mutated = [&] {
    return Mutated(seeds[random() % seeds.size()], seeds[random() % seeds.size()], random);
  };
  Flood(client, 20'000, [&](std::size_t) { return mutated(); });
  for (int i = 0; i < 500; ++i) {
    TcpClient stream(muster().tcp());
    stream.Send(mutated() + mutated());
    if (i % 2 == 0) stream.Reset();
  }
  EXPECT_EQ(TcpClient(muster().tcp()).Ask(Options("alive")).code, 200);
  EXPECT_EQ(client.Ask(RegisterOf("alice@example.com", "z", 1)).code, 200);
}

}  // namespace
}  // namespace muster::testing
