#pragma once

// What a machine that may lose power knows of one file: the bytes that reads see, the bytes that
// are surely on the disk, and the operations between the two. Knows neither SQLite nor real files.

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace muster::journal {

struct FileOp {
  enum class Kind { kWrite, kTruncate };

  Kind kind;
  int64_t offset;     // of a truncate: the new size
  std::string bytes;  // of a truncate: empty

  void ApplyTo(std::string& image) const;
};

// Thread-compatible.
class PowerFileState {
 public:
  // A file whose bytes are all on the disk.
  explicit PowerFileState(std::string disk) : disk_(disk), live_(std::move(disk)) {}

  // Copies what there is of [offset, offset + size) and returns how many bytes that was. Reads see
  // every write, whether synced or not.
  size_t Read(int64_t offset, char* to, size_t size) const;
  int64_t size() const { return static_cast<int64_t>(live_.size()); }

  void Write(int64_t offset, std::string_view bytes);
  void Truncate(int64_t new_size);

  // Puts the pending operations on the disk, and returns them in their order.
  std::vector<FileOp> Sync();

  // A sync that failed. Linux then takes the pages for clean: they are still read, but a later
  // fsync does not write them again. So each operation that was pending is in doubt from now on: a
  // cut keeps or loses it by chance, even after a later sync that succeeds, until one synced
  // operation covers it whole.
  void FailSync();

  // Forgets what is pending; what is in doubt stays so. The bytes that reads see do not change:
  // this is for the copy of a deleted file, which nobody reads before the next cut.
  void DropPending();

  // The bytes that are found after a cut now. Of the pending operations these are kept, by chance:
  // none; each or not, as a disk that reorders does; or those before some operation, and of that
  // one its first sectors.
  std::string AfterCut(std::mt19937_64& random) const;

  // Whether the disk has all that reads see.
  bool certain() const { return log_.empty(); }
  // Written bytes, pending or in doubt: those that a cut may lose.
  int64_t pending_bytes() const;

 private:
  enum class Standing { kPending, kInDoubt, kSynced };

  struct LoggedOp {
    FileOp op;
    Standing standing;
  };

  void Append(FileOp op);

  std::string disk_;
  std::string live_;
  // live_ is disk_ with these applied in order. Synced ones are here only while one in doubt stands
  // before them: what is rewritten after a failed sync must win over what may turn up from it.
  std::vector<LoggedOp> log_;
};

}  // namespace muster::journal
