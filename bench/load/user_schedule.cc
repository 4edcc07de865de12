#include "bench/load/user_schedule.h"

#include <numeric>

namespace muster::bench {
namespace {

constexpr std::uint64_t kMixedTurnsPerNewUser = 10;

}  // namespace

UserSchedule::UserSchedule(Mode mode, std::uint64_t first_user, std::uint64_t users,
                           std::uint32_t first_cseq)
    : mode_(mode), first_user_(first_user), users_(users), first_cseq_(first_cseq) {
  // Steps of about the golden section of the circle, without a common divisor, visit everyone.
  stride_ = static_cast<std::uint64_t>(static_cast<double>(users) * 0.6180339887) + 1;
  while (std::gcd(stride_, users_) != 1) ++stride_;
}

UserSchedule::Turn UserSchedule::NextRefresh() {
  const std::uint64_t visit = refreshes_++;
  return {first_user_ + visit % users_ * stride_ % users_,
          first_cseq_ + static_cast<std::uint32_t>(visit / users_)};
}

UserSchedule::Turn UserSchedule::Next() {
  const std::uint64_t turn = turns_++;
  if (mode_ == Mode::kNew) return {first_user_ + turn, first_cseq_};
  if (mode_ == Mode::kMixed && turn % kMixedTurnsPerNewUser == kMixedTurnsPerNewUser - 1) {
    return {first_user_ + users_ + turn / kMixedTurnsPerNewUser, first_cseq_};
  }
  return NextRefresh();
}

std::uint32_t UserSchedule::next_cseq() const {
  return first_cseq_ + 1 + static_cast<std::uint32_t>(refreshes_ / users_);
}

}  // namespace muster::bench
