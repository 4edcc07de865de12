// What threads do to bindings and see of them, written down with the moments at which each call
// began and ended, and checked: for each AoR there is an order of all calls that agrees with these
// moments, in which each call sees what the one before it left (linearizability). Every way of
// asking must keep to it. To be run under ThreadSanitizer, too.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "muster/core/location_service.h"
#include "tests/core/owned_binding.h"

namespace muster::core {
namespace {

constexpr int kAors = 6;
constexpr int kWriters = 2;
constexpr int kReaders = 2;
constexpr int kThreads = kWriters + kReaders;
constexpr std::uint32_t kCallsOfAThread = 4'000;
constexpr std::uint32_t kNothing = 0;  // the CSeq of a binding that is not there

/// One call.
struct Call {
  std::uint64_t began = 0;
  std::uint64_t ended = 0;
  int aor = 0;
  bool is_write = false;
  std::uint32_t value = kNothing;   // written, or seen
  std::uint32_t before = kNothing;  // of a write: what it replaced
  std::size_t place = 0;            // of a write: among those of its AoR, from 1 on
};
using History = std::vector<Call>;

std::string AorText(int aor) { return "u" + std::to_string(aor) + "@example.com"; }

class HistoryTest : public testing::Test {
 protected:
  /// A binding with that CSeq comes, changes or goes; now and then so that rows are built anew.
  Call Write(int aor, std::uint32_t value, std::mt19937& random) {
    Call call{.aor = aor, .is_write = true, .value = random() % 5 == 0 ? kNothing : value};
    OwnedBinding binding = OwnedBinding::Of(AorText(aor));
    binding.cseq = value;
    binding.call_id = "call-" + std::to_string(aor);
    binding.transport = static_cast<Transport>(random() % 2);
    binding.expires_at = kNow + absl::Hours(1);
    if (random() % 2 == 0) binding.user_agent = "Phone/" + std::to_string(random() % 3);
    call.began = ++moment_;
    location_.Edit(AorOf(binding.aor), kNow, [&](Record& record) {
      call.before = record.size() == 0 ? kNothing : record.at(0).cseq;
      call.place = ++writes_[static_cast<std::size_t>(aor)];
      if (call.value == kNothing) {
        if (record.size() != 0) record.Remove(0);
      } else if (record.size() == 0) {
        record.Add(binding.View());
      } else {
        record.Replace(0, binding.View());
      }
    });
    call.ended = ++moment_;
    return call;
  }

  Call Read(int aor, std::mt19937& random) {
    Call call{.aor = aor};
    BindingPage page;
    RowPosition position;
    BindingFilter filter = AnyFilterOf(aor, random);
    const bool looks_up = random() % 4 == 0;
    call.began = ++moment_;
    if (looks_up) {
      location_.Lookup(AorOf(AorText(aor)), kNow, page);
    } else {
      location_.Read(filter, kNow, 2, position, page);
    }
    call.ended = ++moment_;
    EXPECT_LE(page.size(), 1U);
    if (page.size() != 0) call.value = page[0].cseq;
    return call;
  }

  static BindingFilter AnyFilterOf(int aor, std::mt19937& random) {
    switch (random() % 4) {
      case 0:
        return BindingFilter::ByAor(AorText(aor)).value();
      case 1:
        return BindingFilter::CallId("call-" + std::to_string(aor));
      case 2: {
        BindingFilter filter = BindingFilter::User("u" + std::to_string(aor));
        Condition condition;
        condition.texts.push_back({"Phone/", true});
        filter.Add(BindingField::kUserAgent, std::move(condition));
        return filter;
      }
      default: {
        // By looking at every row.
        Condition condition;
        condition.texts.push_back({"u" + std::to_string(aor) + "@", true});
        BindingFilter filter;
        filter.Add(BindingField::kAor, std::move(condition));
        return filter;
      }
    }
  }

  /// Rows beside those that are written, so that sets are large enough to be joined.
  void AddOthers() {
    for (int i = 0; i != 3'000; ++i) {
      OwnedBinding binding = OwnedBinding::Of("other" + std::to_string(i) + "@example.com");
      binding.expires_at = kNow + absl::Hours(1);
      location_.Edit(AorOf(binding.aor), kNow, [&](Record& record) { record.Add(binding.View()); });
    }
  }

  History Run() {
    std::vector<History> histories(kThreads);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i != histories.size(); ++i) {
      threads.emplace_back([this, i, &history = histories[i]] {
        std::mt19937 random(static_cast<std::uint32_t>(i));
        for (std::uint32_t n = 1; n <= kCallsOfAThread; ++n) {
          const int aor = static_cast<int>(random() % kAors);
          const auto value = static_cast<std::uint32_t>(n * kThreads + i);
          history.push_back(i < kWriters ? Write(aor, value, random) : Read(aor, random));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    History all;
    for (const History& history : histories) all.insert(all.end(), history.begin(), history.end());
    return all;
  }

  const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
  std::atomic<std::uint64_t> moment_{0};
  /// Under the AoR's lock, and no other.
  std::array<std::size_t, kAors> writes_{};
  LocationService location_{Limits(), 2};
};

/// Of one AoR. Returns what is wrong, or "".
class HistoryCheck {
 public:
  explicit HistoryCheck(History calls) : calls_(std::move(calls)) {
    std::ranges::sort(calls_, {}, &Call::began);
  }

  std::string Run() {
    std::string fault = OrderWrites();
    if (fault.empty()) fault = CheckWrites();
    if (fault.empty()) fault = CheckReads();
    return fault;
  }

 private:
  /// Each write replaced what the one before it had left.
  std::string OrderWrites() {
    for (const Call& call : calls_) {
      if (call.is_write) order_.push_back(&call);
    }
    std::ranges::sort(order_, {}, &Call::place);
    std::uint32_t last = kNothing;
    for (const Call* write : order_) {
      if (write->before != last) return std::to_string(last) + " was lost";
      last = write->value;
    }
    return "";
  }

  /// A write that ended before another began stands before it.
  std::string CheckWrites() const {
    std::uint64_t latest_begin = 0;
    for (const Call* write : order_) {
      if (write->ended < latest_begin) {
        return "write of " + std::to_string(write->value) + " stands behind a later one";
      }
      latest_begin = std::max(latest_begin, write->began);
    }
    return "";
  }

  /// What a read saw was there at some moment of it: it was written before the read ended, and not
  /// replaced by a write that ended before the read began. And no read saw less than one before it.
  std::string CheckReads() const {
    std::map<std::uint32_t, std::size_t> place_of;
    for (std::size_t i = 0; i != order_.size(); ++i) place_of[order_[i]->value] = i + 1;
    std::vector<std::pair<std::uint64_t, std::size_t>> seen;  // ends of reads, and places
    for (const Call& call : calls_) {
      if (call.is_write || call.value == kNothing) continue;
      const auto place = place_of.find(call.value);
      if (place == place_of.end()) return std::to_string(call.value) + " was never written";
      const std::size_t at = place->second;
      if (order_[at - 1]->began > call.ended) return "a read saw what came after it";
      if (at != order_.size() && order_[at]->ended < call.began) {
        return "a read saw " + std::to_string(call.value) + " after it was replaced";
      }
      for (const auto& [ended, earlier] : seen) {
        if (ended < call.began && earlier > at) return "a read saw less than one before it";
      }
      seen.emplace_back(call.ended, at);
      if (seen.size() > 64) seen.erase(seen.begin());
    }
    return "";
  }

  History calls_;                   // in the order in which they began
  std::vector<const Call*> order_;  // writes, as they followed each other
};

std::map<int, History> ByAor(const History& history) {
  std::map<int, History> by_aor;
  for (const Call& call : history) by_aor[call.aor].push_back(call);
  return by_aor;
}

TEST_F(HistoryTest, EveryAorHasOneOrderOfAllCalls) {
  AddOthers();
  for (const auto& [aor, history] : ByAor(Run())) {
    EXPECT_GT(history.size(), 1'000U);
    EXPECT_EQ(HistoryCheck(history).Run(), "") << AorText(aor);
  }
}

TEST(HistoryCheckTest, SeesWhatCannotBe) {
  const Call write_1{.began = 1, .ended = 2, .is_write = true, .value = 1, .place = 1};
  const Call write_2{.began = 3, .ended = 4, .is_write = true, .value = 2, .before = 1, .place = 2};
  EXPECT_EQ(HistoryCheck({write_1, write_2, {.began = 2, .ended = 3, .value = 1}}).Run(), "");
  EXPECT_EQ(HistoryCheck({write_1, write_2, {.began = 5, .ended = 6, .value = 1}}).Run(),
            "a read saw 1 after it was replaced");
  EXPECT_EQ(HistoryCheck({write_1, write_2, {.began = 1, .ended = 2, .value = 2}}).Run(),
            "a read saw what came after it");
  EXPECT_EQ(HistoryCheck({write_1, {.began = 5, .ended = 6, .value = 9}}).Run(),
            "9 was never written");
  Call lost = write_2;
  lost.before = kNothing;
  EXPECT_EQ(HistoryCheck({write_1, lost}).Run(), "1 was lost");
  Call late = write_1;
  late.began = 7;
  late.ended = 8;
  EXPECT_EQ(HistoryCheck({late, write_2}).Run(), "write of 2 stands behind a later one");
  Call slow_2 = write_2;
  slow_2.ended = 20;
  EXPECT_EQ(HistoryCheck({write_1,
                          slow_2,
                          {.began = 5, .ended = 6, .value = 2},
                          {.began = 7, .ended = 8, .value = 1}})
                .Run(),
            "a read saw less than one before it");
}

}  // namespace
}  // namespace muster::core
