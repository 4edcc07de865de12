#include "replay.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "muster/core/record_player.h"

namespace muster::journal {
namespace {

/// So many damages are named, and the others counted.
constexpr std::size_t kMostNamed = 200;

/// One replay, by several threads: first the chunks of the snapshot, each by whichever thread comes
/// first; then the batches, by all of them, each for its share of the AoRs.
class Replayer {
 public:
  Replayer(const std::string& file, core::LocationService& location, absl::Time now,
           const ReadingProgress& progress)
      : file_(file), location_(location), now_(now), progress_(progress), player_(location) {}

  absl::StatusOr<Replayed> Run(const OpenReader& open, std::size_t threads) {
    for (std::size_t i = 0; i < threads; ++i) {
      auto reader = open();
      if (!reader.ok()) return reader.status();
      readers_.push_back(*std::move(reader));
    }
    replayed_.chunks = readers_.front()->chunks();
    PlayServers();
    OnAllThreads([this](std::size_t thread) { PlayChunks(thread); });
    OnAllThreads([this](std::size_t thread) { PlayBatches(thread); });
    location_.Sweep(now_);
    if (!failure_.ok()) return failure_;
    if (unnamed_ > 0) {
      replayed_.damages.push_back(absl::StrCat(file_, ": ", unnamed_, " more damages like these"));
    }
    replayed_.chunk_bytes = chunk_bytes_;
    return std::move(replayed_);
  }

 private:
  template <typename Work>
  void OnAllThreads(const Work& work) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < readers_.size(); ++i) threads.emplace_back([&work, i] { work(i); });
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
      if (!records.ok()) {
        Note(records.status());
        continue;
      }
      chunk_bytes_ += records->size();
      const absl::Status status = player.Play(*records, now_, {});
      if (!status.ok()) NoteRecord(status, absl::StrCat("chunk ", i, " of the snapshot"));
      if (thread == 0 && progress_) progress_(i + 1);
    }
  }

  void PlayBatches(std::size_t thread) {
    core::RecordPlayer player = player_;
    // Every thread meets every batch: one of them counts and reports.
    const bool speaks = thread == 0;
    for (std::size_t batches = 0;;) {
      const auto records = readers_[thread]->ReadBatch();
      if (!records.ok()) {
        const bool is_damage = absl::IsDataLoss(records.status());
        if (speaks || !is_damage) Note(records.status());
        if (is_damage) continue;
        return;
      }
      if (!records->has_value()) return;
      ++batches;
      const absl::Status status = player.Play(**records, now_, {thread, readers_.size()});
      if (!speaks) continue;
      if (!status.ok()) NoteRecord(status, absl::StrCat("the ", batches, ". batch that was read"));
      replayed_.batches = batches;
      replayed_.batch_bytes += (*records)->size();
      if (progress_) progress_(replayed_.chunks + batches);
    }
  }

  void NoteRecord(const absl::Status& status, const std::string& where) {
    Note(absl::Status(status.code(), absl::StrCat(file_, file_.empty() ? "" : ": ", where, ": ",
                                                  status.message())));
  }

  void Note(const absl::Status& status) {
    std::lock_guard lock(mutex_);
    if (!absl::IsDataLoss(status)) {
      failure_ = status;
    } else if (replayed_.damages.size() < kMostNamed) {
      replayed_.damages.emplace_back(status.message());
    } else {
      ++unnamed_;
    }
  }

  const std::string& file_;
  core::LocationService& location_;
  const absl::Time now_;
  const ReadingProgress& progress_;
  core::RecordPlayer player_;  // knows the servers; the threads' ones are copies of it
  std::vector<std::unique_ptr<core::JournalReader>> readers_;
  std::atomic<std::size_t> next_chunk_{0};
  std::atomic<std::uint64_t> chunk_bytes_{0};
  std::mutex mutex_;  // guards failure_, unnamed_ and replayed_.damages
  absl::Status failure_;
  std::size_t unnamed_ = 0;
  Replayed replayed_;
};

}  // namespace

absl::StatusOr<Replayed> ReplayFrom(const OpenReader& open, const std::string& file,
                                    core::LocationService& location, absl::Time now,
                                    std::size_t threads, const ReadingProgress& progress) {
  return Replayer(file, location, now, progress).Run(open, std::max<std::size_t>(threads, 1));
}

absl::StatusOr<Replayed> Replay(core::Journal& journal, core::LocationService& location,
                                absl::Time now, std::size_t threads) {
  return ReplayFrom([&journal] { return journal.OpenReader(); }, "", location, now, threads,
                    nullptr);
}

}  // namespace muster::journal
