#include "commands.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>
#include <string>

#include "access.h"
#include "check.h"
#include "daemon_client.h"
#include "export.h"
#include "import.h"
#include "registrations.h"
#include "report.h"
#include "table.h"

namespace muster::daemon::cli {
namespace {

constexpr char kNoDocument[] = "the daemon's answer is not a list of registrations";

/// Of the terminal; 0, no limit, when the output goes to a file or a program, which wants it whole.
std::size_t OutputWidth() {
  winsize size = {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string ListPath(const Options& options) {
  std::string path = PathOf(options.selector);
  if (options.start || options.limit) {
    path += "?start=" + std::to_string(options.start.value_or(0)) +
            "&limit=" + std::to_string(options.limit.value_or(0));
  }
  return path;
}

int List(const Options& options, DaemonClient& daemon) {
  std::string document;
  if (!daemon.Ask({.method = "GET", .path = ListPath(options)}, document)) {
    return Fail(kExitFailed, daemon.problem());
  }
  if (options.json) {
    const auto items = ItemsOf(document);
    return items ? Print(*items + "\n") : Fail(kExitFailed, kNoDocument);
  }
  const auto registrations = ReadRegistrations(document);
  if (!registrations) return Fail(kExitFailed, kNoDocument);
  return Print(FormatTable(*registrations, OutputWidth()));
}

std::string CountText(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " registration" : " registrations");
}

bool IsConfirmed(std::size_t count) {
  std::cerr << "Remove " << CountText(count) << "? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

int Remove(const Options& options, DaemonClient& daemon) {
  if (!options.yes && ::isatty(STDIN_FILENO) == 0) {
    return Fail(kExitUsage,
                "standard input is no terminal to ask: give --yes to remove without a question");
  }
  const std::string path = PathOf(options.selector);
  std::string document;
  if (!daemon.Ask({.method = "GET", .path = path}, document)) {
    return Fail(kExitFailed, daemon.problem());
  }
  const auto registrations = ReadRegistrations(document);
  if (!registrations) return Fail(kExitFailed, kNoDocument);
  if (registrations->empty()) return Print("nothing to remove\n");
  if (!options.yes && !IsConfirmed(registrations->size())) {
    return Fail(kExitFailed, "nothing was removed");
  }
  if (!daemon.Ask({.method = "DELETE", .path = path}, document)) {
    return Fail(kExitFailed, daemon.problem());
  }
  return Print("removed " + CountText(registrations->size()) + "\n");
}

/// What a running daemon is asked for.
int RunWithDaemon(const Options& options) {
  Access access = FindAccess(options);
  if (!access.problem.empty()) return Fail(access.exit_code, access.problem);
  DaemonClient daemon(std::move(access));
  switch (options.command) {
    case Options::Command::kList:
      return List(options, daemon);
    case Options::Command::kRemove:
      return Remove(options, daemon);
    case Options::Command::kExport:
      return Export(daemon);
    case Options::Command::kImport:
      return Import(options, daemon);
    case Options::Command::kCheck:
      break;  // needs no daemon
  }
  return kExitUsage;
}

}  // namespace

int Run(const Options& options) {
  return options.command == Options::Command::kCheck ? Check(options) : RunWithDaemon(options);
}

}  // namespace muster::daemon::cli
