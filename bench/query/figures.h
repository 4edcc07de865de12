#pragma once

#include <map>
#include <string>
#include <vector>

namespace muster::bench {

/// What was measured of one thing: of a question, of memory, of refreshes.
struct Figures {
  std::string name;
  std::map<std::string, double> values;  // times in nanoseconds
};

/// Lines of text, for the way from one process to another.
std::string ToText(const std::vector<Figures>& all);
std::vector<Figures> FiguresFromText(const std::string& text);

}  // namespace muster::bench
