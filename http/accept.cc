#include "accept.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"

namespace muster::http {
namespace {

constexpr int kFullQuality = 1000;

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase({a.data(), a.size()}, {b.data(), b.size()});
}

std::string_view Trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// What `text` holds before `separator`, trimmed; takes both off its front.
std::string_view Cut(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view front = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return Trim(front);
}

/// "0.25" in thousandths, at most 1000; nullopt when it is no qvalue.
std::optional<int> ParseQuality(std::string_view text) {
  const std::string_view whole = Cut(text, '.');
  if (whole.size() > 1 || (whole.empty() && text.empty())) return std::nullopt;
  if (!whole.empty() && whole != "0" && whole != "1") return std::nullopt;
  if (text.size() > 3) return std::nullopt;
  int thousandths = whole == "1" ? kFullQuality : 0;
  int unit = 100;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    thousandths += (digit - '0') * unit;
    unit /= 10;
  }
  return std::min(thousandths, kFullQuality);
}

/// The q among a range's parameters; nullopt when it is malformed.
std::optional<int> QualityAmong(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view parameter = Cut(parameters, ';');
    if (EqualsIgnoreCase(Cut(parameter, '='), "q")) return ParseQuality(Trim(parameter));
  }
  return kFullQuality;
}

/// 3 for the type itself, 2 for "type/*", 1 for "*/*", 0 when the range does not cover it.
int Specificity(std::string_view range, std::string_view type, std::string_view subtype) {
  if (range == "*" || range == "*/*") return 1;
  const std::string_view range_type = Cut(range, '/');
  if (!EqualsIgnoreCase(range_type, type)) return 0;
  if (range == "*") return 2;
  return EqualsIgnoreCase(range, subtype) ? 3 : 0;
}

}  // namespace

int AcceptQuality(std::string_view accept, std::string_view type, std::string_view subtype) {
  if (Trim(accept).empty()) return kFullQuality;
  int quality = 0;
  int best_specificity = 0;
  while (!accept.empty()) {
    std::string_view parameters = Cut(accept, ',');
    const std::string_view range = Cut(parameters, ';');
    const int specificity = Specificity(range, type, subtype);
    const std::optional<int> range_quality = QualityAmong(parameters);
    if (specificity <= best_specificity || !range_quality) continue;
    best_specificity = specificity;
    quality = *range_quality;
  }
  return quality;
}

}  // namespace muster::http
