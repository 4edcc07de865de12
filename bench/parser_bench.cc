// Time per message of parsing REGISTERs, ours beside other libraries':
// parse/<muster|sofia|osip|libre>/<small|phone|fat>/<varied|shuffled>.
//
// Each row walks 1,024 different messages. Before anything is timed each parser's values of each
// message are compared to what the generator put in; a difference ends the program, and so does an
// allocation of ours.
//
// --walk=ROW parses that row's messages kWalkPasses times and measures nothing: for a profiler.

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/allocation_count.h"
#include "bench/message_generator.h"
#include "bench/parsers/parser_under_test.h"

namespace muster::bench {

// Named for a profiler, which collects in here alone.
__attribute__((noinline)) void ParseEach(ParserUnderTest& parser,
                                         const std::vector<std::string_view>& messages) {
  for (const std::string_view message : messages) {
    parser.Parse(message);
    parser.Release();
  }
}

namespace {

constexpr std::size_t kMessages = 1'024;
constexpr std::uint32_t kSeed = 20'240'711;
constexpr int kWalkPasses = 16;

struct Corpus {
  double mean_bytes() const { return static_cast<double>(bytes.size()) / kMessages; }

  std::string name;
  std::vector<GeneratedMessage> generated;
  // The messages one behind the other, so that the processor can fetch them ahead: what is measured
  // is parsing, not the way of a datagram into the cache.
  std::string bytes;
  std::vector<std::string_view> messages;  // in `bytes`
};

Corpus MakeCorpus(std::string name, MessageSize size, HeaderOrder order) {
  Corpus corpus;
  corpus.name = std::move(name);
  corpus.generated = MessageGenerator(kSeed).Make(kMessages, size, order);
  for (const GeneratedMessage& message : corpus.generated) corpus.bytes += message.bytes;
  std::string_view rest = corpus.bytes;
  for (const GeneratedMessage& message : corpus.generated) {
    corpus.messages.push_back(rest.substr(0, message.bytes.size()));
    rest.remove_prefix(message.bytes.size());
  }
  return corpus;
}

struct Candidate {
  std::string name;
  std::unique_ptr<ParserUnderTest> parser;
};

std::vector<Corpus> MakeCorpora() {
  const std::pair<const char*, MessageSize> sizes[] = {
      {"small", MessageSize::kSmall}, {"phone", MessageSize::kPhone}, {"fat", MessageSize::kFat}};
  const std::pair<const char*, HeaderOrder> orders[] = {{"varied", HeaderOrder::kVaried},
                                                        {"shuffled", HeaderOrder::kShuffled}};
  std::vector<Corpus> corpora;
  for (const auto& [size_name, size] : sizes) {
    for (const auto& [order_name, order] : orders) {
      corpora.push_back(MakeCorpus(std::string(size_name) + "/" + order_name, size, order));
    }
  }
  return corpora;
}

std::vector<Candidate> MakeCandidates() {
  std::vector<Candidate> candidates;
  candidates.push_back({"muster", MakeMusterParser()});
  candidates.push_back({"sofia", MakeSofiaParser()});
  candidates.push_back({"osip", MakeOsipParser()});
  candidates.push_back({"libre", MakeLibreParser()});
  return candidates;
}

std::string RowName(const Candidate& candidate, const Corpus& corpus) {
  return "parse/" + candidate.name + "/" + corpus.name;
}

[[noreturn]] void Fail(const std::string& row, const std::string& what, std::string_view message) {
  std::fprintf(stderr, "parser_bench: %s: %s\n%.*s", row.c_str(), what.c_str(),
               static_cast<int>(message.size()), message.data());
  std::exit(1);
}

void Check(const Candidate& candidate, const Corpus& corpus) {
  const std::string row = RowName(candidate, corpus);
  for (std::size_t i = 0; i < kMessages; ++i) {
    const std::string_view message = corpus.messages[i];
    if (!candidate.parser->Parse(message)) Fail(row, "refuses the message", message);
    const std::string difference =
        FirstDifference(corpus.generated[i].values, candidate.parser->values());
    candidate.parser->Release();
    if (!difference.empty()) Fail(row, difference, message);
  }
}

double AllocationsPerMessage(const Candidate& candidate, const Corpus& corpus) {
  const std::uint64_t before = AllocationCount();
  ParseEach(*candidate.parser, corpus.messages);
  return static_cast<double>(AllocationCount() - before) / kMessages;
}

void Time(benchmark::State& state, ParserUnderTest& parser, const Corpus& corpus,
          double allocations) {
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(parser.Parse(corpus.messages[next]));
    parser.Release();
    next = (next + 1) % kMessages;
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["message_bytes"] = corpus.mean_bytes();
  state.counters["allocations"] = allocations;
}

void CheckAndRegister(const Candidate& candidate, const Corpus& corpus) {
  Check(candidate, corpus);
  const std::string row = RowName(candidate, corpus);
  const double allocations = AllocationsPerMessage(candidate, corpus);
  if (candidate.name == "muster" && allocations != 0) Fail(row, "allocates", "");
  benchmark::RegisterBenchmark(
      row.c_str(), [parser = candidate.parser.get(), &corpus, allocations](
                       benchmark::State& state) { Time(state, *parser, corpus, allocations); });
}

int Walk(std::string_view row) {
  const std::vector<Candidate> candidates = MakeCandidates();
  for (const Corpus& corpus : MakeCorpora()) {
    for (const Candidate& candidate : candidates) {
      if (RowName(candidate, corpus) != row) continue;
      for (int pass = 0; pass < kWalkPasses; ++pass) ParseEach(*candidate.parser, corpus.messages);
      std::printf("%zu messages\n", kWalkPasses * kMessages);
      return 0;
    }
  }
  std::fprintf(stderr, "parser_bench: there is no row '%s'\n", std::string(row).c_str());
  return 1;
}

int Run(int argc, char** argv) {
  constexpr std::string_view kWalk = "--walk=";
  if (argc == 2 && std::string_view(argv[1]).starts_with(kWalk))
    return Walk(argv[1] + kWalk.size());
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  const std::vector<Corpus> corpora = MakeCorpora();
  const std::vector<Candidate> candidates = MakeCandidates();
  for (const Corpus& corpus : corpora) {
    for (const Candidate& candidate : candidates) CheckAndRegister(candidate, corpus);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace
}  // namespace muster::bench

int main(int argc, char** argv) { return muster::bench::Run(argc, argv); }
