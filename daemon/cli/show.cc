#include "show.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "binding_walk.h"
#include "printable.h"
#include "report.h"
#include "wording.h"

namespace muster::daemon::cli {
namespace {

/// A filter's value that means the text alone.
std::string Exactly(std::string_view text) {
  std::string value;
  for (const char c : text) {
    if (std::string_view(";:!*\\").find(c) != std::string_view::npos) value += '\\';
    value += c;
  }
  return value;
}

std::string Block(const BindingItem& item) {
  std::string text;
  for (const auto& [name, value] : item.members()) {
    const bool is_left = name == "expires_in";
    absl::StrAppendFormat(&text, "%-13s  %s\n", Printable(name),
                          is_left ? Duration(item.GetNumber(name)) : Printable(value));
  }
  return text;
}

}  // namespace

int Show(const Options& options, DaemonClient& daemon) {
  std::vector<std::string> found;  // few: an AoR has a most of bindings
  const BindingWalk walk{.parameters = {{"aor", Exactly(options.aor)}}};
  const int code = WalkBindings(daemon, walk, [&](const BindingsPage& page) {
    found.insert(found.end(), page.items.begin(), page.items.end());
    return kExitOk;
  });
  if (code != kExitOk) return code;
  if (found.empty()) return Fail(kExitFailed, Printable(options.aor) + " has no bindings");
  if (options.json) return PrintJson("[" + absl::StrJoin(found, ",\n") + "]\n");
  const auto items = ReadBindingItems(found);
  if (!items) return Fail(kExitFailed, "the daemon's answer is not a list of bindings");
  std::vector<std::string> blocks;
  blocks.reserve(items->size());
  for (const BindingItem& item : *items) blocks.push_back(Block(item));
  return Print(absl::StrJoin(blocks, "\n"));
}

}  // namespace muster::daemon::cli
