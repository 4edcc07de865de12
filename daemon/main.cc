// musterd: reads its settings, runs the daemon, and minds the signals.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "daemon/daemon.h"
#include "daemon/log.h"
#include "daemon/options.h"
#include "spdlog/spdlog.h"

namespace muster::daemon {
namespace {

constexpr int kBadSettings = 2;
constexpr int kDataFolderTaken = 3;

class SystemClock : public core::Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

std::optional<std::string> FromEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

/// The signals that main waits for; every thread started later leaves them to it.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a write beyond the limit fails, like one to a full disk
  return signals;
}

/// SIGHUP: the log level takes effect at once, everything else with the next start.
void Reread(int argc, char** argv) {
  const auto read = ReadOptions(argc, argv, FromEnvironment);
  if (const auto* options = std::get_if<Options>(&read)) {
    spdlog::set_level(options->log_level);
    spdlog::warn("SIGHUP: settings read again; but for log-level they count from the next start");
  } else {
    spdlog::error("SIGHUP: settings left as they were: {}", std::get<EarlyExit>(read).text);
  }
}

/// What a parent has closed of stdin, stdout and stderr must not become a file of ours.
void OpenStandardStreams() {
  int fd = ::open("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO) fd = ::open("/dev/null", O_RDWR);
  if (fd >= 0) ::close(fd);
}

int Run(int argc, char** argv) {
  OpenStandardStreams();
  ::umask(077);  // what it writes is for its own eyes
  auto read = ReadOptions(argc, argv, FromEnvironment);
  if (const auto* exit = std::get_if<EarlyExit>(&read)) {
    std::fprintf(exit->code == 0 ? stdout : stderr, exit->code == 0 ? "%s" : "%s\n",
                 exit->text.c_str());
    return exit->code;
  }
  auto& options = std::get<Options>(read);
  const sigset_t signals = BlockSignals();
  StartLog(options.log_level, options.log_format);

  const SystemClock clock;
  Daemon daemon(std::move(options), clock);
  if (const absl::Status status = daemon.Start(); !status.ok()) {
    StopLog();
    std::fprintf(stderr, "musterd: %s\n", std::string(status.message()).c_str());
    return absl::IsFailedPrecondition(status) ? kDataFolderTaken : kBadSettings;
  }
  std::printf("%s\n", daemon.ReadyLine().c_str());
  std::fflush(stdout);

  for (int signal = 0; sigwait(&signals, &signal) == 0;) {
    if (signal != SIGHUP) break;
    Reread(argc, argv);
  }
  daemon.Stop();
  StopLog();
  return 0;
}

}  // namespace
}  // namespace muster::daemon

int main(int argc, char** argv) { return muster::daemon::Run(argc, argv); }
