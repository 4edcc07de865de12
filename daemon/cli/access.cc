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

/// Whether both lead to the same daemon, under whatever prefix.
bool IsSameDaemon(const Url& a, const Url& b) { return a.host == b.host && a.port == b.port; }

}  // namespace

Access FindAccess(const Options& options) {
  const std::string url_path = options.data + "/http.url";
  const std::optional<std::string> folder_url_text = FirstLine(url_path);
  Access access;
  access.url_text = options.url.empty() ? folder_url_text.value_or("") : options.url;
  if (access.url_text.empty()) {
    return Failed(kExitFailed,
                  "cannot read " + url_path + "; is musterd running? (--url or --data says where)");
  }
  std::string problem;
  const std::optional<Url> url = ParseUrl(access.url_text, problem);
  if (!url) return Failed(kExitUsage, "bad address \"" + access.url_text + "\": " + problem);
  access.url = *url;

  if (options.token) {
    access.token = *options.token;
  } else {
    // The folder's token opens the folder's daemon; nobody else may see it.
    const std::optional<Url> folder_url = ParseUrl(folder_url_text.value_or(""), problem);
    if (!folder_url || !IsSameDaemon(*url, *folder_url)) {
      return Failed(kExitUsage, access.url_text + " is not the address in " + url_path +
                                    ": give its --token, or its --data");
    }
    access.token = FirstLine(options.data + "/admin.token").value_or("");
  }
  if (!IsPrintable(access.token))
    return Failed(kExitUsage, "the token holds bytes that no token has");
  return access;
}

}  // namespace muster::daemon::cli
