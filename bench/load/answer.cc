#include "bench/load/answer.h"

#include <strings.h>

#include <charconv>

namespace muster::bench {
namespace {

constexpr std::string_view kVersion = "SIP/2.0 ";

bool IsNamed(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line[name.size()] == ':' &&
         strncasecmp(line.data(), name.data(), name.size()) == 0;
}

std::string_view ValueOf(std::string_view line, std::string_view name) {
  line.remove_prefix(name.size() + 1);
  while (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

std::string_view BranchOf(std::string_view via) {
  constexpr std::string_view kName = ";branch=";
  const std::size_t start = via.find(kName);
  if (start == std::string_view::npos) return {};
  via.remove_prefix(start + kName.size());
  return via.substr(0, via.find_first_of(";, "));
}

void ReadField(std::string_view line, Answer& answer) {
  switch (line.front() | 0x20) {
    case 'v':
      if (answer.branch.empty() && IsNamed(line, "Via")) answer.branch = BranchOf(line);
      break;
    case 'c':
      if (IsNamed(line, "Call-ID")) {
        answer.call_id = ValueOf(line, "Call-ID");
      } else if (IsNamed(line, "CSeq")) {
        answer.cseq = ValueOf(line, "CSeq");
      } else if (answer.contact_fields < answer.contacts.size() && IsNamed(line, "Contact")) {
        answer.contacts[answer.contact_fields++] = ValueOf(line, "Contact");
      }
      break;
    default:
      break;
  }
}

}  // namespace

bool ReadAnswer(std::string_view bytes, Answer& answer) {
  if (!bytes.starts_with(kVersion)) return false;
  bytes.remove_prefix(kVersion.size());
  const char* const end = bytes.data() + bytes.size();
  if (std::from_chars(bytes.data(), end, answer.status_code).ec != std::errc()) return false;
  for (std::size_t line_end; (line_end = bytes.find('\n')) != std::string_view::npos;) {
    bytes.remove_prefix(line_end + 1);
    const std::string_view line = bytes.substr(0, bytes.find('\r'));
    if (bytes.starts_with("\r\n")) return true;
    if (line.empty()) return false;
    ReadField(line, answer);
  }
  return false;
}

bool ListsContact(const Answer& answer, std::string_view uri) {
  for (std::size_t i = 0; i < answer.contact_fields; ++i) {
    const std::string_view field = answer.contacts[i];
    for (std::size_t at = field.find(uri); at != std::string_view::npos;
         at = field.find(uri, at + 1)) {
      const std::size_t behind = at + uri.size();
      if (at > 0 && field[at - 1] == '<' && behind < field.size() && field[behind] == '>') {
        return true;
      }
    }
  }
  return false;
}

}  // namespace muster::bench
