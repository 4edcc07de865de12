#pragma once

// Where the daemon is and what opens it: from the flags, else from its data folder.

#include <string>

#include "options.h"
#include "url.h"

namespace muster::daemon::cli {

struct Access {
  Url url;
  std::string url_text;
  std::string token;  // empty = none is known

  int exit_code = kExitOk;  // otherwise `problem` says why there is no access
  std::string problem;
};

Access FindAccess(const Options& options);

}  // namespace muster::daemon::cli
