#include "bench/query/measurement.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "bench/query/answer_check.h"
#include "bench/query/refresh_measurement.h"

namespace muster::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kQuestionSeed = 7;
constexpr std::size_t kMinQuestions = 5;
constexpr std::size_t kMaxQuestions = 20'000;
constexpr std::size_t kBatch = 64;  // questions that are made before they are asked

double ResidentBytes() {
  malloc_trim(0);  // what the store has freed is not its own
  std::ifstream statm("/proc/self/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double NanosecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
}

Figures Fill(QueryStore& store, const RowGenerator& generator, std::uint32_t rows) {
  const double empty = ResidentBytes();
  double string_bytes = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const BindingRow made = generator.MakeBinding(row);
    string_bytes += static_cast<double>(made.string_bytes());
    store.Add(made);
  }
  store.FinishBindings();
  const double with_bindings = ResidentBytes();
  for (std::uint32_t row = 0; row < rows; ++row) store.Add(generator.MakeOutbound(row));
  store.FinishOutbound();
  return {"memory",
          {{"bytes_per_binding", (with_bindings - empty) / rows},
           {"string_bytes", string_bytes / rows},
           {"bytes_per_outbound", (ResidentBytes() - with_bindings) / rows}}};
}

/// `times` is not empty, and is sorted by this.
Figures FiguresOf(QuestionKind kind, std::vector<double>& times) {
  std::sort(times.begin(), times.end());
  double sum = 0;
  for (const double time : times) sum += time;
  const auto quantile = [&times](double fraction) {
    const auto rank = std::ceil(fraction * static_cast<double>(times.size()));
    return times[static_cast<std::size_t>(rank) - 1];
  };
  const auto count = static_cast<double>(times.size());
  return {std::string(NameOf(kind)),
          {{"p50", quantile(0.5)},
           {"p99", quantile(0.99)},
           {"mean", sum / count},
           {"iterations", count}}};
}

Figures MeasureQuestion(QueryStore& store, QuestionGenerator& questions, QuestionKind kind,
                        double seconds) {
  QueryAnswer answer;
  store.Answer(questions.Make(kind), answer);  // not counted: what it touches is cold
  std::vector<double> times;
  times.reserve(kMaxQuestions);
  const Clock::time_point start = Clock::now();
  const auto goes_on = [&] {
    return times.size() < kMinQuestions ||
           (times.size() < kMaxQuestions && NanosecondsSince(start) < seconds * 1e9);
  };
  while (goes_on()) {
    for (const Question& question : questions.Make(kind, kBatch)) {
      const Clock::time_point asked_at = Clock::now();
      store.Answer(question, answer);
      times.push_back(NanosecondsSince(asked_at));
      if (!goes_on()) break;
    }
  }
  return FiguresOf(kind, times);
}

void CompareDeepPage(std::vector<Figures>& all) {
  const auto of = [&all](QuestionKind kind) -> Figures& {
    return *std::find_if(all.begin(), all.end(),
                         [kind](const Figures& one) { return one.name == NameOf(kind); });
  };
  Figures& deep = of(QuestionKind::kDeepPage);
  deep.values["ratio_to_first_page"] =
      deep.values["p50"] / of(QuestionKind::kFirstPage).values["p50"];
}

}  // namespace

std::vector<Figures> Measure(QueryStore& store, const RowGenerator& generator,
                             const MeasurementOptions& options) {
  std::vector<Figures> all;
  all.push_back(Fill(store, generator, options.rows));
  const std::string fault = FirstWrongTotal(store, generator, options.rows);
  if (!fault.empty()) {
    std::fprintf(stderr, "query_bench: wrong answer: %s\n", fault.c_str());
    std::exit(1);
  }
  QuestionGenerator questions(generator, options.rows, kQuestionSeed);
  for (const QuestionKind kind : QuestionKinds())
    all.push_back(MeasureQuestion(store, questions, kind, options.seconds));
  CompareDeepPage(all);
  for (Figures& figures : MeasureRefreshes(store, generator, options))
    all.push_back(std::move(figures));
  return all;
}

}  // namespace muster::bench
