#pragma once

#include <string>

#include "answers.h"
#include "daemon_client.h"
#include "options.h"

namespace muster::daemon::cli {

/// Prints how many bindings there are of those that were asked for. Returns the exit code.
int Count(const Options& options, DaemonClient& daemon);

/// Prints how the daemon would find them. Returns the exit code.
int Explain(const Options& options, DaemonClient& daemon);

/// A plan in words, lines for people.
std::string ExplanationText(const Explanation& explanation);

}  // namespace muster::daemon::cli
