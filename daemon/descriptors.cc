#include "daemon/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

namespace muster::daemon {
namespace {

/// For listeners, workers, the data folder, the log, and what libraries open.
constexpr std::size_t kOtherFiles = 256;

}  // namespace

core::Limits LimitsWithinDescriptors() {
  core::Limits limits;
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return limits;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  ::getrlimit(RLIMIT_NOFILE, &files);

  const std::size_t fit = std::max<std::size_t>(files.rlim_cur, 2 * kOtherFiles) - kOtherFiles;
  limits.max_http_connections = std::min(limits.max_http_connections, fit / 4);
  limits.max_stream_connections =
      std::min(limits.max_stream_connections, fit - limits.max_http_connections);
  return limits;
}

}  // namespace muster::daemon
