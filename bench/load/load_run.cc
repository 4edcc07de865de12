#include "bench/load/load_run.h"

#include <algorithm>

#include "bench/load/outstanding.h"

namespace muster::bench {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kOverdueScanEvery{20};
constexpr std::chrono::microseconds kIdleWait{200};

class LoadRun {
 public:
  explicit LoadRun(const LoadOptions& options)
      : options_(options),
        socket_(options.target),
        writer_(options.names),
        schedule_(options.mode, options.first_user, options.users, options.first_cseq),
        // A user has one request in flight: two could overtake each other.
        outstanding_(std::min<std::uint64_t>(options.window, options.users)),
        start_(steady_clock::now()),
        stop_(start_ + std::chrono::duration_cast<steady_clock::duration>(options.seconds)),
        next_scan_(start_ + kOverdueScanEvery) {}

  LoadResult Run() {
    for (Time now = start_; MaySend(now) || outstanding_.size() > 0; now = steady_clock::now()) {
      const bool sent = SendDue(now);
      const bool received = Receive();
      if (now >= next_scan_) GiveUpOverdue(now);
      if (!sent && !received) socket_.Wait(kIdleWait);
    }
    result_.next_cseq = schedule_.next_cseq();
    return std::move(result_);
  }

 private:
  bool MaySend(Time now) const {
    return now < stop_ && result_.sent < options_.count && !schedule_.exhausted();
  }

  // The number of requests that should have been sent by now.
  std::uint64_t Due(Time now) const {
    if (options_.rate == 0) return UINT64_MAX;
    const std::chrono::duration<double> since = now - start_;
    return static_cast<std::uint64_t>(since.count() * options_.rate) + 1;
  }

  // In an open loop latency counts from when a request was due, however late it is sent: a server
  // that stalls does not get to hide it.
  Time BegunAt(Time now) const {
    if (options_.rate == 0) return now;
    const std::chrono::duration<double> offset(static_cast<double>(result_.sent) / options_.rate);
    return start_ + std::chrono::duration_cast<steady_clock::duration>(offset);
  }

  bool SendDue(Time now) {
    const std::uint64_t due = Due(now);
    std::size_t batch = 0;
    while (batch < DatagramSocket::kBatch && result_.sent < due && MaySend(now)) {
      if (outstanding_.room() == 0) {
        if (options_.rate != 0) ++result_.held_back;
        break;
      }
      const UserSchedule::Turn turn = schedule_.Next();
      Transaction& transaction = outstanding_.Begin(BegunAt(now));
      transaction.sent = now;
      writer_.Write(turn.user, turn.cseq, transaction.number, transaction.request);
      socket_.Queue(transaction.request.text());
      ++result_.sent;
      ++batch;
    }
    socket_.Flush();
    return batch > 0;
  }

  bool Receive() {
    const auto& answers = socket_.Receive();
    if (answers.empty()) return false;
    const Time now = steady_clock::now();
    for (const std::string_view answer : answers) Count(answer, now);
    result_.elapsed = now - start_;
    return true;
  }

  void Count(std::string_view answer, Time now) {
    const Judgement judgement = outstanding_.Settle(answer);
    switch (judgement.verdict) {
      case Verdict::kRight:
        ++result_.right;
        result_.latency.Add(now - judgement.begun);
        break;
      case Verdict::kStale:
        ++result_.stale;
        break;
      case Verdict::kWrong:
        if (result_.wrong++ == 0) {
          result_.first_wrong = std::string(judgement.reason) + ":\n" + std::string(answer);
        }
        break;
    }
  }

  void GiveUpOverdue(Time now) {
    next_scan_ = now + kOverdueScanEvery;
    outstanding_.ForEachOverdue(now - options_.timeout, [this, now](Transaction& transaction) {
      if (transaction.transmissions > options_.retransmissions) {
        ++result_.lost;
        return false;
      }
      ++transaction.transmissions;
      ++result_.retransmitted;
      transaction.sent = now;
      socket_.Queue(transaction.request.text());
      return true;
    });
    socket_.Flush();
  }

  const LoadOptions& options_;
  DatagramSocket socket_;
  RegisterWriter writer_;
  UserSchedule schedule_;
  Outstanding outstanding_;
  LoadResult result_;
  const Time start_;
  const Time stop_;
  Time next_scan_;
};

}  // namespace

double LoadResult::per_second() const {
  return elapsed.count() > 0 ? static_cast<double>(right) / elapsed.count() : 0;
}

LoadResult RunLoad(const LoadOptions& options) { return LoadRun(options).Run(); }

}  // namespace muster::bench
