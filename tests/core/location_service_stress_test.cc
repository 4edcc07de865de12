// The location service under threads: what one Edit does is seen whole or not at all, and what
// lives through a walk is seen once. To be run under ThreadSanitizer, too.

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "muster/core/location_service.h"
#include "tests/core/owned_binding.h"

namespace muster::core {
namespace {

constexpr int kPairs = 64;

std::string AorText(int i) { return "u" + std::to_string(i) + "@example.com"; }

OwnedBinding Half(const std::string& aor, int half, std::uint32_t cseq, absl::Time expires_at) {
  OwnedBinding binding = OwnedBinding::Of(aor);
  binding.SetContactUri("sip:half" + std::to_string(half) + "@10.0.0." + std::to_string(cseq % 5));
  binding.call_id = "call-" + std::to_string(cseq % 7);
  binding.cseq = cseq;
  binding.expires_at = expires_at;
  return binding;
}

/// Each AoR has no binding, or two of one CSeq and one expiry: every edit and removal keeps that.
class PairsUnderThreads : public testing::Test {
 protected:
  PairsUnderThreads() {
    for (int i = 0; i < kPairs; ++i) aors_.push_back(AorOf(AorText(i)));
  }

  absl::Time Now() const { return absl::FromUnixMillis(now_ms_.load()); }

  static void ExpectPair(const Binding* first, const Binding* second) {
    if (first->cseq != second->cseq || first->expires_at != second->expires_at) {
      ADD_FAILURE() << "a pair came apart: " << Describe(OwnedBinding(*first)) << " and "
                    << Describe(OwnedBinding(*second));
    }
  }

  void Write(std::mt19937& random) {
    const Aor& aor = aors_[random() % kPairs];
    const absl::Time now = Now();
    const absl::Time expires_at = now + absl::Milliseconds(200 + random() % 1'000);
    const std::uint32_t cseq = random();
    const bool removes = random() % 4 == 0;
    location_.Edit(aor, now, [&](Record& record) {
      if (record.size() != 0 && record.size() != 2) {
        ADD_FAILURE() << record.size() << " bindings in a record";
        return;
      }
      const std::string text(aor.text());
      if (record.size() == 0) {
        record.Add(Half(text, 0, cseq, expires_at).View());
        record.Add(Half(text, 1, cseq, expires_at).View());
      } else if (removes) {
        record.Remove(1);
        record.Remove(0);
      } else {
        const Binding first = record.at(0);
        const Binding second = record.at(1);
        ExpectPair(&first, &second);
        record.Replace(0, Half(text, 0, cseq, expires_at).View());
        record.Replace(1, Half(text, 1, cseq, expires_at).View());
      }
    });
  }

  void Read(std::mt19937& random) {
    BindingPage page;
    location_.Lookup(aors_[random() % kPairs], Now(), page);
    if (page.size() == 2) {
      ExpectPair(&page[0], &page[1]);
    } else if (page.size() != 0) {
      ADD_FAILURE() << page.size() << " bindings found";
    }
    const auto ip = BindingFilter::Ip("10.0.0." + std::to_string(random() % 5)).value();
    location_.Count(ip, Now());
    RowPosition position;
    while (location_.Read(ip, Now(), 10, position, page)) {
    }
    std::optional<SortPlace> rank;
    for (int i = 0; i < 2; ++i) {
      const auto latest = location_.Sort(BindingFilter::All(), Now(), kLatestExpiryFirst, 10, rank);
      location_.ReadAt(latest, BindingFilter::All(), Now(), page);
    }
  }

  void Maintain(std::mt19937& random) {
    now_ms_.fetch_add(random() % 20);
    location_.Sweep(Now());
    const auto filter = BindingFilter::ByAor(AorText(random() % kPairs)).value();
    const std::size_t removed = Remove(location_, filter, Now());
    if (removed != 0 && removed != 2) ADD_FAILURE() << removed << " removed";
    if (location_.Count(BindingFilter::All(), Now()) > 2 * kPairs) ADD_FAILURE();
  }

  std::vector<Aor> aors_;
  std::atomic<std::int64_t> now_ms_{1'700'000'000'000};
  LocationService location_{Limits(), 4};
};

TEST_F(PairsUnderThreads, StayTogether) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([this, i] {
      std::mt19937 random(10 + i);
      for (int n = 0; n < 20'000; ++n) Write(random);
    });
  }
  threads.emplace_back([this] {
    std::mt19937 random(20);
    for (int n = 0; n < 1'000; ++n) Read(random);
  });
  threads.emplace_back([this] {
    std::mt19937 random(30);
    for (int n = 0; n < 1'000; ++n) Maintain(random);
  });
  for (std::thread& thread : threads) thread.join();

  std::map<std::string, std::size_t> by_ip;
  std::size_t all = 0;
  BindingPage page;
  for (const Aor& aor : aors_) {
    location_.Lookup(aor, Now(), page);
    all += page.size();
    EXPECT_EQ(location_.Count(BindingFilter::ByAor(aor.text()).value(), Now()), page.size());
  }
  EXPECT_EQ(location_.Count(BindingFilter::All(), Now()), all);
  EXPECT_EQ(location_.Count(BindingFilter::Servers({0}), Now()), all);
  now_ms_ += 10'000;
  location_.Sweep(Now());
  EXPECT_EQ(location_.Count(BindingFilter::All(), Now()), 0U);
}

TEST(LocationServiceStressTest, AWalkSeesEachRowThatLivesThroughItOnce) {
  constexpr int kStable = 2'000;  // so many that sets are joined
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  Limits limits;
  limits.rows_per_slice = 16;
  LocationService location(limits, 4);
  const auto add = [&](const std::string& aor, std::string_view server_agent) {
    OwnedBinding binding = OwnedBinding::Of(aor);
    binding.user_agent = server_agent;
    binding.expires_at = now + absl::Hours(1);
    location.Edit(AorOf(aor), now, [&](Record& record) { record.Add(binding.View()); });
  };
  for (int i = 0; i < kStable; ++i) {
    add("churn" + std::to_string(i) + "@example.com", "churning");
    add("stable" + std::to_string(i) + "@example.com", "stable");
  }

  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  threads.emplace_back([&] {
    std::mt19937 random(1);
    while (!stop.load()) {
      const std::string user = "churn" + std::to_string(random() % 2'000);
      Remove(location, BindingFilter::User(user), now);
      if (random() % 2 == 0) add(user + "@example.com", "churning");
    }
  });
  threads.emplace_back([&] {  // refreshes, and changes that build rows anew, move nothing
    std::mt19937 random(2);
    while (!stop.load()) {
      const std::string aor = "stable" + std::to_string(random() % kStable) + "@example.com";
      const std::string path(random() % 40, 'p');
      location.Edit(AorOf(aor), now, [&](Record& record) {
        Binding binding = record.at(0);
        binding.path = path;
        record.Replace(0, binding);
      });
    }
  });
  BindingFilter stable_ones = BindingFilter::Servers({0});
  Condition condition;
  condition.texts.push_back({"sta", true});
  stable_ones.Add(BindingField::kUserAgent, condition);
  BindingFilter no_churning_ones;
  condition.texts = {{"churning", false}};
  condition.is_negated = true;
  no_churning_ones.Add(BindingField::kUserAgent, condition);
  for (const auto& filter : {BindingFilter::All(), BindingFilter::Ip("10.0.0.1").value(),
                             stable_ones, no_churning_ones}) {
    for (int walk = 0; walk < 10; ++walk) {
      std::map<std::string, int> seen;
      RowPosition position;
      BindingPage page;
      for (bool more = true; more;) {
        more = location.Read(filter, now, 25, position, page);
        for (const Binding& binding : page) ++seen[std::string(binding.aor)];
      }
      for (int i = 0; i < kStable; ++i) {
        const std::string aor = "stable" + std::to_string(i) + "@example.com";
        ASSERT_EQ(seen[aor], 1) << aor;
      }
    }
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
}

TEST(LocationServiceStressTest, MaxBindingsHoldsUnderThreads) {
  Limits limits;
  limits.max_bindings = 1'000;
  LocationService location(limits);
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&location, now, t] {
      for (int i = 0; i < 1'000; ++i) {
        const std::string aor = "t" + std::to_string(t) + "-" + std::to_string(i) + "@example.com";
        OwnedBinding binding = OwnedBinding::Of(aor);
        binding.expires_at = now + absl::Hours(1);
        location.Edit(AorOf(aor), now, [&](Record& record) {
          if (record.HasRoomFor(1)) record.Add(binding.View());
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(location.Count(BindingFilter::All(), now), 1'000U);
}

}  // namespace
}  // namespace muster::core
