#include "tests/journal/power_file_state.h"

#include <algorithm>
#include <iterator>

namespace muster::journal {
namespace {

constexpr int64_t kSectorBytes = 512;

bool Coin(std::mt19937_64& random) { return std::bernoulli_distribution(0.5)(random); }

// Whether after `later` no byte of what `earlier` did can be seen.
bool Covers(const FileOp& later, const FileOp& earlier) {
  if (later.kind == FileOp::Kind::kTruncate) return later.offset <= earlier.offset;
  if (earlier.kind == FileOp::Kind::kTruncate) return false;
  return later.offset <= earlier.offset &&
         later.offset + std::ssize(later.bytes) >= earlier.offset + std::ssize(earlier.bytes);
}

// The first sectors of a write, at least one less than all. A truncate is whole or not at all.
void ApplyTorn(const FileOp& op, std::string& image, std::mt19937_64& random) {
  if (op.kind == FileOp::Kind::kTruncate) return;
  const int64_t first_sector = op.offset / kSectorBytes;
  const int64_t last_sector = (op.offset + std::ssize(op.bytes) - 1) / kSectorBytes;
  const int64_t end =
      std::uniform_int_distribution<int64_t>(first_sector, last_sector)(random) * kSectorBytes;
  if (end <= op.offset) return;
  FileOp{op.kind, op.offset, op.bytes.substr(0, end - op.offset)}.ApplyTo(image);
}

// Decides for one cut what becomes of the pending operations, which it is given in their order.
class CutOfPending {
 public:
  CutOfPending(size_t pending, std::mt19937_64& random)
      : random_(random), fate_(std::uniform_int_distribution(0, 2)(random)) {
    keep_each_ = std::uniform_real_distribution(0.0, 1.0)(random);
    whole_ = std::uniform_int_distribution<size_t>(0, pending)(random);
  }

  void Apply(const FileOp& op, std::string& image) {
    const size_t position = position_++;
    if (fate_ == kSubset && std::bernoulli_distribution(keep_each_)(random_)) op.ApplyTo(image);
    if (fate_ == kTornPrefix && position < whole_) op.ApplyTo(image);
    if (fate_ == kTornPrefix && position == whole_) ApplyTorn(op, image, random_);
  }

 private:
  enum Fate { kNone, kSubset, kTornPrefix };

  std::mt19937_64& random_;
  int fate_;
  double keep_each_;  // kSubset: with what probability
  size_t whole_;      // kTornPrefix: how many are kept whole
  size_t position_ = 0;
};

}  // namespace

void FileOp::ApplyTo(std::string& image) const {
  if (kind == Kind::kTruncate) {
    image.resize(offset);
    return;
  }
  if (std::ssize(image) < offset + std::ssize(bytes)) image.resize(offset + bytes.size());
  bytes.copy(image.data() + offset, bytes.size());
}

size_t PowerFileState::Read(int64_t offset, char* to, size_t size) const {
  if (offset >= std::ssize(live_)) return 0;
  return live_.copy(to, size, offset);
}

void PowerFileState::Write(int64_t offset, std::string_view bytes) {
  Append({FileOp::Kind::kWrite, offset, std::string(bytes)});
}

void PowerFileState::Truncate(int64_t new_size) { Append({FileOp::Kind::kTruncate, new_size, {}}); }

void PowerFileState::Append(FileOp op) {
  op.ApplyTo(live_);
  log_.push_back({std::move(op), Standing::kPending});
}

std::vector<FileOp> PowerFileState::Sync() {
  std::vector<FileOp> synced;
  for (LoggedOp& logged : log_) {
    if (logged.standing != Standing::kPending) continue;
    logged.standing = Standing::kSynced;
    synced.push_back(logged.op);
  }
  // All that is in doubt is older than what was just synced.
  std::erase_if(log_, [&](const LoggedOp& logged) {
    return logged.standing == Standing::kInDoubt &&
           std::ranges::any_of(synced, [&](const FileOp& op) { return Covers(op, logged.op); });
  });
  const auto first_in_doubt = std::ranges::find(log_, Standing::kInDoubt, &LoggedOp::standing);
  for (auto it = log_.begin(); it != first_in_doubt; ++it) it->op.ApplyTo(disk_);
  log_.erase(log_.begin(), first_in_doubt);
  return synced;
}

void PowerFileState::FailSync() {
  for (LoggedOp& logged : log_) {
    if (logged.standing == Standing::kPending) logged.standing = Standing::kInDoubt;
  }
}

void PowerFileState::DropPending() {
  std::erase_if(log_, [](const LoggedOp& op) { return op.standing == Standing::kPending; });
}

std::string PowerFileState::AfterCut(std::mt19937_64& random) const {
  std::string image = disk_;
  CutOfPending cut(std::ranges::count(log_, Standing::kPending, &LoggedOp::standing), random);
  for (const LoggedOp& logged : log_) {
    switch (logged.standing) {
      case Standing::kSynced:
        logged.op.ApplyTo(image);
        break;
      case Standing::kInDoubt:
        if (Coin(random)) logged.op.ApplyTo(image);
        break;
      case Standing::kPending:
        cut.Apply(logged.op, image);
        break;
    }
  }
  return image;
}

int64_t PowerFileState::pending_bytes() const {
  int64_t bytes = 0;
  for (const LoggedOp& logged : log_) {
    if (logged.standing != Standing::kSynced) bytes += std::ssize(logged.op.bytes);
  }
  return bytes;
}

}  // namespace muster::journal
