#pragma once

// What a command says to whoever started it.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace muster::daemon::cli {

/// Says on stderr what went wrong, and returns `exit_code`.
int Fail(int exit_code, const std::string& text);

/// Writes to stdout. Returns kExitOk, or says that it failed.
int Print(const std::string& text);

/// As Print, with escapes for what could command a terminal when it goes to one.
int PrintJson(const std::string& json);

/// Of the terminal, in characters; 0, no limit, when the output goes to a file or a program, which
/// wants it whole.
std::size_t OutputWidth();

/// A count that grows on stderr, when that is a terminal.
class Progress {
 public:
  /// `unit` of what is counted: "lines".
  explicit Progress(std::string unit);
  ~Progress() { Clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Shows it, if the last time was long enough ago.
  void Show(std::uint64_t count);
  /// Makes room for other lines.
  void Clear();

 private:
  const std::string unit_;
  const bool is_terminal_;
  bool is_shown_ = false;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace muster::daemon::cli
