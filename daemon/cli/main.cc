// muster: the command line of a running musterd.

#include "commands.h"

int main(int argc, char** argv) {
  using namespace muster::daemon::cli;
  const ParsedOptions parsed = ParseOptions(argc, argv);
  return parsed.options ? Run(*parsed.options) : parsed.exit_code;
}
