#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace muster::daemon {

/// Holds a data folder, until it goes: one process at a time does.
class DataFolderLock {
 public:
  /// Makes the lock's file when it is missing. FailedPrecondition when another process holds it;
  /// other errors when it cannot be taken.
  static absl::StatusOr<DataFolderLock> Take(const std::filesystem::path& folder);
  /// Makes nothing: without the file no musterd has the folder, and nothing is held.
  static absl::StatusOr<DataFolderLock> TakeIfThere(const std::filesystem::path& folder);

  DataFolderLock(DataFolderLock&& other) noexcept;
  DataFolderLock& operator=(DataFolderLock&&) = delete;
  ~DataFolderLock();

  bool is_held() const { return fd_ >= 0; }

 private:
  explicit DataFolderLock(int fd) : fd_(fd) {}
  static absl::StatusOr<DataFolderLock> Take(const std::filesystem::path& folder, int flags);

  int fd_;
};

}  // namespace muster::daemon
