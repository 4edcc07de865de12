#pragma once

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/data_folder_lock.h"

namespace muster::daemon {

/// The data folder, held by this process alone until the object goes.
class DataFolder {
 public:
  /// Creates it (mode 0700) when it is missing, and takes its lock. FailedPrecondition when another
  /// process holds it; other errors when it cannot be used.
  static absl::StatusOr<DataFolder> Open(const std::filesystem::path& path);

  DataFolder(DataFolder&& other) noexcept = default;
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();

  /// The operator's token, of `admin.token` (mode 0600); 256 random bits when there was none.
  absl::StatusOr<std::string> AdminToken() const;
  /// Leaves the address of the HTTP listener in `http.url`, for the command line, until the object
  /// goes.
  absl::Status WriteHttpUrl(const std::string& url) const;

 private:
  DataFolder(std::filesystem::path path, DataFolderLock lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;
  DataFolderLock lock_;
};

}  // namespace muster::daemon
