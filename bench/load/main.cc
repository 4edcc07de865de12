// muster-load: a crowd of phones that register over UDP, for measuring and for filling a registrar.
// It talks to loopback only: it is no tool for other people's servers.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <map>
#include <string>

#include "bench/load/load_run.h"

namespace {

using muster::bench::LoadOptions;
using muster::bench::LoadResult;
using muster::bench::Mode;
using muster::bench::Names;

const std::map<std::string, Mode> kModes = {
    {"new", Mode::kNew}, {"refresh", Mode::kRefresh}, {"mixed", Mode::kMixed}};
const std::map<std::string, Names> kNames = {{"numeric", Names::kNumeric},
                                             {"random", Names::kRandom}};
constexpr double kMaxSeconds = 600;
constexpr std::size_t kMaxWindow = std::size_t{1} << 16;

struct CommandLine {
  std::string target = "127.0.0.1:5060";
  LoadOptions load;
  double seconds = 5;
  long timeout_ms = 1'000;
  int cpu = -1;
  bool json = false;
};

void AddFlags(CLI::App& app, CommandLine& line) {
  LoadOptions& load = line.load;
  app.add_option("target", line.target, "HOST:PORT on loopback")->capture_default_str();
  app.add_option("--mode", load.mode, "new, refresh or mixed (nine refreshes to one new user)")
      ->transform(CLI::CheckedTransformer(kModes));
  app.add_option("--names", load.names, "numeric or random user names")
      ->transform(CLI::CheckedTransformer(kNames));
  app.add_option("--users", load.users, "users in all")->check(CLI::Range(1ul, 100'000'000ul));
  app.add_option("--first-user", load.first_user, "number of the first one");
  app.add_option("--cseq", load.first_cseq, "CSeq of a user's first REGISTER");
  app.add_option("--window", load.window, "requests that wait for an answer at once")
      ->check(CLI::Range(std::size_t{1}, kMaxWindow));
  app.add_option("--rate", load.rate, "requests a second; 0: as fast as answers come")
      ->check(CLI::Range(0.0, 1e7));
  app.add_option("--count", load.count, "end after so many requests");
  app.add_option("--seconds", line.seconds, "end after so many seconds")
      ->check(CLI::Range(0.0, kMaxSeconds));
  app.add_option("--timeout-ms", line.timeout_ms, "wait so long for an answer")
      ->check(CLI::Range(1l, 60'000l));
  app.add_option("--retransmit", load.retransmissions, "send again so often before giving up")
      ->check(CLI::Range(0, 10));
  app.add_option("--cpu", line.cpu, "run on this core")->check(CLI::Range(0, 1'023));
  app.add_flag("--json", line.json, "print one JSON object");
}

double Microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

void Print(const LoadResult& result, const char* format) {
  std::printf(
      format, result.per_second(), result.elapsed.count(), result.sent, result.right, result.wrong,
      result.lost, result.stale, result.retransmitted, result.held_back,
      Microseconds(result.latency.Quantile(0.5)), Microseconds(result.latency.Quantile(0.9)),
      Microseconds(result.latency.Quantile(0.99)), Microseconds(result.latency.Quantile(0.999)),
      Microseconds(result.latency.max()), result.next_cseq);
}

constexpr char kText[] =
    "%.0f registrations/s in %.3f s\n"
    "sent %lu, right %lu, wrong %lu, lost %lu, stale %lu, sent again %lu, held back %lu\n"
    "latency in us: p50 %.0f, p90 %.0f, p99 %.0f, p99.9 %.0f, max %.0f\n"
    "next CSeq %u\n";
constexpr char kJson[] =
    "{\"items_per_second\": %.1f, \"seconds\": %.6f, \"sent\": %lu, \"right\": %lu, "
    "\"wrong\": %lu, \"lost\": %lu, \"stale\": %lu, \"retransmitted\": %lu, \"held_back\": %lu, "
    "\"latency_us\": {\"p50\": %.1f, \"p90\": %.1f, \"p99\": %.1f, \"p99.9\": %.1f, "
    "\"max\": %.1f}, \"next_cseq\": %u}\n";

int Run(CommandLine& line) {
  line.load.target = muster::bench::SocketAddress::Parse(line.target);
  if (!line.load.target.is_loopback()) {
    std::fprintf(stderr, "muster-load: %s is not on loopback\n", line.target.c_str());
    return 2;
  }
  line.load.seconds = std::chrono::duration<double>(line.seconds);
  line.load.timeout = std::chrono::milliseconds(line.timeout_ms);
  if (line.cpu >= 0) muster::bench::PinThread(line.cpu);
  const LoadResult result = muster::bench::RunLoad(line.load);
  Print(result, line.json ? kJson : kText);
  if (result.wrong > 0) {
    std::fprintf(stderr, "muster-load: wrong answer: %s\n", result.first_wrong.c_str());
  }
  return result.wrong == 0 && result.right > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Registers a crowd of phones over UDP and checks each answer."};
  CommandLine line;
  AddFlags(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return Run(line);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "muster-load: %s\n", error.what());
    return 1;
  }
}
