#pragma once

#include <filesystem>
#include <string>

namespace muster::journal {

/// SQLite reads its WAL up to the first frame that is not right, and takes that for the end: after
/// a crash it is. Says what is wrong when whole transactions stand behind it, which is damage;
/// empty otherwise, and when there is no WAL.
///
/// With synchronous=FULL at most the last transaction is torn by a crash, so that two behind the
/// place cannot be. With NORMAL the power may take more than that: then that is what it says.
std::string DamageInWal(const std::filesystem::path& wal);

}  // namespace muster::journal
