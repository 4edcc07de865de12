#pragma once

// The files that a machine which may lose power has touched, by path: which of their names are
// surely on the disk, which deletes may come undone, and what a cut leaves of it all. The real
// files hold what is synced; a cut replaces them.

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "tests/journal/power_file_state.h"

namespace muster::journal {

// Thread-compatible. The states that it hands out are shared by all who have the file open.
class PowerDisk {
 public:
  // The file at `path`, read from the real one at first; null when there is none.
  std::shared_ptr<PowerFileState> Load(const std::string& path);
  // A file that has just been created, empty. Its name may be lost until its first sync.
  std::shared_ptr<PowerFileState> Create(const std::string& path);
  // The same as Load() for a file that is known already, but never reads.
  std::shared_ptr<const PowerFileState> Find(const std::string& path) const;

  // To be told after the sync of a file, which makes its name certain too, as on ext4.
  void NoteSync(const std::string& path, const std::shared_ptr<PowerFileState>& state);
  // To be told after the delete of a file that was loaded before. Until the directory is synced, or
  // a new file of that name is, the delete may come undone at a cut.
  void NoteDelete(const std::string& path, bool directory_synced);
  // To be told after the sync of the directory of `path`, which makes all its names certain.
  void NoteDirectorySync(const std::string& path);

  // Forgets a file that nobody has open and of which all is on the disk.
  void Release(const std::string& path);

  // Replaces each known file by what is left of it, as a file of its own: who has the old one open
  // shares neither bytes nor locks with who opens the new one. The memory shared beside a database,
  // "-shm", is lost.
  void Cut(std::mt19937_64& random);

  int64_t pending_bytes() const;

 private:
  struct File {
    std::shared_ptr<PowerFileState> state;
    bool name_is_certain;
  };

  std::map<std::string, File> files_;
  std::map<std::string, PowerFileState> uncertain_deletes_;
};

}  // namespace muster::journal
