#include "wording.h"

#include <array>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace muster::daemon::cli {

std::string Grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, ",");
  return text;
}

std::string Counted(std::uint64_t count, const char* one, const char* more) {
  return absl::StrCat(Grouped(count), " ", count == 1 ? one : more);
}

std::string CountedBindings(std::uint64_t count) { return Counted(count, "binding", "bindings"); }

std::string Duration(std::uint64_t seconds) {
  struct Unit {
    const char* name;
    std::uint64_t seconds;
  };
  static constexpr std::array<Unit, 4> kUnits = {
      {{"d", 86'400}, {"h", 3'600}, {"m", 60}, {"s", 1}}};
  std::size_t first = 0;
  while (first != kUnits.size() - 1 && seconds < kUnits[first].seconds) ++first;
  std::string text = absl::StrCat(seconds / kUnits[first].seconds, kUnits[first].name);
  seconds %= kUnits[first].seconds;
  if (first == kUnits.size() - 1) return text;
  const Unit& second = kUnits[first + 1];
  if (seconds >= second.seconds) absl::StrAppend(&text, " ", seconds / second.seconds, second.name);
  return text;
}

std::string Size(std::uint64_t bytes) {
  if (bytes < 1'024) return Counted(bytes, "byte", "bytes");
  double size = static_cast<double>(bytes) / 1'024;
  const char* unit = "KiB";
  for (const char* const larger : {"MiB", "GiB"}) {
    if (size < 1'024) break;
    size /= 1'024;
    unit = larger;
  }
  return absl::StrFormat("%.1f %s", size, unit);
}

std::string Share(std::uint64_t count, std::uint64_t all) {
  if (all == 0) return "-";
  return absl::StrFormat("%.1f %%", 100.0 * static_cast<double>(count) / static_cast<double>(all));
}

}  // namespace muster::daemon::cli
