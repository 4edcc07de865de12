#pragma once

// The settings of musterd, each in one row: its name, what its values are, and how they reach
// Options. Flags, environment and file all speak of these rows.

#include <functional>
#include <string>
#include <vector>

#include "daemon/options.h"

namespace muster::daemon {

struct Setting {
  std::string name;    // "min-expires": flag --min-expires, variable MUSTER_MIN_EXPIRES
  std::string values;  // "SECONDS", for the help
  std::string help;
  bool repeatable = false;
  /// Takes the values into the options; a text that says what was expected when one is wrong.
  std::function<std::optional<std::string>(const std::vector<std::string>& values, Options&)> set;
};

const std::vector<Setting>& Settings();

/// What holds between settings: a text that says what is wrong.
std::optional<std::string> CheckTogether(const Options& options);

/// Options before anything was said, defaults that depend on the machine included.
Options DefaultOptions();

}  // namespace muster::daemon
