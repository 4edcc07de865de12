#pragma once

#include <memory>
#include <string>
#include <utility>

#include "muster/core/aor.h"
#include "tests/conformance/held_commits.h"
#include "tests/conformance/muster_under_test.h"

namespace muster::testing {

inline constexpr char kAlice[] = "alice@example.com";
inline constexpr char kBob[] = "bob@example.com";

/// A muster whose changes are stored, or not, when the test says so.
class HeldMusterTest : public MusterTest {
 protected:
  void SetUp() override { StartHeld({}); }
  void TearDown() override { commits().SettleAll(); }

  void StartHeld(MusterOptions options) {
    if (commits_) commits_->SettleAll();
    commits_ = std::make_shared<HeldCommits>();
    options.commits = commits_;
    Start(options);
  }

  HeldCommits& commits() { return *commits_; }
  core::LocationService& location() { return muster().location; }
  core::BatchNumber Take() { return commits_->Take(location()); }
  void Store() { commits_->Store(location()); }
  void Lose() { commits_->Lose(location(), clock().Now()); }

  /// Each of the next `count` REGISTERs whose answers are held has a batch of its own.
  void TakeAfterEach(std::size_t count) {
    if (count == 0) return;
    commits_->AfterLooks(1, [this, count] {
      Take();
      TakeAfterEach(count - 1);
    });
  }

  /// An AoR of a shard in which nothing has been changed yet.
  std::string AorOfOtherShard() {
    for (int i = 0;; ++i) {
      std::string aor = "user" + std::to_string(i) + "@example.com";
      const auto batch =
          location().Edit(*core::Aor::Parse(aor), absl::UnixEpoch(), [](core::Record&) {});
      if (batch == 0) return aor;
    }
  }

  std::uint64_t Registers(std::size_t code) {
    return muster().sip.counters().registers_by_code[code];
  }

  static Request Put(const std::string& aor, std::uint32_t cseq = 1) {
    return RegisterOf(aor, "put-" + aor, cseq).Contact("<sip:" + aor + ":5061>;expires=600");
  }

 private:
  std::shared_ptr<HeldCommits> commits_;
};

}  // namespace muster::testing
