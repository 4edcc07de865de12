#include "salvage.h"

#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "reader.h"
#include "replay.h"
#include "wal_check.h"

namespace muster::journal {

namespace fs = std::filesystem;

FirstLook LookAtFiles(const fs::path& file) {
  FirstLook look;
  std::error_code error;
  const bool is_empty = fs::file_size(file, error) == 0 && !error;
  // SQLite begins with the journal, and until it is gone nothing has been stored.
  if (is_empty && !fs::exists(file.string() + "-journal", error)) {
    look.empty = absl::StrCat(file.string(), ": the file is empty");
  }
  if (!is_empty) look.wal = DamageInWal(file.string() + "-wal");
  return look;
}

absl::StatusOr<Replayed> Salvage(const fs::path& file, const std::string& vfs,
                                 const FirstLook& look, core::LocationService& location,
                                 absl::Time now, std::size_t threads,
                                 const ReadingProgress& progress) {
  const auto open = [&]() -> absl::StatusOr<std::unique_ptr<core::JournalReader>> {
    auto reader = std::make_unique<Reader>();
    const absl::Status status = reader->Open(file.string(), vfs, /*salvage=*/true);
    if (!status.ok()) return status;
    return std::unique_ptr<core::JournalReader>(std::move(reader));
  };
  // SQLite would delete the WAL beside an empty file.
  if (!look.empty.empty()) return Replayed{.damages = {look.empty}};
  auto replayed = ReplayFrom(open, file.string(), location, now, threads, progress);
  if (!replayed.ok() && !absl::IsDataLoss(replayed.status())) return replayed.status();
  Replayed result;
  if (replayed.ok()) {
    result = *std::move(replayed);
    if (result.damages.empty() && !look.refusal.empty()) result.damages.push_back(look.refusal);
  } else {
    result.damages.push_back(look.refusal.empty() ? std::string(replayed.status().message())
                                                  : look.refusal);
  }
  if (!look.wal.empty()) result.damages.insert(result.damages.begin(), look.wal);
  return result;
}

}  // namespace muster::journal
