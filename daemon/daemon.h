#pragma once

// musterd as an object: all of its parts, started in order and stopped in the opposite one.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "daemon/options.h"
#include "muster/core/clock.h"

namespace muster::daemon {

class Daemon {
 public:
  /// `clock` outlives it.
  Daemon(Options options, const core::Clock& clock);
  /// Stops first.
  ~Daemon();

  /// Opens the data folder, the HTTP listener, the store and the SIP listeners, in this order.
  /// FailedPrecondition when the data folder is not to be had; other errors name what failed.
  absl::Status Start();
  /// Closes the listeners and finishes what was accepted.
  void Stop();

  /// "musterd ready sip=udp:127.0.0.1:5060 http=127.0.0.1:8080", once started.
  std::string ReadyLine() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::daemon
