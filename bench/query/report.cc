#include "bench/query/report.h"

#include <algorithm>
#include <functional>
#include <thread>

#include "bench/query/concat.h"
#include "bench/query/question.h"

namespace muster::bench {
namespace {

constexpr char kReference[] = "muster";

template <typename... Values>
std::string Format(const char* format, Values... values) {
  char text[128];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, format, values...))};
}

const Figures* Find(const StoreFigures& store, const std::string& name) {
  const auto place = std::find_if(store.all.begin(), store.all.end(),
                                  [&name](const Figures& one) { return one.name == name; });
  return place == store.all.end() ? nullptr : &*place;
}

double ValueOf(const Figures& figures, const std::string& name) {
  const auto place = figures.values.find(name);
  return place == figures.values.end() ? 0 : place->second;
}

/// "1.23 us", of nanoseconds.
std::string Time(double time) {
  const char* unit = "ns";
  for (const char* larger : {"us", "ms", "s"}) {
    if (time < 999.5) break;
    time /= 1'000;
    unit = larger;
  }
  return Format(time < 9.995 ? "%.2f %s" : time < 99.95 ? "%.1f %s" : "%.0f %s", time, unit);
}

/// p50, p99, and the former as a multiple of `reference`'s, which may be null.
std::string TimesCell(const Figures& figures, const Figures* reference) {
  std::string cell = Format("%9s %9s", Time(ValueOf(figures, "p50")).c_str(),
                            Time(ValueOf(figures, "p99")).c_str());
  if (reference != nullptr && reference != &figures)
    cell += Format(" x%-7.3g", ValueOf(figures, "p50") / ValueOf(*reference, "p50"));
  return cell;
}

/// A line that is no question's: one value of those that were measured.
struct ValueLine {
  const char* title;
  const char* figures;
  const char* value;
  std::function<std::string(double)> write;
};

std::vector<ValueLine> ValueLines() {
  const auto whole = [](double value) { return Format("%.0f", value); };
  const auto ratio = [](double value) { return Format("%.3g", value); };
  return {
      {"bytes per binding", "memory", "bytes_per_binding", whole},
      {"  bytes of its strings", "memory", "string_bytes", whole},
      {"bytes per outbound row", "memory", "bytes_per_outbound", whole},
      {"deep page / first page", "deep_page", "ratio_to_first_page", ratio},
      {"refreshes a second", "refresh", "items_per_second", whole},
      {"  while paging", "refresh_while_paging", "items_per_second", whole},
      {"    of undisturbed", "refresh_while_paging", "ratio_to_undisturbed", ratio},
      {"    p99.9", "refresh_while_paging", "p99.9", Time},
      {"    pages a second", "refresh_while_paging", "pages_per_second", whole},
      {"  by two threads", "refresh_two_threads", "items_per_second", whole},
      {"    of one thread's", "refresh_two_threads", "ratio_to_one_thread", ratio},
  };
}

void PrintLine(const std::string& title, const std::vector<std::string>& cells, std::FILE* out) {
  std::string line = Format("%-24s", title.c_str());
  for (const std::string& cell : cells) line += Format("  %-28s", cell.c_str());
  line.erase(line.find_last_not_of(' ') + 1);
  std::fprintf(out, "%s\n", line.c_str());
}

void PrintQuestion(const std::string& name, const std::vector<StoreFigures>& stores,
                   std::FILE* out) {
  const auto muster = std::find_if(stores.begin(), stores.end(), [](const StoreFigures& store) {
    return store.store == kReference;
  });
  const Figures* reference = muster == stores.end() ? nullptr : Find(*muster, name);
  std::vector<std::string> cells;
  for (const StoreFigures& store : stores) {
    const Figures* figures = Find(store, name);
    cells.push_back(figures == nullptr ? "-" : TimesCell(*figures, reference));
  }
  PrintLine(name, cells, out);
}

void PrintValue(const ValueLine& value, const std::vector<StoreFigures>& stores, std::FILE* out) {
  std::vector<std::string> cells;
  for (const StoreFigures& store : stores) {
    const Figures* figures = Find(store, value.figures);
    cells.push_back(figures == nullptr
                        ? "-"
                        : Format("%9s", value.write(ValueOf(*figures, value.value)).c_str()));
  }
  PrintLine(value.title, cells, out);
}

/// Google Benchmark's fields, and behind them all values by their names.
std::string JsonRow(const StoreFigures& store, const Figures& figures) {
  const std::string name = Concat("query/", store.store, "/", figures.name, "/", store.rows);
  const double mean = ValueOf(figures, "mean");
  std::string row = Concat("    {\"name\": \"", name, "\", \"run_name\": \"", name, "\"");
  row += R"(, "run_type": "iteration", "repetitions": 1, "threads": 1)";
  row += Format(", \"iterations\": %.0f, \"real_time\": %.6g, \"cpu_time\": %.6g",
                std::max(ValueOf(figures, "iterations"), 1.0), mean, mean);
  row += R"(, "time_unit": "ns")";
  for (const auto& [value_name, value] : figures.values) {
    if (value_name != "iterations") row += Format(", \"%s\": %.6g", value_name.c_str(), value);
  }
  return row + "}";
}

}  // namespace

void PrintTable(const std::vector<StoreFigures>& stores, std::FILE* out) {
  std::vector<std::string> names;
  std::vector<std::string> heads;
  for (const StoreFigures& store : stores) {
    names.push_back(store.store);
    heads.push_back(Format("%9s %9s", "p50", "p99"));
  }
  PrintLine(Concat(stores.front().rows, " rows"), names, out);
  PrintLine("", heads, out);
  for (const QuestionKind kind : QuestionKinds())
    PrintQuestion(std::string(NameOf(kind)), stores, out);
  PrintQuestion("refresh", stores, out);
  for (const ValueLine& value : ValueLines()) PrintValue(value, stores, out);
}

bool WriteJson(const std::vector<StoreFigures>& stores, const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) return false;
  std::fprintf(file,
               "{\n  \"context\": {\"executable\": \"query_bench\", \"num_cpus\": %u},\n"
               "  \"benchmarks\": [",
               std::thread::hardware_concurrency());
  const char* separator = "\n";
  for (const StoreFigures& store : stores) {
    for (const Figures& figures : store.all) {
      std::fprintf(file, "%s%s", separator, JsonRow(store, figures).c_str());
      separator = ",\n";
    }
  }
  std::fprintf(file, "\n  ]\n}\n");
  return std::fclose(file) == 0;
}

}  // namespace muster::bench
