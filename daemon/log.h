#pragma once

// The log, on stderr.

#include <cstddef>

#include "daemon/options.h"
#include "muster/core/user_agent_server.h"

namespace muster::daemon {

/// Sets spdlog's default logger up. Thread-safe from then on. Lines are written by a thread of the
/// log's own: when stderr is slower than they come, the oldest of kLogQueueLines are dropped, and
/// nobody waits.
void StartLog(spdlog::level::level_enum level, LogFormat format);
/// Writes what is queued, and ends the log's thread.
void StopLog();

inline constexpr std::size_t kLogQueueLines = 8'192;
/// Lines dropped so far.
std::size_t DroppedLogLines();

/// One line at info for every REGISTER that was refused.
class RefusalLog : public core::RefusalSink {
 public:
  void OnRefused(const core::RefusedRegister& refused) override;
};

}  // namespace muster::daemon
