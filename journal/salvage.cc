#include "salvage.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "reader.h"
#include "replay.h"

namespace muster::journal {

namespace fs = std::filesystem;

std::string DamageAtFirstSight(const fs::path& file) {
  std::error_code error;
  if (fs::file_size(file, error) != 0 || error) return "";
  // SQLite begins with this one, and until it is gone nothing has been stored.
  if (fs::exists(file.string() + "-journal", error)) return "";
  return absl::StrCat(file.string(), ": the file is empty");
}

absl::StatusOr<Replayed> Salvage(const fs::path& file, const std::string& vfs,
                                 const std::string& first, core::LocationService& location,
                                 absl::Time now, std::size_t threads,
                                 const ReadingProgress& progress) {
  Replayed nothing;
  nothing.damages.push_back(first);
  // SQLite would delete the WAL beside a file of nothing.
  if (vfs.empty() && !first.empty() && first == DamageAtFirstSight(file)) return nothing;
  const auto open = [&]() -> absl::StatusOr<std::unique_ptr<core::JournalReader>> {
    auto reader = std::make_unique<Reader>();
    const absl::Status status = reader->Open(file.string(), vfs, /*salvage=*/true);
    if (!status.ok()) return status;
    return std::unique_ptr<core::JournalReader>(std::move(reader));
  };
  auto replayed = ReplayFrom(open, file.string(), location, now, threads, progress);
  if (replayed.ok()) {
    // What has been found in particular says more.
    if (!first.empty() && replayed->damages.empty()) replayed->damages.push_back(first);
    return replayed;
  }
  if (!absl::IsDataLoss(replayed.status())) return replayed.status();
  if (first.empty()) nothing.damages.front() = std::string(replayed.status().message());
  return nothing;
}

}  // namespace muster::journal
