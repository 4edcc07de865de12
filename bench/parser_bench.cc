// Time per message of parsing REGISTERs: parse/muster/<small|phone|fat>/<varied|shuffled>. Each row
// walks 1,024 different messages; what is decoded of each is compared to what the generator put in
// before anything is timed.

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/message_generator.h"
#include "muster/parser/message.h"

namespace {

using muster::bench::GeneratedMessage;
using muster::bench::HeaderOrder;
using muster::bench::MessageGenerator;
using muster::bench::MessageSize;
using namespace muster::parser;

constexpr std::size_t kMessages = 1'024;
constexpr std::uint32_t kSeed = 20'240'711;

bool DecodesTo(const GeneratedMessage& expected, const Message& message) {
  if (message.contacts().size() != 1) return false;
  const Contact& contact = message.contacts()[0];
  return message.method == Method::kRegister && message.request_uri.host == expected.domain &&
         message.top_via.host == expected.via_host && message.top_via.branch == expected.branch &&
         message.top_via.has_rport && message.from_tag == expected.from_tag &&
         message.to.uri.user == expected.user && message.to.uri.host == expected.domain &&
         message.to_tag.empty() && message.call_id == expected.call_id &&
         message.cseq.number == expected.cseq && message.cseq.method == Method::kRegister &&
         contact.address.uri.text == expected.contact_uri &&
         contact.expires_seconds == expected.contact_expires_seconds &&
         contact.instance == expected.instance &&
         message.headers().size() == expected.header_count && message.body.empty();
}

void CheckOnce(const std::vector<GeneratedMessage>& messages) {
  Message message;
  for (const GeneratedMessage& each : messages) {
    const ParseResult result = ParseMessage(each.bytes, Framing::kDatagram, message);
    if (result.outcome == ParseOutcome::kComplete && result.size == each.bytes.size() &&
        DecodesTo(each, message)) {
      continue;
    }
    std::fprintf(stderr, "parser_bench: decoded wrongly (%.*s at %u):\n%s",
                 static_cast<int>(Describe(result.error.code).size()),
                 Describe(result.error.code).data(), result.error.offset, each.bytes.c_str());
    std::exit(1);
  }
}

void Parse(benchmark::State& state, MessageSize size, HeaderOrder order) {
  const std::vector<GeneratedMessage> messages =
      MessageGenerator(kSeed).Make(kMessages, size, order);
  CheckOnce(messages);
  std::size_t bytes = 0;
  for (const GeneratedMessage& each : messages) bytes += each.bytes.size();
  Message message;
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(ParseMessage(messages[next].bytes, Framing::kDatagram, message));
    benchmark::ClobberMemory();
    next = (next + 1) % kMessages;
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["message_bytes"] = static_cast<double>(bytes) / kMessages;
}

void Register() {
  const std::pair<const char*, MessageSize> sizes[] = {
      {"small", MessageSize::kSmall}, {"phone", MessageSize::kPhone}, {"fat", MessageSize::kFat}};
  const std::pair<const char*, HeaderOrder> orders[] = {{"varied", HeaderOrder::kVaried},
                                                        {"shuffled", HeaderOrder::kShuffled}};
  for (const auto& [size_name, size] : sizes) {
    for (const auto& [order_name, order] : orders) {
      const std::string name = std::string("parse/muster/") + size_name + "/" + order_name;
      benchmark::RegisterBenchmark(name.c_str(), Parse, size, order);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  Register();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
