#pragma once

// What `muster` was asked to do.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "url.h"

namespace muster::daemon::cli {

struct Options {
  enum class Command { kList, kShow, kCount, kExplain, kRemove, kStats, kExport, kImport, kCheck };

  Command command = Command::kList;
  std::string url;                   // empty: from the data folder
  std::optional<std::string> token;  // nullopt: from the data folder; empty: none
  std::string data = "./muster-data";
  bool json = false;

  std::vector<QueryParameter> filters;
  std::string sort;      // a field, or - and a field; empty: as the table has them
  std::string group_by;  // a field; empty: a list
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> limit;
  std::string aor;  // to show

  bool dry_run = false;
  bool yes = false;  // do not ask

  std::string file;  // to import; "-" is standard input
  bool all_or_nothing = false;
};

constexpr int kExitOk = 0;
constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
constexpr int kExitTaken = 3;  // by another process, or by a newer version

struct ParsedOptions {
  std::optional<Options> options;  // nullopt: all is said and done, but for the exit
  int exit_code = kExitOk;
};

/// Prints help and version to stdout, and what is wrong to stderr.
ParsedOptions ParseOptions(int argc, const char* const* argv);

}  // namespace muster::daemon::cli
