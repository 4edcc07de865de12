#include "bench/query/refresh_measurement.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <span>
#include <thread>

#include "bench/load/latency_histogram.h"

namespace muster::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Refreshes bindings all over the table. Confined to one thread.
class Refresher {
 public:
  Refresher(QueryStore& store, const RowGenerator& generator, std::uint32_t rows,
            std::uint32_t seed)
      : store_(store) {
    std::mt19937 random(seed);
    for (std::size_t n = 0; n < kPool; ++n)
      pool_.push_back(generator.MakeBinding(static_cast<std::uint32_t>(random()) % rows));
  }

  void RunUntil(Clock::time_point end) {
    busy_ = {};
    latency_ = LatencyHistogram();
    while (Clock::now() < end) Refresh(NextBatch(), end);
  }

  double per_second() const {
    return static_cast<double>(latency_.count()) / std::chrono::duration<double>(busy_).count();
  }
  Figures figures(std::string name) const;

 private:
  static constexpr std::size_t kPool = 32'768;
  static constexpr std::size_t kBatch = 64;  // divides kPool

  /// Brings them into the cache: in a daemon, too, the message is there by then.
  std::span<const BindingRow> NextBatch() {
    const std::span<BindingRow> batch(&pool_[next_], kBatch);
    for (BindingRow& row : batch) {
      row.cseq += 1;
      row.updated_at += absl::Seconds(1);
      row.expires_at += absl::Seconds(1);
      touched_ += row.aor.hash() + static_cast<std::size_t>(row.aor.text()[0] + row.contact.back());
    }
    next_ = (next_ + kBatch) % kPool;
    return batch;
  }

  void Refresh(std::span<const BindingRow> batch, Clock::time_point end) {
    Clock::time_point begin = Clock::now();
    for (const BindingRow& row : batch) {
      if (!store_.Refresh(row)) {
        std::fprintf(stderr, "query_bench: a binding is not found to be refreshed\n");
        std::exit(1);
      }
      const Clock::time_point now = Clock::now();
      latency_.Add(now - begin);
      busy_ += now - begin;
      begin = now;
      if (now > end) return;
    }
  }

  QueryStore& store_;
  std::vector<BindingRow> pool_;
  std::size_t next_ = 0;  // of pool_
  std::size_t touched_ = 0;
  Clock::duration busy_{};
  LatencyHistogram latency_;
};

Figures Refresher::figures(std::string name) const {
  const auto quantile = [this](double fraction) {
    return static_cast<double>(latency_.Quantile(fraction).count());
  };
  return {std::move(name),
          {{"p50", quantile(0.5)},
           {"p99", quantile(0.99)},
           {"p99.9", quantile(0.999)},
           {"mean", 1e9 / per_second()},
           {"items_per_second", per_second()},
           {"iterations", static_cast<double>(latency_.count())}}};
}

/// Goes through all bindings page by page, again and again; the number of pages.
std::uint64_t PageUntil(QueryStore& store, std::uint32_t rows, Clock::time_point end) {
  Question question;
  QueryAnswer answer;
  std::uint64_t pages = 0;
  for (; Clock::now() < end; ++pages) {
    store.Answer(question, answer);
    question.offset += kPageRows;
    if (question.offset >= rows) question.offset = 0;
  }
  return pages;
}

}  // namespace

std::vector<Figures> MeasureRefreshes(QueryStore& store, const RowGenerator& generator,
                                      const MeasurementOptions& options) {
  const auto time = std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(2 * options.seconds));
  Refresher one(store, generator, options.rows, 1);
  Refresher other(store, generator, options.rows, 2);

  one.RunUntil(Clock::now() + time);
  const double undisturbed = one.per_second();
  std::vector<Figures> all = {one.figures("refresh")};

  Clock::time_point end = Clock::now() + time;
  std::uint64_t pages = 0;
  std::thread reader([&] { pages = PageUntil(store, options.rows, end); });
  one.RunUntil(end);
  reader.join();
  Figures& disturbed = all.emplace_back(one.figures("refresh_while_paging"));
  disturbed.values["ratio_to_undisturbed"] = one.per_second() / undisturbed;
  disturbed.values["pages_per_second"] =
      static_cast<double>(pages) / std::chrono::duration<double>(time).count();

  end = Clock::now() + time;
  std::thread second([&] { other.RunUntil(end); });
  one.RunUntil(end);
  second.join();
  Figures& both = all.emplace_back(one.figures("refresh_two_threads"));
  both.values["items_per_second"] = one.per_second() + other.per_second();
  both.values["ratio_to_one_thread"] = both.values["items_per_second"] / undisturbed;
  return all;
}

}  // namespace muster::bench
