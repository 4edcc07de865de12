#include "sip_text.h"

#include <strings.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

namespace muster::testing {
namespace {

std::string Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

Parameters ParametersFrom(std::string_view text) {
  Parameters result;
  for (const std::string& part : SplitOutsideQuotes(text, ';')) {
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos) {
      result.emplace_back(part, "");
    } else {
      result.emplace_back(Trimmed(part.substr(0, equals)), Trimmed(part.substr(equals + 1)));
    }
  }
  return result;
}

std::string FindIn(const Parameters& params, std::string_view name) {
  for (const auto& [key, value] : params) {
    if (SameIgnoringCase(key, name)) return value;
  }
  return "";
}

/// Where a URI begins in a name-addr, display name skipped; npos without brackets.
std::size_t BracketOf(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == '<' && !quoted) {
      return i;
    }
  }
  return std::string_view::npos;
}

ContactValue ContactFrom(std::string_view text) {
  ContactValue contact;
  const std::size_t bracket = BracketOf(text);
  const bool bracketed = bracket != std::string_view::npos;
  const std::size_t begin = bracketed ? bracket + 1 : 0;
  const std::size_t end = text.find_first_of(bracketed ? ">" : ";", begin);
  if (bracketed) contact.display_name = Trimmed(text.substr(0, bracket));
  contact.uri = Trimmed(text.substr(begin, end - begin));
  if (end != std::string_view::npos) contact.params = ParametersFrom(text.substr(end + 1));
  return contact;
}

}  // namespace

bool SameIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::vector<std::string> SplitOutsideQuotes(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  bool quoted = false;
  bool bracketed = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && (text[i] == '<' || text[i] == '>')) {
      bracketed = text[i] == '<';
    } else if (text[i] == separator && !quoted && !bracketed) {
      parts.push_back(Trimmed(text.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  parts.push_back(Trimmed(text.substr(begin)));
  return parts;
}

std::string NewBranch() {
  static std::atomic<int> count{0};
  return "z9hG4bK-" + std::to_string(++count);
}

Request& Request::Line(std::string line) & {
  lines.push_back(std::move(line));
  return *this;
}

Request Request::Line(std::string line) && {
  lines.push_back(std::move(line));
  return std::move(*this);
}

Request& Request::Contact(std::string_view value) & {
  return Line("Contact: " + std::string(value));
}

Request Request::Contact(std::string_view value) && {
  lines.push_back("Contact: " + std::string(value));
  return std::move(*this);
}

std::string Request::Text() const {
  std::string text = method + " " + uri + " SIP/2.0\r\nVia: " + via + "\r\nFrom: " + from +
                     "\r\nTo: " + to + "\r\nCall-ID: " + call_id +
                     "\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\n";
  for (const std::string& line : lines) text += line + "\r\n";
  if (with_content_length) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + body;
}

Request RegisterOf(std::string_view aor, std::string call_id, std::uint32_t cseq) {
  const std::string name(aor);
  Request request;
  request.uri = "sip:" + name.substr(name.find('@') + 1);
  request.from = "<sip:" + name + ">;tag=from-of-" + call_id;
  request.to = "<sip:" + name + ">";
  request.call_id = std::move(call_id);
  request.cseq = cseq;
  return request;
}

Request Options(std::string call_id) {
  Request request = RegisterOf("probe@example.com", std::move(call_id), 1);
  request.method = "OPTIONS";
  return request;
}

std::string ContactValue::Param(std::string_view name) const { return FindIn(params, name); }

bool ContactValue::Has(std::string_view name) const {
  return std::any_of(params.begin(), params.end(),
                     [&](const auto& param) { return SameIgnoringCase(param.first, name); });
}

int ContactValue::Expires() const {
  return Has("expires") ? std::atoi(Param("expires").c_str()) : -1;
}

Reply Reply::From(std::string bytes) {
  Reply reply;
  reply.bytes = std::move(bytes);
  const std::string& all = reply.bytes;
  const std::size_t end = all.find("\r\n\r\n");
  if (all.rfind("SIP/2.0 ", 0) != 0 || end == std::string::npos) return reply;
  reply.code = std::atoi(all.substr(8, 3).c_str());
  reply.body = all.substr(end + 4);
  std::size_t line_end = all.find("\r\n");
  reply.reason = all.substr(12, line_end - 12);
  while (line_end < end) {
    const std::size_t begin = line_end + 2;
    line_end = all.find("\r\n", begin);
    // A folded line belongs to the one before.
    while (all[line_end + 2] == ' ' || all[line_end + 2] == '\t') {
      line_end = all.find("\r\n", line_end + 2);
    }
    const std::string line = all.substr(begin, line_end - begin);
    const std::size_t colon = line.find(':');
    reply.headers.emplace_back(Trimmed(line.substr(0, colon)), Trimmed(line.substr(colon + 1)));
  }
  return reply;
}

std::vector<std::string> Reply::Headers(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : headers) {
    if (SameIgnoringCase(key, name)) values.push_back(value);
  }
  return values;
}

std::string Reply::Header(std::string_view name) const {
  const std::vector<std::string> values = Headers(name);
  return values.empty() ? "" : values.front();
}

std::vector<ContactValue> Reply::Contacts() const {
  std::vector<ContactValue> contacts;
  for (const std::string& field : Headers("Contact")) {
    for (const std::string& value : SplitOutsideQuotes(field, ',')) {
      contacts.push_back(ContactFrom(value));
    }
  }
  return contacts;
}

std::vector<std::string> Reply::ContactUris() const {
  std::vector<std::string> uris;
  for (const ContactValue& contact : Contacts()) uris.push_back(contact.uri);
  std::sort(uris.begin(), uris.end());
  return uris;
}

std::string Reply::ViaParam(std::string_view name) const {
  return FindIn(ParametersFrom(SplitOutsideQuotes(Header("Via"), ',').front()), name);
}

std::string Reply::ToTag() const { return ContactFrom(Header("To")).Param("tag"); }

}  // namespace muster::testing
