#include "remove.h"

#include <unistd.h>

#include <iostream>
#include <string>
#include <string_view>

#include "answers.h"
#include "report.h"
#include "wording.h"

namespace muster::daemon::cli {
namespace {

/// What a DELETE answers under `member`; nullopt, and the problem is told, when it fails.
std::optional<std::uint64_t> Delete(const std::vector<QueryParameter>& parameters,
                                    std::string_view member, DaemonClient& daemon) {
  std::string document;
  const std::string path = "/v1/bindings" + QueryText(parameters);
  if (!daemon.Ask({.method = "DELETE", .path = path}, document)) {
    Fail(daemon.exit_code(), daemon.problem());
    return std::nullopt;
  }
  const auto count = ReadNumber(document, member);
  if (!count) Fail(kExitFailed, "the daemon's answer is not that to a removal");
  return count;
}

bool IsConfirmed(std::uint64_t count) {
  std::cerr << "Remove " << CountedBindings(count) << "? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace

int Remove(const Options& options, DaemonClient& daemon) {
  if (!options.dry_run && !options.yes && ::isatty(STDIN_FILENO) == 0) {
    return Fail(kExitUsage,
                "standard input is no terminal to ask: give --yes to remove without a question");
  }
  if (options.dry_run || !options.yes) {
    std::vector<QueryParameter> parameters = options.filters;
    parameters.push_back({"dry_run", "1"});
    const auto count = Delete(parameters, "would_delete", daemon);
    if (!count) return daemon.exit_code();
    if (options.dry_run) return Print("would remove " + CountedBindings(*count) + "\n");
    if (*count == 0) return Print("nothing to remove\n");
    if (!IsConfirmed(*count)) return Fail(kExitFailed, "nothing was removed");
  }
  const auto count = Delete(options.filters, "deleted", daemon);
  if (!count) return daemon.exit_code();
  return Print(*count == 0 ? "nothing to remove\n" : "removed " + CountedBindings(*count) + "\n");
}

}  // namespace muster::daemon::cli
