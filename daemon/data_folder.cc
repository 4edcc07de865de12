#include "daemon/data_folder.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace muster::daemon {
namespace {

absl::Status FileError(const std::filesystem::path& path, std::string_view what) {
  return absl::UnavailableError(
      absl::StrCat(path.string(), ": ", std::string(what), ": ", std::strerror(errno)));
}

/// Writes a small file so that it is there whole or not at all.
absl::Status WriteFile(const std::filesystem::path& path, const std::string& text, mode_t mode) {
  const std::filesystem::path fresh = path.string() + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0) return FileError(fresh, "cannot write");
  const auto written = ::write(fd, text.data(), text.size());
  const bool whole = written == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  absl::Status status = whole ? absl::OkStatus() : FileError(fresh, "cannot write");
  ::close(fd);
  if (!status.ok()) {
    ::unlink(fresh.c_str());
    return status;
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return FileError(path, "cannot write");
  return absl::OkStatus();
}

absl::StatusOr<std::string> RandomToken() {
  std::array<char, 32> bits;
  if (::getrandom(bits.data(), bits.size(), 0) != static_cast<ssize_t>(bits.size())) {
    return FileError("getrandom", "no random bits");
  }
  return absl::BytesToHexString(absl::string_view(bits.data(), bits.size()));
}

}  // namespace

absl::StatusOr<DataFolder> DataFolder::Open(const std::filesystem::path& path) {
  std::error_code error;
  const bool missing = !std::filesystem::exists(path, error);
  if (missing && !std::filesystem::create_directories(path, error)) {
    return absl::UnavailableError(
        absl::StrCat(path.string(), ": cannot create the data folder: ", error.message()));
  }
  if (missing) ::chmod(path.c_str(), 0700);
  auto lock = DataFolderLock::Take(path);
  if (!lock.ok()) return lock.status();
  return DataFolder(path, *std::move(lock));
}

DataFolder::~DataFolder() {
  if (!lock_.is_held()) return;  // moved from
  // Nobody is to show the token to whoever listens there next.
  std::error_code ignored;
  std::filesystem::remove(path_ / "http.url", ignored);
}

absl::StatusOr<std::string> DataFolder::AdminToken() const {
  const std::filesystem::path path = path_ / "admin.token";
  std::error_code error;
  if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error)) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": expected a regular file"));
  }
  errno = 0;
  if (std::ifstream file(path); file) {
    std::string token((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    absl::StripAsciiWhitespace(&token);
    if (token.size() < 16) {
      return absl::InvalidArgumentError(
          absl::StrCat(path.string(), ": expected a token of at least 16 characters"));
    }
    return token;
  }
  if (errno != ENOENT) return FileError(path, "cannot read");
  absl::StatusOr<std::string> token = RandomToken();
  if (!token.ok()) return token;
  if (absl::Status status = WriteFile(path, *token + "\n", 0600); !status.ok()) return status;
  return token;
}

absl::Status DataFolder::WriteHttpUrl(const std::string& url) const {
  return WriteFile(path_ / "http.url", url + "\n", 0600);
}

}  // namespace muster::daemon
