#include "check.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>

#include "absl/time/clock.h"
#include "check_report.h"
#include "daemon/data_folder_lock.h"
#include "muster/core/location_service.h"
#include "muster/journal/recovery.h"
#include "report.h"

namespace muster::daemon::cli {
namespace {

namespace fs = std::filesystem;

std::string Text(const absl::Status& status) { return std::string(status.message()); }

int FailWith(const absl::Status& status) {
  return Fail(absl::IsFailedPrecondition(status) ? kExitTaken : kExitUsage, Text(status));
}

/// Why there is nothing to check, or "".
std::string WhyNothing(const fs::path& folder, const fs::path& database) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return folder.string() + ": no such folder";
  if (fs::is_regular_file(database, error)) return "";
  std::string text = folder.string() + ": no " + database.filename().string() + " in it";
  if (fs::exists(database.string() + ".recovered", error)) {
    return text + ", but one that takes the place of a damaged one: start musterd, which ends that";
  }
  const auto set_aside = journal::FindSetAside(database);
  if (!set_aside.empty()) return text + ", but " + set_aside.back().filename().string();
  return text + "; a musterd with --durability memory keeps none";
}

}  // namespace

int Check(const Options& options) {
  const fs::path folder = options.data;
  const fs::path database = folder / "registrations.db";
  if (const std::string why = WhyNothing(folder, database); !why.empty()) {
    return Fail(kExitUsage, why);
  }
  const auto lock = DataFolderLock::TakeIfThere(folder);
  if (!lock.ok()) return FailWith(lock.status());

  const absl::Time now = absl::Now();
  core::LocationService location{core::Limits{}};
  const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  Progress progress("chunks and batches read");
  const auto inspected = journal::Inspect(database, location, now, threads,
                                          [&](std::size_t done) { progress.Show(done); });
  progress.Clear();
  if (!inspected.ok()) return FailWith(inspected.status());

  CheckReport report;
  report.database = database.string();
  report.inspected = *inspected;
  report.bindings = location.Count(core::BindingFilter::All(), now);
  for (const fs::path& path : journal::FindSetAside(database)) {
    report.set_aside.push_back(path.string());
  }
  const int code = Print(options.json ? CheckJson(report) : CheckText(report));
  if (code != kExitOk) return code;
  return report.is_sound() ? kExitOk : kExitFailed;
}

}  // namespace muster::daemon::cli
