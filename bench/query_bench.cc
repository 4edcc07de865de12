// Questions to the table of bindings, ours beside other stores': p50 and p99 of each question,
// memory, and refreshes while somebody reads.
//
// Each store is filled and measured in a process of its own, so that resident memory is the
// store's. Before that, at --verify-rows, its answers are held against a naive scan; a wrong one
// ends the program.

#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/query/answer_check.h"
#include "bench/query/measurement.h"
#include "bench/query/report.h"
#include "bench/query/row_generator.h"
#include "bench/query/store.h"

namespace muster::bench {
namespace {

constexpr std::uint32_t kSeed = 20'240'711;
constexpr std::size_t kVerifiedQuestions = 20;  // of each kind

struct StoreMaker {
  std::string name;
  std::unique_ptr<QueryStore> (*make)();
};

/// In the order of the table's columns.
std::vector<StoreMaker> MakeCandidates() {
  return {{"muster", MakeMusterStore},
          {"sqlite", MakeSqliteStore},
          {"multi_index", MakeMultiIndexStore}};
}

struct CommandLine {
  std::vector<std::uint32_t> rows = {100'000};
  std::vector<std::string> stores;
  std::uint32_t verify_rows = 20'000;
  double seconds = 1;
  std::string json;
};

void AddFlags(CLI::App& app, CommandLine& line) {
  std::vector<std::string> names;
  for (const StoreMaker& maker : MakeCandidates()) names.push_back(maker.name);
  app.add_option("--rows", line.rows, "sizes, comma-separated")
      ->delimiter(',')
      ->check(CLI::Range(1'000u, 100'000'000u))
      ->capture_default_str();
  app.add_option("--stores", line.stores, "comma-separated; default: all")
      ->delimiter(',')
      ->check(CLI::IsMember(names));
  app.add_option("--verify-rows", line.verify_rows, "check answers at this size; 0: do not")
      ->check(CLI::Range(0u, 1'000'000u))
      ->capture_default_str();
  app.add_option("--seconds", line.seconds, "ask each question for so long")
      ->check(CLI::Range(0.0, 60.0))
      ->capture_default_str();
  app.add_option("--json", line.json, "also write Google Benchmark's JSON to this file");
}

/// Runs `work` in a child process; the text that it gives, or nullopt when it failed.
std::optional<std::string> RunInChild(const std::function<std::string()>& work) {
  int ends[2];
  if (pipe(ends) != 0) return std::nullopt;
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return std::nullopt;
  if (child == 0) {
    close(ends[0]);
    const std::string text = work();
    std::FILE* out = fdopen(ends[1], "w");
    const bool written = std::fwrite(text.data(), 1, text.size(), out) == text.size();
    _exit(std::fclose(out) == 0 && written ? 0 : 1);
  }
  close(ends[1]);
  std::string text;
  char bytes[4'096];
  for (ssize_t size; (size = read(ends[0], bytes, sizeof bytes)) > 0;)
    text.append(bytes, static_cast<std::size_t>(size));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return text;
}

bool Verify(const StoreMaker& maker, const RowGenerator& generator, std::uint32_t rows) {
  const auto fault =
      RunInChild([&] { return FirstFaultOf(*maker.make(), generator, rows, kVerifiedQuestions); });
  if (fault && fault->empty()) return true;
  std::fprintf(stderr, "query_bench: %s: wrong answer: %s\n", maker.name.c_str(),
               fault ? fault->c_str() : "it ended");
  return false;
}

std::optional<StoreFigures> MeasureInChild(const StoreMaker& maker, const RowGenerator& generator,
                                           const MeasurementOptions& options) {
  const auto text = RunInChild([&] { return ToText(Measure(*maker.make(), generator, options)); });
  if (!text) {
    std::fprintf(stderr, "query_bench: %s: it ended\n", maker.name.c_str());
    return std::nullopt;
  }
  return StoreFigures{maker.name, options.rows, FiguresFromText(*text)};
}

std::vector<StoreMaker> ChosenStores(const CommandLine& line) {
  std::vector<StoreMaker> chosen = MakeCandidates();
  std::erase_if(chosen, [&line](const StoreMaker& maker) {
    return !line.stores.empty() &&
           std::find(line.stores.begin(), line.stores.end(), maker.name) == line.stores.end();
  });
  return chosen;
}

void PrintStringBytes(const RowGenerator& generator) {
  constexpr std::uint32_t kRows = 100'000;
  double contact = 0, call_id = 0, instance = 0, to = 0, user_agent = 0, aor = 0, user = 0;
  const auto add = [](double& sum, std::string_view text) {
    sum += static_cast<double>(text.size()) / kRows;
  };
  for (std::uint32_t n = 0; n < kRows; ++n) {
    const BindingRow row = generator.MakeBinding(n);
    add(contact, row.contact);
    add(call_id, row.call_id);
    add(instance, row.instance);
    add(to, row.to_uri);
    add(user_agent, row.user_agent);
    add(aor, row.aor.text());
    add(user, row.aor.user());
  }
  std::printf(
      "bytes of a binding's strings: contact %.1f, Call-ID %.1f, instance %.1f, To %.1f,"
      " User-Agent %.1f (%zu different ones), AoR %.1f, user %.1f\n\n",
      contact, call_id, instance, to, user_agent, UserAgents().size(), aor, user);
}

int Run(const CommandLine& line) {
  const RowGenerator generator(kSeed);
  PrintStringBytes(generator);
  const std::vector<StoreMaker> makers = ChosenStores(line);
  for (const StoreMaker& maker : makers) {
    if (line.verify_rows > 0 && !Verify(maker, generator, line.verify_rows)) return 1;
  }
  std::vector<StoreFigures> all;
  for (const std::uint32_t rows : line.rows) {
    std::vector<StoreFigures> of_size;
    for (const StoreMaker& maker : makers) {
      auto figures = MeasureInChild(maker, generator, {rows, line.seconds});
      if (!figures) return 1;
      of_size.push_back(*std::move(figures));
    }
    PrintTable(of_size, stdout);
    std::printf("\n");
    all.insert(all.end(), of_size.begin(), of_size.end());
  }
  if (line.json.empty() || WriteJson(all, line.json)) return 0;
  std::fprintf(stderr, "query_bench: cannot write %s\n", line.json.c_str());
  return 1;
}

}  // namespace
}  // namespace muster::bench

int main(int argc, char** argv) {
  CLI::App app{"Asks muster's table, SQLite and Boost.MultiIndex the same questions."};
  muster::bench::CommandLine line;
  muster::bench::AddFlags(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return muster::bench::Run(line);
}
