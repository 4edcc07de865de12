#include "bench/query/measurement.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

#include "bench/query/refresher.h"

namespace muster::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kQuestionSeed = 7;
constexpr std::size_t kMinQuestions = 5;
constexpr std::size_t kMaxQuestions = 20'000;

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
    return times[static_cast<std::size_t>(fraction * static_cast<double>(times.size() - 1))];
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
  const Question first = questions.Make(kind);
  const Clock::time_point begin = Clock::now();
  store.Answer(first, answer);  // not counted: what it touches is cold
  const double guess = std::max(NanosecondsSince(begin), 1.0);
  const auto count = static_cast<std::size_t>(seconds * 1e9 / guess);
  const auto asked = questions.Make(kind, std::clamp(count, kMinQuestions, kMaxQuestions));
  std::vector<double> times;
  times.reserve(asked.size());
  const Clock::time_point start = Clock::now();
  for (const Question& question : asked) {
    const Clock::time_point asked_at = Clock::now();
    store.Answer(question, answer);
    times.push_back(NanosecondsSince(asked_at));
    if (times.size() >= kMinQuestions && NanosecondsSince(start) > seconds * 1e9) break;
  }
  return FiguresOf(kind, times);
}

void CompareDeepPage(std::vector<Figures>& all) {
  const auto p50 = [&all](QuestionKind kind) -> Figures& {
    return *std::find_if(all.begin(), all.end(),
                         [kind](const Figures& one) { return one.name == NameOf(kind); });
  };
  Figures& deep = p50(QuestionKind::kDeepPage);
  deep.values["ratio_to_first_page"] =
      deep.values["p50"] / p50(QuestionKind::kFirstPage).values["p50"];
}

}  // namespace

std::vector<Figures> Measure(QueryStore& store, const RowGenerator& generator,
                             const MeasurementOptions& options) {
  std::vector<Figures> all;
  all.push_back(Fill(store, generator, options.rows));
  QuestionGenerator questions(generator, options.rows, kQuestionSeed);
  for (const QuestionKind kind : QuestionKinds())
    all.push_back(MeasureQuestion(store, questions, kind, options.seconds));
  CompareDeepPage(all);
  for (Figures& figures : MeasureRefreshes(store, generator, options))
    all.push_back(std::move(figures));
  return all;
}

std::string ToText(const std::vector<Figures>& all) {
  std::ostringstream text;
  text.precision(std::numeric_limits<double>::max_digits10);
  for (const Figures& one : all) {
    text << one.name;
    for (const auto& [name, value] : one.values) text << ' ' << name << ' ' << value;
    text << '\n';
  }
  return text.str();
}

std::vector<Figures> FiguresFromText(const std::string& text) {
  std::vector<Figures> all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Figures& one = all.emplace_back();
    words >> one.name;
    std::string name;
    double value = 0;
    while (words >> name >> value) one.values[name] = value;
  }
  return all;
}

}  // namespace muster::bench
