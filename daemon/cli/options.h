#pragma once

// What `muster` was asked to do.

#include <cstdint>
#include <optional>
#include <string>

namespace muster::daemon::cli {

/// Which registrations: all, or those that one value selects.
struct Selector {
  enum class Field { kAll, kUser, kMac, kIp, kCallId, kServer };
  Field field = Field::kAll;
  std::string value;
};

struct Options {
  enum class Command { kList, kRemove, kExport, kImport, kCheck };

  Command command = Command::kList;
  std::string url;                   // empty: from the data folder
  std::optional<std::string> token;  // nullopt: from the data folder; empty: none
  std::string data = "./muster-data";
  Selector selector;
  bool json = false;
  std::optional<std::uint64_t> start;
  std::optional<std::uint64_t> limit;  // 0 = no limit
  bool yes = false;                    // do not ask
  std::string file;                    // to import; "-" is standard input
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
