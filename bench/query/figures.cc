#include "bench/query/figures.h"

#include <limits>
#include <sstream>

namespace muster::bench {

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
