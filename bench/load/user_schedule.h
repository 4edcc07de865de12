#pragma once

#include <cstdint>

namespace muster::bench {

enum class Mode {
  kNew,      // each user once
  kRefresh,  // users who are registered, over and over, in an order that visits all before any
             // again
  kMixed,    // nine refreshes, then one user who is new
};

/// Who registers next. Thread-compatible.
class UserSchedule {
 public:
  struct Turn {
    std::uint64_t user;
    std::uint32_t cseq;
  };

  /// `users` from number `first_user` on; the new ones of kMixed come behind them. CSeqs of a
  /// user's REGISTERs rise from `first_cseq`.
  UserSchedule(Mode mode, std::uint64_t first_user, std::uint64_t users, std::uint32_t first_cseq);

  /// False when there is nobody left (kNew only).
  bool exhausted() const { return mode_ == Mode::kNew && turns_ == users_; }
  Turn Next();
  /// Higher than all CSeqs so far.
  std::uint32_t next_cseq() const;

 private:
  Turn NextRefresh();

  const Mode mode_;
  const std::uint64_t first_user_;
  const std::uint64_t users_;
  const std::uint32_t first_cseq_;
  std::uint64_t stride_;
  std::uint64_t turns_ = 0;
  std::uint64_t refreshes_ = 0;
};

}  // namespace muster::bench
