#include "daemon/data_folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace muster::daemon {
namespace {

absl::Status LockError(const std::filesystem::path& path, const char* what) {
  return absl::UnavailableError(
      absl::StrCat(path.string(), ": ", what, ": ", std::strerror(errno)));
}

}  // namespace

absl::StatusOr<DataFolderLock> DataFolderLock::Take(const std::filesystem::path& folder) {
  return Take(folder, O_RDWR | O_CREAT);
}

absl::StatusOr<DataFolderLock> DataFolderLock::TakeIfThere(const std::filesystem::path& folder) {
  return Take(folder, O_RDONLY);
}

absl::StatusOr<DataFolderLock> DataFolderLock::Take(const std::filesystem::path& folder,
                                                    int flags) {
  const std::filesystem::path lock = folder / "lock";
  const int fd = ::open(lock.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0 && errno == ENOENT && (flags & O_CREAT) == 0) return DataFolderLock(-1);
  if (fd < 0) return LockError(lock, "cannot open");
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const absl::Status status =
        errno == EWOULDBLOCK
            ? absl::FailedPreconditionError(
                  absl::StrCat(folder.string(), ": the data folder is in use by another process"))
            : LockError(lock, "cannot lock");
    ::close(fd);
    return status;
  }
  return DataFolderLock(fd);
}

DataFolderLock::DataFolderLock(DataFolderLock&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

DataFolderLock::~DataFolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace muster::daemon
