#include "program.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace muster::daemon::cli::testing {
namespace {

[[noreturn]] void Execute(const std::vector<std::string>& arguments) {
  std::vector<char*> argv = {const_cast<char*>(MUSTER_PROGRAM)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execv(MUSTER_PROGRAM, argv.data());
  ::_exit(127);
}

std::string ReadAll(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count <= 0) break;  // a terminal whose program has ended fails with EIO
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(descriptor);
  return text;
}

int ExitCodeOf(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

Outcome RunProgram(const std::vector<std::string>& arguments, const std::string& input) {
  std::array<int, 2> in;
  std::array<int, 2> out;
  std::array<int, 2> err;
  Outcome outcome;
  for (std::array<int, 2>* pipe : {&in, &out, &err}) {
    if (::pipe2(pipe->data(), O_CLOEXEC) != 0) return outcome;
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    Execute(arguments);
  }
  ::close(in[0]);
  ::close(out[1]);
  ::close(err[1]);
  // A program that does not read it may be gone already.
  const auto old_handler = std::signal(SIGPIPE, SIG_IGN);
  if (::write(in[1], input.data(), input.size()) < 0 && errno != EPIPE) return outcome;
  std::signal(SIGPIPE, old_handler);
  ::close(in[1]);
  outcome.out = ReadAll(out[0]);
  outcome.err = ReadAll(err[0]);  // a line or two: fits the pipe meanwhile
  outcome.exit_code = ExitCodeOf(child);
  return outcome;
}

Outcome RunOnTerminal(const std::vector<std::string>& arguments, unsigned short columns,
                      const std::string& input) {
  const winsize size = {.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  int terminal = -1;
  Outcome outcome;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (child < 0) return outcome;
  if (child == 0) Execute(arguments);
  if (::write(terminal, input.data(), input.size()) < 0) return outcome;
  outcome.out = ReadAll(terminal);
  outcome.exit_code = ExitCodeOf(child);
  return outcome;
}

}  // namespace muster::daemon::cli::testing
