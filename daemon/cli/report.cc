#include "report.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>
#include <utility>

#include "options.h"
#include "printable.h"
#include "wording.h"

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

int PrintJson(const std::string& json) {
  return Print(::isatty(STDOUT_FILENO) == 1 ? PrintableJson(json) : json);
}

std::size_t OutputWidth() {
  winsize size = {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

Progress::Progress(std::string unit)
    : unit_(std::move(unit)), is_terminal_(::isatty(STDERR_FILENO) == 1) {}

void Progress::Show(std::uint64_t count) {
  const auto now = std::chrono::steady_clock::now();
  if (!is_terminal_ || now < next_) return;
  std::cerr << "\r" << Grouped(count) << " " << unit_ << std::flush;
  is_shown_ = true;
  next_ = now + kProgressInterval;
}

void Progress::Clear() {
  if (is_shown_) std::cerr << "\r\x1B[K" << std::flush;
  is_shown_ = false;
}

}  // namespace muster::daemon::cli
