#include "access.h"

#include <algorithm>
#include <fstream>
#include <optional>

namespace muster::daemon::cli {
namespace {

/// The file's first line, or nullopt when it cannot be read.
std::optional<std::string> FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  return line;
}

bool IsPrintable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

Access Failed(int exit_code, std::string problem) {
  Access access;
  access.exit_code = exit_code;
  access.problem = std::move(problem);
  return access;
}

}  // namespace

Access FindAccess(const Options& options) {
  Access access;
  access.url_text = options.url;
  if (access.url_text.empty()) {
    const std::string path = options.data + "/http.url";
    const std::optional<std::string> line = FirstLine(path);
    if (!line) {
      return Failed(kExitFailed,
                    "cannot read " + path + "; is musterd running? (--url or --data says where)");
    }
    access.url_text = *line;
  }
  access.token = options.token;
  if (access.token.empty()) access.token = FirstLine(options.data + "/admin.token").value_or("");
  if (!IsPrintable(access.token))
    return Failed(kExitUsage, "the token holds bytes that no token has");

  std::string problem;
  const std::optional<Url> url = ParseUrl(access.url_text, problem);
  if (!url) return Failed(kExitUsage, "bad address \"" + access.url_text + "\": " + problem);
  access.url = *url;
  return access;
}

}  // namespace muster::daemon::cli
