#include "value_text.h"

namespace muster::http::v1 {

std::optional<absl::Time> ParseRfc3339(std::string_view text) {
  // Abseil also takes white space around it and "infinite-future".
  const bool begins = !text.empty() && text.front() >= '0' && text.front() <= '9';
  if (!begins || text.find(' ') != std::string_view::npos) return std::nullopt;
  absl::Time time;
  if (!absl::ParseTime("%Y-%m-%dT%H:%M:%E*S%Ez", {text.data(), text.size()}, &time, nullptr)) {
    return std::nullopt;
  }
  return time;
}

}  // namespace muster::http::v1
