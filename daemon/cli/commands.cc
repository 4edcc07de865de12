#include "commands.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>
#include <string>

#include "access.h"
#include "http_client.h"
#include "registrations.h"
#include "table.h"

namespace muster::daemon::cli {
namespace {

int Fail(int exit_code, const std::string& text) {
  std::cerr << "muster: " << text << "\n";
  return exit_code;
}

/// A running daemon that answers 200, or why there is none.
class Daemon {
 public:
  explicit Daemon(Access access) : access_(std::move(access)) {}

  /// False, with `problem` set, for everything but a 200.
  bool Ask(std::string_view method, const std::string& path, std::string& body) {
    HttpReply reply = cli::Ask(access_.url, access_.token, method, path);
    if (!reply.problem.empty()) {
      problem = "cannot reach " + access_.url_text + ": " + reply.problem + "; is musterd running?";
    } else if (reply.status == 401) {
      problem =
          access_.url_text + (access_.token.empty() ? " asks for a token: give --token or --data"
                                                    : " does not accept this token");
    } else if (reply.status != 200) {
      problem = access_.url_text + " answered " + std::to_string(reply.status) + ": " + reply.body;
    } else {
      body = std::move(reply.body);
      return true;
    }
    return false;
  }

  std::string problem;

 private:
  Access access_;
};

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

int Print(const std::string& text) {
  std::cout << text << std::flush;
  return std::cout ? kExitOk : Fail(kExitFailed, "cannot write to stdout");
}

int List(const Options& options, Daemon& daemon) {
  std::string document;
  if (!daemon.Ask("GET", ListPath(options), document)) return Fail(kExitFailed, daemon.problem);
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

int Remove(const Options& options, Daemon& daemon) {
  if (!options.yes && ::isatty(STDIN_FILENO) == 0) {
    return Fail(kExitUsage,
                "standard input is no terminal to ask: give --yes to remove without a question");
  }
  const std::string path = PathOf(options.selector);
  std::string document;
  if (!daemon.Ask("GET", path, document)) return Fail(kExitFailed, daemon.problem);
  const auto registrations = ReadRegistrations(document);
  if (!registrations) return Fail(kExitFailed, kNoDocument);
  if (registrations->empty()) return Print("nothing to remove\n");
  if (!options.yes && !IsConfirmed(registrations->size())) {
    return Fail(kExitFailed, "nothing was removed");
  }
  if (!daemon.Ask("DELETE", path, document)) return Fail(kExitFailed, daemon.problem);
  return Print("removed " + CountText(registrations->size()) + "\n");
}

}  // namespace

int Run(const Options& options) {
  Access access = FindAccess(options);
  if (!access.problem.empty()) return Fail(access.exit_code, access.problem);
  Daemon daemon(std::move(access));
  switch (options.command) {
    case Options::Command::kList:
      return List(options, daemon);
    case Options::Command::kRemove:
      return Remove(options, daemon);
  }
  return kExitUsage;
}

}  // namespace muster::daemon::cli
