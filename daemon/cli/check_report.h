#pragma once

// What `muster check` has found, for people and for programs.

#include <cstdint>
#include <string>
#include <vector>

#include "muster/journal/recovery.h"

namespace muster::daemon::cli {

struct CheckReport {
  std::string database;
  journal::Inspected inspected;
  std::uint64_t bindings = 0;          // current ones, that musterd would hold
  std::vector<std::string> set_aside;  // earlier databases

  bool is_sound() const {
    return inspected.replayed.damages.empty() && inspected.integrity.empty();
  }
};

/// Lines. Control characters, of file names or of what SQLite quotes, are shown as '?'.
std::string CheckText(const CheckReport& report);
/// One object, and a line's end.
std::string CheckJson(const CheckReport& report);

}  // namespace muster::daemon::cli
