#include "tests/journal/power_disk.h"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace muster::journal {
namespace {

namespace fs = std::filesystem;

std::string ReadWhole(const std::string& path) {
  std::string bytes(fs::file_size(path), '\0');
  std::ifstream(path, std::ios::binary).read(bytes.data(), std::ssize(bytes));
  return bytes;
}

// A new file with an inode of its own: SQLite keeps its locks, and what connections of one process
// share, by inode.
void Replace(const std::string& path, const std::string& bytes) {
  const fs::file_status old = fs::status(path);
  fs::remove(path);
  std::ofstream(path, std::ios::binary) << bytes;
  if (fs::exists(old)) fs::permissions(path, old.permissions());
}

bool InSameDirectory(const std::string& a, const std::string& b) {
  return fs::path(a).parent_path() == fs::path(b).parent_path();
}

}  // namespace

std::shared_ptr<PowerFileState> PowerDisk::Load(const std::string& path) {
  if (const auto it = files_.find(path); it != files_.end()) return it->second.state;
  if (!fs::exists(path)) return nullptr;
  auto state = std::make_shared<PowerFileState>(ReadWhole(path));
  files_.insert({path, {state, /*name_is_certain=*/true}});
  return state;
}

std::shared_ptr<PowerFileState> PowerDisk::Create(const std::string& path) {
  auto state = std::make_shared<PowerFileState>("");
  files_.insert_or_assign(path, File{state, /*name_is_certain=*/false});
  return state;
}

std::shared_ptr<const PowerFileState> PowerDisk::Find(const std::string& path) const {
  const auto it = files_.find(path);
  return it == files_.end() ? nullptr : it->second.state;
}

void PowerDisk::NoteSync(const std::string& path, const std::shared_ptr<PowerFileState>& state) {
  const auto it = files_.find(path);
  if (it == files_.end() || it->second.state != state) return;  // deleted while open
  it->second.name_is_certain = true;
  uncertain_deletes_.erase(path);
}

void PowerDisk::NoteDelete(const std::string& path, bool directory_synced) {
  const auto it = files_.find(path);
  if (it != files_.end()) {
    if (it->second.name_is_certain) {
      PowerFileState left = *it->second.state;
      left.DropPending();
      uncertain_deletes_.insert_or_assign(path, std::move(left));
    }
    files_.erase(it);
  }
  if (directory_synced) NoteDirectorySync(path);
}

void PowerDisk::NoteDirectorySync(const std::string& path) {
  std::erase_if(uncertain_deletes_,
                [&](const auto& entry) { return InSameDirectory(entry.first, path); });
  for (auto& [other, file] : files_) {
    if (InSameDirectory(other, path)) file.name_is_certain = true;
  }
}

void PowerDisk::Release(const std::string& path) {
  const auto it = files_.find(path);
  if (it == files_.end()) return;
  const File& file = it->second;
  if (file.state.use_count() == 1 && file.state->certain() && file.name_is_certain) {
    files_.erase(it);
  }
}

void PowerDisk::Cut(std::mt19937_64& random) {
  std::bernoulli_distribution coin(0.5);
  for (const auto& [path, file] : files_) {
    fs::remove(path + "-shm");
    if (!file.name_is_certain && coin(random)) {
      fs::remove(path);
      continue;
    }
    Replace(path, file.state->AfterCut(random));
    uncertain_deletes_.erase(path);  // the name is the new file's
  }
  for (const auto& [path, state] : uncertain_deletes_) {
    if (coin(random)) Replace(path, state.AfterCut(random));
  }
  files_.clear();
  uncertain_deletes_.clear();
}

int64_t PowerDisk::pending_bytes() const {
  int64_t bytes = 0;
  for (const auto& [path, file] : files_) bytes += file.state->pending_bytes();
  return bytes;
}

}  // namespace muster::journal
