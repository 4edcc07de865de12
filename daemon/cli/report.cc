#include "report.h"

#include <unistd.h>

#include <iostream>
#include <utility>

#include "options.h"

namespace muster::daemon::cli {
namespace {

constexpr std::chrono::milliseconds kProgressInterval(100);

}  // namespace

int Fail(int exit_code, const std::string& text) {
  std::cerr << "muster: " << text << "\n";
  return exit_code;
}

int Print(const std::string& text) {
  std::cout << text << std::flush;
  return std::cout ? kExitOk : Fail(kExitFailed, "cannot write to stdout");
}

Progress::Progress(std::string unit)
    : unit_(std::move(unit)), is_terminal_(::isatty(STDERR_FILENO) == 1) {}

void Progress::Show(std::uint64_t count) {
  const auto now = std::chrono::steady_clock::now();
  if (!is_terminal_ || now < next_) return;
  std::cerr << "\r" << count << " " << unit_ << std::flush;
  is_shown_ = true;
  next_ = now + kProgressInterval;
}

void Progress::Clear() {
  if (is_shown_) std::cerr << "\r\x1B[K" << std::flush;
  is_shown_ = false;
}

}  // namespace muster::daemon::cli
