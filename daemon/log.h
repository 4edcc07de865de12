#pragma once

// The log, on stderr.

#include "daemon/options.h"
#include "muster/core/user_agent_server.h"

namespace muster::daemon {

/// Sets spdlog's default logger up. Thread-safe from then on.
void StartLog(spdlog::level::level_enum level, LogFormat format);

/// One line at info for every REGISTER that was refused.
class RefusalLog : public core::RefusalSink {
 public:
  void OnRefused(const core::RefusedRegister& refused) override;
};

}  // namespace muster::daemon
