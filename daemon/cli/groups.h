#pragma once

// Bindings counted by the values of a field.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "answers.h"
#include "daemon_client.h"
#include "url.h"

namespace muster::daemon::cli {

/// nullopt, with the client's problem set, when the daemon does not tell.
std::optional<Groups> AskForGroups(std::vector<QueryParameter> filters, const std::string& field,
                                   DaemonClient& daemon);

/// "USER-AGENT" of user_agent.
std::string TitleOf(std::string field);

/// Values of `field` with their counts and shares, in lines of `width`, 0 = as long as they are.
std::string GroupTable(const std::string& field, const Groups& groups, std::size_t width);

/// A JSON array.
std::string GroupsJson(const Groups& groups);

}  // namespace muster::daemon::cli
