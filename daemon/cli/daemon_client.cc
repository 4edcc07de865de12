#include "daemon_client.h"

#include <utility>

#include "answers.h"
#include "printable.h"

namespace muster::daemon::cli {

bool DaemonClient::Ask(const HttpRequest& request, std::string& body) {
  HttpReply reply = cli::Ask(access_.url, access_.token, request);
  exit_code_ = kExitFailed;
  if (!reply.problem.empty()) {
    problem_ = "cannot reach " + access_.url_text + ": " + reply.problem + "; is musterd running?";
  } else if (reply.status == 401) {
    problem_ =
        access_.url_text + (access_.token.empty() ? " asks for a token: give --token or --data"
                                                  : " does not accept this token");
  } else if (reply.status != 200) {
    const auto error = ReadError(reply.body);
    problem_ = Printable(error ? error->message : reply.body);
    if (error && error->code == "bad_filter") {
      exit_code_ = kExitUsage;
    } else {
      problem_ = access_.url_text + " answered " + std::to_string(reply.status) + ": " + problem_;
    }
  } else {
    body = std::move(reply.body);
    return true;
  }
  return false;
}

}  // namespace muster::daemon::cli
