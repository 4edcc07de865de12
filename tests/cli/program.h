#pragma once

// Runs the built `muster`.

#include <string>
#include <vector>

namespace muster::daemon::cli::testing {

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// stdin, which holds `input`, at most some kilobytes, stdout and stderr are pipes.
Outcome RunProgram(const std::vector<std::string>& arguments, const std::string& input = "");

/// On a terminal of `columns`, at which somebody types `input`; `out` holds all that it showed.
Outcome RunOnTerminal(const std::vector<std::string>& arguments, unsigned short columns,
                      const std::string& input);

}  // namespace muster::daemon::cli::testing
