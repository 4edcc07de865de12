#include "tests/journal/power_vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

#include "muster/core/mutex.h"
#include "tests/journal/power_disk.h"

namespace muster::journal {
namespace {

struct Fault {
  int error = SQLITE_OK;
  FaultScope scope;

  // What the next call on `path` is to answer.
  int Next(std::string_view path) {
    if (error == SQLITE_OK || !path.ends_with(scope.suffix)) return SQLITE_OK;
    if (scope.after == 0) return error;
    --scope.after;
    return SQLITE_OK;
  }
};

}  // namespace

// What the callbacks share. `mutex` guards what stands below it.
class PowerMachine {
 public:
  explicit PowerMachine(std::string vfs_name);
  ~PowerMachine() { sqlite3_vfs_unregister(&vfs); }

  const std::string name;
  sqlite3_vfs* const real = sqlite3_vfs_find(nullptr);
  sqlite3_vfs vfs;

  mutable core::Mutex mutex;
  PowerDisk disk;
  bool power = true;
  int64_t cuts = 0;
  Fault reads_fault, writes_fault, truncates_fault, syncs_fault;
  bool ignores_syncs = false;
  // Not under the mutex: a test that waits for a count must not hold up who makes it.
  std::atomic<int64_t> writes = 0;
  std::atomic<int64_t> syncs = 0;
};

namespace {

// One xOpen. The real file is opened along with it, and carries the locks and the shared memory.
struct OpenFile {
  PowerMachine& machine;
  std::string path;  // empty: a temporary file, of which nothing outlives its handle
  int64_t cuts_before;
  std::unique_ptr<std::byte[]> real_memory;
  std::shared_ptr<PowerFileState> state;
  // The unix VFS syncs the directory with the first sync of a journal or WAL that it may have
  // created, and SQLite counts on that: it makes the delete of an earlier journal certain too.
  bool next_sync_is_of_directory_too;

  sqlite3_file* real() const {
    return static_cast<sqlite3_file*>(static_cast<void*>(real_memory.get()));
  }
  const sqlite3_io_methods& methods() const { return *real()->pMethods; }
  bool HasPower() const { return machine.power && machine.cuts == cuts_before; }
};

// What SQLite allocates for us.
struct Handle : sqlite3_file {
  OpenFile* open;
};

OpenFile& OpenFileOf(sqlite3_file* file) { return *static_cast<Handle*>(file)->open; }

PowerMachine& MachineOf(sqlite3_vfs* vfs) { return *static_cast<PowerMachine*>(vfs->pAppData); }

template <typename Call>
int WithPower(sqlite3_file* file, Call call) {
  OpenFile& open = OpenFileOf(file);
  core::MutexLock lock(open.machine.mutex);
  return open.HasPower() ? call(open) : SQLITE_IOERR;
}

int Close(sqlite3_file* file) {
  const std::unique_ptr<OpenFile> open(static_cast<Handle*>(file)->open);
  core::MutexLock lock(open->machine.mutex);
  const int result = open->methods().xClose(open->real());
  open->state.reset();
  open->machine.disk.Release(open->path);
  return result;
}

int Read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  return WithPower(file, [&](OpenFile& open) -> int {
    if (const int error = open.machine.reads_fault.Next(open.path)) return error;
    char* const bytes = static_cast<char*>(to);
    const size_t read = open.state->Read(offset, bytes, size);
    if (read == static_cast<size_t>(size)) return SQLITE_OK;
    std::memset(bytes + read, 0, size - read);  // xRead must, or databases get corrupt
    return SQLITE_IOERR_SHORT_READ;
  });
}

int Write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  return WithPower(file, [&](OpenFile& open) -> int {
    if (const int error = open.machine.writes_fault.Next(open.path)) return error;
    open.state->Write(offset, {static_cast<const char*>(from), static_cast<size_t>(size)});
    ++open.machine.writes;
    return SQLITE_OK;
  });
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return WithPower(file, [&](OpenFile& open) -> int {
    if (const int error = open.machine.truncates_fault.Next(open.path)) return error;
    open.state->Truncate(size);
    return SQLITE_OK;
  });
}

int ApplyToReal(const OpenFile& open, const FileOp& op) {
  if (op.kind == FileOp::Kind::kTruncate) return open.methods().xTruncate(open.real(), op.offset);
  return open.methods().xWrite(open.real(), op.bytes.data(), static_cast<int>(op.bytes.size()),
                               op.offset);
}

// The real file is not synced: the machine that runs the test keeps its power.
int Sync(sqlite3_file* file, int /*flags*/) {
  return WithPower(file, [](OpenFile& open) -> int {
    if (open.machine.ignores_syncs) return SQLITE_OK;
    if (const int error = open.machine.syncs_fault.Next(open.path)) {
      open.state->FailSync();
      return error;
    }
    for (const FileOp& op : open.state->Sync()) {
      if (const int error = ApplyToReal(open, op)) return error;
    }
    open.machine.disk.NoteSync(open.path, open.state);
    if (std::exchange(open.next_sync_is_of_directory_too, false)) {
      open.machine.disk.NoteDirectorySync(open.path);
    }
    ++open.machine.syncs;
    return SQLITE_OK;
  });
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return WithPower(file, [&](const OpenFile& open) {
    *size = open.state->size();
    return SQLITE_OK;
  });
}

int Lock(sqlite3_file* file, int level) {
  return WithPower(file, [&](OpenFile& open) { return open.methods().xLock(open.real(), level); });
}

int Unlock(sqlite3_file* file, int level) {
  return WithPower(file,
                   [&](OpenFile& open) { return open.methods().xUnlock(open.real(), level); });
}

int CheckReservedLock(sqlite3_file* file, int* reserved) {
  return WithPower(file, [&](OpenFile& open) {
    return open.methods().xCheckReservedLock(open.real(), reserved);
  });
}

int FileControl(sqlite3_file* file, int operation, void* argument) {
  return WithPower(file, [&](OpenFile& open) -> int {
    switch (operation) {
      case SQLITE_FCNTL_SIZE_HINT:
      case SQLITE_FCNTL_CHUNK_SIZE:
        return SQLITE_OK;  // hints; the real file would grow without a write
      case SQLITE_FCNTL_LOCKSTATE:
      case SQLITE_FCNTL_LAST_ERRNO:
      case SQLITE_FCNTL_PERSIST_WAL:
      case SQLITE_FCNTL_POWERSAFE_OVERWRITE:
      case SQLITE_FCNTL_TEMPFILENAME:
      case SQLITE_FCNTL_HAS_MOVED:
        return open.methods().xFileControl(open.real(), operation, argument);
      default:
        return SQLITE_NOTFOUND;
    }
  });
}

int SectorSize(sqlite3_file* file) {
  const OpenFile& open = OpenFileOf(file);
  return open.methods().xSectorSize(open.real());
}

// Of what the real disk may promise, the model keeps only that a write changes no byte beside it.
int DeviceCharacteristics(sqlite3_file* file) {
  const OpenFile& open = OpenFileOf(file);
  return open.methods().xDeviceCharacteristics(open.real()) & SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int ShmMap(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
  return WithPower(file, [&](OpenFile& open) {
    return open.methods().xShmMap(open.real(), region, size, extend, memory);
  });
}

int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return WithPower(file, [&](OpenFile& open) {
    return open.methods().xShmLock(open.real(), offset, count, flags);
  });
}

void ShmBarrier(sqlite3_file* file) {
  const OpenFile& open = OpenFileOf(file);
  open.methods().xShmBarrier(open.real());
}

// Without power too, or the mapping would leak; but then the file of that name is not ours.
int ShmUnmap(sqlite3_file* file, int delete_file) {
  const OpenFile& open = OpenFileOf(file);
  core::MutexLock lock(open.machine.mutex);
  const bool power = open.HasPower();
  const int result = open.methods().xShmUnmap(open.real(), power ? delete_file : 0);
  return power ? result : SQLITE_IOERR;
}

// Version 2: no xFetch, so no memory mapping.
constexpr sqlite3_io_methods kMethods = {
    2,
    Close,
    Read,
    Write,
    Truncate,
    Sync,
    FileSize,
    Lock,
    Unlock,
    CheckReservedLock,
    FileControl,
    SectorSize,
    DeviceCharacteristics,
    ShmMap,
    ShmLock,
    ShmBarrier,
    ShmUnmap,
    nullptr,
    nullptr,
};

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  PowerMachine& machine = MachineOf(vfs);
  core::MutexLock lock(machine.mutex);
  file->pMethods = nullptr;  // SQLite does not close what has none
  if (!machine.power) return SQLITE_IOERR;

  constexpr int kJournal = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
  const bool new_journal = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & kJournal) != 0;
  const bool temporary = name == nullptr || (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  const std::string path = temporary ? "" : name;
  auto open = std::make_unique<OpenFile>(
      machine, path, machine.cuts, std::make_unique<std::byte[]>(machine.real->szOsFile),
      temporary ? std::make_shared<PowerFileState>("") : machine.disk.Load(path), new_journal);
  // `name` as it is: SQLite keeps the parameters of the URI behind it.
  const int result = machine.real->xOpen(machine.real, name, open->real(), flags, out_flags);
  if (result != SQLITE_OK) {
    open->state.reset();
    machine.disk.Release(path);
    return result;
  }
  if (open->state == nullptr) open->state = machine.disk.Create(path);
  file->pMethods = &kMethods;
  static_cast<Handle*>(file)->open = open.release();
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* name, int sync_directory) {
  PowerMachine& machine = MachineOf(vfs);
  core::MutexLock lock(machine.mutex);
  if (!machine.power) return SQLITE_IOERR;
  machine.disk.Load(name);
  const int result = machine.real->xDelete(machine.real, name, /*syncDir=*/0);
  if (result == SQLITE_OK) machine.disk.NoteDelete(name, sync_directory != 0);
  return result;
}

int Access(sqlite3_vfs* vfs, const char* name, int flags, int* granted) {
  PowerMachine& machine = MachineOf(vfs);
  core::MutexLock lock(machine.mutex);
  if (!machine.power) return SQLITE_IOERR;
  const auto state = machine.disk.Find(name);
  if (state == nullptr || flags != SQLITE_ACCESS_EXISTS) {
    return machine.real->xAccess(machine.real, name, flags, granted);
  }
  *granted = state->size() > 0;  // SQLite's unix VFS takes an empty file for none
  return SQLITE_OK;
}

}  // namespace

// The callbacks that stay the real VFS's own (full path, time, sleep, randomness, loading of
// libraries) do not look at the VFS that they are called with.
PowerMachine::PowerMachine(std::string vfs_name) : name(std::move(vfs_name)), vfs(*real) {
  vfs.szOsFile = sizeof(Handle);
  vfs.pNext = nullptr;
  vfs.zName = name.c_str();
  vfs.pAppData = this;
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  vfs.xAccess = Access;
  sqlite3_vfs_register(&vfs, /*makeDflt=*/0);
}

PowerVfs::PowerVfs(std::string name) : machine_(std::make_unique<PowerMachine>(std::move(name))) {}
PowerVfs::~PowerVfs() = default;

const std::string& PowerVfs::name() const { return machine_->name; }

void PowerVfs::Cut(std::mt19937_64& random) {
  core::MutexLock lock(machine_->mutex);
  machine_->power = false;
  ++machine_->cuts;
  machine_->disk.Cut(random);
}

void PowerVfs::PowerOn() {
  core::MutexLock lock(machine_->mutex);
  machine_->power = true;
}

void PowerVfs::FailReads(int sqlite_error, FaultScope scope) {
  core::MutexLock lock(machine_->mutex);
  machine_->reads_fault = {sqlite_error, std::move(scope)};
}

void PowerVfs::FailWrites(int sqlite_error, FaultScope scope) {
  core::MutexLock lock(machine_->mutex);
  machine_->writes_fault = {sqlite_error, std::move(scope)};
}

void PowerVfs::FailTruncates(int sqlite_error, FaultScope scope) {
  core::MutexLock lock(machine_->mutex);
  machine_->truncates_fault = {sqlite_error, std::move(scope)};
}

void PowerVfs::FailSyncs(int sqlite_error, FaultScope scope) {
  core::MutexLock lock(machine_->mutex);
  machine_->syncs_fault = {sqlite_error, std::move(scope)};
}

void PowerVfs::IgnoreSyncs() {
  core::MutexLock lock(machine_->mutex);
  machine_->ignores_syncs = true;
}

void PowerVfs::Heal() {
  core::MutexLock lock(machine_->mutex);
  machine_->reads_fault = {};
  machine_->writes_fault = {};
  machine_->truncates_fault = {};
  machine_->syncs_fault = {};
  machine_->ignores_syncs = false;
}

int64_t PowerVfs::writes() const { return machine_->writes; }
int64_t PowerVfs::syncs() const { return machine_->syncs; }

int64_t PowerVfs::pending_bytes() const {
  core::MutexLock lock(machine_->mutex);
  return machine_->disk.pending_bytes();
}

}  // namespace muster::journal
