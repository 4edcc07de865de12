#include "muster/journal/recovery.h"

#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "muster/core/record_player.h"

namespace muster::journal {
namespace {

/// One replay, by several threads: first the chunks of the snapshot, each by whichever thread comes
/// first; then the batches, by all of them, each for its share of the AoRs.
class Replayer {
 public:
  Replayer(core::Journal& journal, core::LocationService& location, absl::Time now,
           std::size_t threads)
      : journal_(journal), location_(location), now_(now), threads_(threads), player_(location) {}

  absl::StatusOr<Replayed> Run() {
    for (std::size_t i = 0; i < threads_; ++i) {
      auto reader = journal_.OpenReader();
      if (!reader.ok()) return reader.status();
      readers_.push_back(*std::move(reader));
    }
    replayed_.chunks = readers_.front()->chunks();
    PlayServers();
    OnAllThreads([this](std::size_t thread) { PlayChunks(thread); });
    OnAllThreads([this](std::size_t thread) { PlayBatches(thread); });
    location_.Sweep(now_);
    if (!failure_.ok()) return failure_;
    return std::move(replayed_);
  }

 private:
  template <typename Work>
  void OnAllThreads(const Work& work) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < threads_; ++i) threads.emplace_back([&work, i] { work(i); });
    for (std::thread& thread : threads) thread.join();
  }

  /// The first chunk has them all.
  void PlayServers() {
    if (replayed_.chunks == 0) return;
    const auto records = readers_.front()->ReadChunk(0);
    // Damage in it is noted when it is played.
    if (records.ok()) player_.PlayServers(*records).IgnoreError();
  }

  void PlayChunks(std::size_t thread) {
    core::RecordPlayer player = player_;
    for (std::size_t i = next_chunk_++; i < replayed_.chunks; i = next_chunk_++) {
      const auto records = readers_[thread]->ReadChunk(i);
      const absl::Status status = records.ok() ? player.Play(*records, now_, {}) : records.status();
      if (!status.ok()) Note(status, absl::StrCat("chunk ", i, " of the snapshot"));
    }
  }

  void PlayBatches(std::size_t thread) {
    core::RecordPlayer player = player_;
    std::size_t batches = 0;
    for (;;) {
      const auto records = readers_[thread]->ReadBatch();
      if (records.ok() && !records->has_value()) break;
      const absl::Status status =
          records.ok() ? player.Play(**records, now_, {thread, threads_}) : records.status();
      batches += records.ok() ? 1 : 0;
      // Every thread meets every batch.
      if (!status.ok() && thread == 0) Note(status, absl::StrCat("batch ", batches));
      if (!status.ok() && !absl::IsDataLoss(status)) break;
    }
    if (thread == 0) replayed_.batches = batches;
  }

  void Note(const absl::Status& status, const std::string& where) {
    std::lock_guard lock(mutex_);
    if (absl::IsDataLoss(status)) {
      replayed_.damages.push_back(absl::StrCat(where, ": ", status.message()));
    } else {
      failure_ = status;
    }
  }

  core::Journal& journal_;
  core::LocationService& location_;
  const absl::Time now_;
  const std::size_t threads_;
  core::RecordPlayer player_;  // knows the servers; the threads' ones are copies of it
  std::vector<std::unique_ptr<core::JournalReader>> readers_;
  std::atomic<std::size_t> next_chunk_{0};
  std::mutex mutex_;  // guards failure_ and replayed_.damages
  absl::Status failure_;
  Replayed replayed_;
};

absl::Status StoreAll(core::Journal& journal, core::LocationService& location, absl::Time now) {
  absl::Status status = journal.BeginSnapshot(journal.next_batch());
  core::RecordPosition position;
  std::string chunk;
  for (bool more = true; more && status.ok();) {
    chunk.clear();
    more = location.CopyRecords(now, core::Limits().journal_chunk_bytes, position, chunk);
    if (!chunk.empty()) status = journal.AppendToSnapshot(chunk);
  }
  return status.ok() ? journal.FinishSnapshot() : status;
}

/// Renames the database and its WAL.
absl::StatusOr<std::filesystem::path> SetAside(const std::filesystem::path& file, absl::Time now) {
  const std::string suffix = absl::StrCat(".damaged-", absl::ToUnixMicros(now));
  const std::filesystem::path aside = file.string() + suffix;
  std::error_code error;
  std::filesystem::rename(file, aside, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat(file.string(), ": cannot be set aside: ", error.message()));
  }
  std::filesystem::rename(file.string() + "-wal", aside.string() + "-wal", error);
  std::filesystem::remove(file.string() + "-shm", error);
  return aside;
}

}  // namespace

absl::StatusOr<Replayed> Replay(core::Journal& journal, core::LocationService& location,
                                absl::Time now, std::size_t threads) {
  return Replayer(journal, location, now, std::max<std::size_t>(threads, 1)).Run();
}

absl::StatusOr<Recovered> OpenAndReplay(const SqliteJournal::Options& options,
                                        core::LocationService& location, absl::Time now,
                                        std::size_t threads) {
  Recovered recovered;
  auto journal = SqliteJournal::Open(options);
  if (journal.ok()) {
    auto replayed = Replay(**journal, location, now, threads);
    if (!replayed.ok() && !absl::IsDataLoss(replayed.status())) return replayed.status();
    if (replayed.ok()) {
      recovered.replayed = *std::move(replayed);
    } else {
      recovered.replayed.damages.emplace_back(replayed.status().message());
    }
  } else if (absl::IsDataLoss(journal.status())) {
    recovered.replayed.damages.emplace_back(journal.status().message());
  } else {
    return journal.status();
  }
  if (recovered.replayed.damages.empty()) {
    recovered.journal = *std::move(journal);
    return recovered;
  }

  if (journal.ok()) journal->reset();
  auto aside = SetAside(options.file, now);
  if (!aside.ok()) return aside.status();
  recovered.set_aside = *std::move(aside);
  auto fresh = SqliteJournal::Open(options);
  if (!fresh.ok()) return fresh.status();
  recovered.journal = *std::move(fresh);
  absl::Status status = StoreAll(*recovered.journal, location, now);
  if (!status.ok()) return status;
  return recovered;
}

}  // namespace muster::journal
