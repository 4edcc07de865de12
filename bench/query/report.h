#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "bench/query/figures.h"

namespace muster::bench {

/// What was measured of one store at one size.
struct StoreFigures {
  std::string store;
  std::uint32_t rows = 0;
  std::vector<Figures> all;
};

/// A line for each question, a column for each store. Where "muster" is among them the others'
/// times are given as multiples of its. All of one size.
void PrintTable(const std::vector<StoreFigures>& stores, std::FILE* out);

/// In the shape of Google Benchmark's: "query/<store>/<question>/<rows>". False when the file
/// cannot be written.
bool WriteJson(const std::vector<StoreFigures>& stores, const std::string& path);

}  // namespace muster::bench
