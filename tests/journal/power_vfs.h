#pragma once

// An SQLite VFS over the machine's own, on which a test can cut the power and let the disk fail.
//
//   PowerVfs vfs("my_test");
//   sqlite3_open_v2(path, &db, flags, vfs.name().c_str());
//   ...
//   vfs.Cut(random);        // everything open is dead: SQLITE_IOERR
//   vfs.PowerOn();          // open again, on what the disk kept; close the dead ones when you like
//
// What is promised to SQLite is what a disk without tricks promises: what was synced is there after
// a cut. Everything else may be there whole, in part, in another order, or not at all:
//  - Writes and truncates are seen by all who read through this VFS at once, and reach the real
//    file at its sync. See PowerFileState for what a cut leaves of those that did not.
//  - A new file may vanish at a cut before its first sync. A delete whose directory was not synced
//    after it may come undone, and the file then has its synced bytes.
//  - Shared memory and locks are the real ones, and end with the power.
//  - Memory mapping, atomic writes and preallocation are not offered.
//
// The real files hold only what was synced or what a cut has left, also after the PowerVfs is gone:
// to see what a database holds, ask through the VFS.

#include <cstdint>
#include <memory>
#include <random>
#include <string>

namespace muster::journal {

class PowerMachine;

// Which calls a fault hits.
struct FaultScope {
  std::string suffix;  // those on files whose names end so: ".db", "-wal"; empty: on all files
  int64_t after = 0;   // after as many of these that still succeed
};

// Thread-safe: one mutex, held for each operation on a file. Outlives every connection that was
// opened through it. Processes that open the same files without it see the locks, but not the
// writes.
class PowerVfs {
 public:
  // Registers the VFS as `name`, which no other has; not as the default one.
  explicit PowerVfs(std::string name);
  ~PowerVfs();

  PowerVfs(const PowerVfs&) = delete;
  PowerVfs& operator=(const PowerVfs&) = delete;

  const std::string& name() const;

  // From now on, and for ever, all that is open answers SQLITE_IOERR, and nothing more reaches a
  // file. Closing works, and gives back locks and descriptors.
  void Cut(std::mt19937_64& random);
  // Files can be opened, tested for and deleted again.
  void PowerOn();

  // From now on such calls answer `sqlite_error`, and do nothing; of each kind, the latest call
  // holds. A failed sync leaves what it should have written in doubt: PowerFileState::FailSync().
  // The sync of a directory after a delete never fails.
  void FailReads(int sqlite_error, FaultScope scope = {});
  void FailWrites(int sqlite_error, FaultScope scope = {});
  void FailTruncates(int sqlite_error, FaultScope scope = {});
  void FailSyncs(int sqlite_error, FaultScope scope = {});
  // From now on syncs do nothing, and say that they did: as with synchronous=OFF.
  void IgnoreSyncs();
  // Ends all of them.
  void Heal();

  // Calls that succeeded, on all files, since the start.
  int64_t writes() const;
  int64_t syncs() const;
  // What was written, to files that are not deleted, and might be lost by a cut now.
  int64_t pending_bytes() const;

 private:
  std::unique_ptr<PowerMachine> machine_;
};

}  // namespace muster::journal
