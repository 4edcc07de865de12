#include "check_report.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "printable.h"
#include "wording.h"

namespace muster::daemon::cli {
namespace {

std::string Line(const char* name, const std::string& value) {
  return absl::StrFormat("  %-16s  %s\n", name, Printable(value));
}

/// What musterd does about it.
std::string Advice(const CheckReport& report) {
  const std::string kept = Counted(report.bindings, "binding", "bindings");
  if (report.is_sound()) return "";
  if (report.inspected.replayed.damages.empty()) {
    return absl::StrCat("All ", kept, " can be read. musterd does not see this damage: export to a",
                        " file, and import that into a new data folder.\n");
  }
  return absl::StrCat("musterd would set this database aside and go on with the ", kept,
                      " that could be kept.\n");
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted.append({'\\', c});
    } else if (static_cast<unsigned char>(c) < ' ') {
      absl::StrAppendFormat(&quoted, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string QuotedList(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) {
    absl::StrAppend(&list, list.empty() ? "" : ",", Quoted(text));
  }
  return absl::StrCat("[", list, "]");
}

}  // namespace

std::string CheckText(const CheckReport& report) {
  const journal::Inspected& found = report.inspected;
  const journal::Replayed& replayed = found.replayed;
  std::string text =
      absl::StrCat(Printable(report.database), report.is_sound() ? ": sound\n" : ": DAMAGED\n");
  text += Line("format", found.format == 0 ? "cannot be read" : absl::StrCat(found.format));
  text += Line("bindings", Grouped(report.bindings) + " current");
  text += Line("snapshot", absl::StrCat(Counted(replayed.chunks, "chunk", "chunks"), ", ",
                                        Size(replayed.chunk_bytes)));
  text += Line("behind it", absl::StrCat(Counted(replayed.batches, "batch", "batches"), ", ",
                                         Size(replayed.batch_bytes)));
  text += Line("on disk", Size(found.disk_bytes));
  for (const std::string& damage : replayed.damages) text += Line("damaged", damage);
  for (const std::string& line : found.integrity) text += Line("SQLite says", line);
  for (const std::string& path : report.set_aside) text += Line("set aside before", path);
  return text + Advice(report);
}

std::string CheckJson(const CheckReport& report) {
  const journal::Inspected& found = report.inspected;
  const journal::Replayed& replayed = found.replayed;
  return absl::StrCat(
      "{\"database\":", Quoted(report.database),
      ",\"sound\":", report.is_sound() ? "true" : "false",
      ",\"format\":", found.format == 0 ? "null" : absl::StrCat(found.format),
      ",\"bindings\":", report.bindings, ",\"snapshot\":{\"chunks\":", replayed.chunks,
      ",\"bytes\":", replayed.chunk_bytes, "},\"batches\":{\"count\":", replayed.batches,
      ",\"bytes\":", replayed.batch_bytes, "},\"bytes_on_disk\":", found.disk_bytes,
      ",\"damages\":", QuotedList(replayed.damages), ",\"integrity\":", QuotedList(found.integrity),
      ",\"set_aside\":", QuotedList(report.set_aside), "}\n");
}

}  // namespace muster::daemon::cli
