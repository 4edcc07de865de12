#include "url.h"

#include <algorithm>

namespace muster::daemon::cli {
namespace {

bool IsUnreserved(char c) {  // RFC 3986 2.3
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

void AppendEscape(char c, std::string& out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

bool IsPort(std::string_view text) {
  const bool is_number =
      !text.empty() && text.size() <= 5 &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return is_number && std::stoi(std::string(text)) >= 1 && std::stoi(std::string(text)) <= 65'535;
}

/// Splits url.authority. False when it is malformed.
bool SplitAuthority(Url& url) {
  std::string_view rest = url.authority;
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) return false;
    url.host = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
  } else {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    url.host = rest.substr(0, end);
    rest.remove_prefix(end);
  }
  url.port = rest.empty() ? "80" : rest.substr(1);
  const bool is_colon = rest.empty() || rest.front() == ':';
  return is_colon && !url.host.empty() && IsPort(url.port);
}

}  // namespace

std::optional<Url> ParseUrl(std::string_view text, std::string& problem) {
  constexpr std::string_view kScheme = "http://";
  if (text.starts_with("https://")) {
    problem = "https:// is not supported yet; give the http:// address of the daemon";
    return std::nullopt;
  }
  const bool is_clean = std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7F && c != '?' && c != '#' && c != '@';
  });
  Url url;
  if (text.starts_with(kScheme) && is_clean) {
    text.remove_prefix(kScheme.size());
    const std::size_t path = std::min(text.find('/'), text.size());
    url.authority = text.substr(0, path);
    url.prefix = text.substr(path);
    while (url.prefix.ends_with('/')) url.prefix.pop_back();
    if (SplitAuthority(url)) return url;
  }
  problem = "the address must look like http://127.0.0.1:8080";
  return std::nullopt;
}

std::string QueryText(const std::vector<QueryParameter>& parameters) {
  std::string text;
  for (const QueryParameter& parameter : parameters) {
    text += text.empty() ? '?' : '&';
    text += parameter.name;
    text += '=';
    for (const char c : parameter.value) {
      if (IsUnreserved(c)) {
        text += c;
      } else {
        AppendEscape(c, text);
      }
    }
  }
  return text;
}

}  // namespace muster::daemon::cli
