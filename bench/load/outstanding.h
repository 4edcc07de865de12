#pragma once

// The requests that wait for their answers, and the judgement of what comes back.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "bench/load/register_writer.h"

namespace muster::bench {

using Time = std::chrono::steady_clock::time_point;

/// One transaction. Its number, which its branch carries, says which slot it has.
struct Transaction {
  std::uint64_t number = 0;
  bool waiting = false;
  int transmissions = 0;
  Time begun{};  // when it was, or in an open loop should have been, sent
  Time sent{};   // when it was sent last
  RegisterText request;
};

enum class Verdict {
  kRight,
  kStale,  // a second answer, or one that came after its request was given up
  kWrong,
};

struct Judgement {
  Verdict verdict = Verdict::kWrong;
  std::string_view reason;  // static text, of a wrong one
  Time begun{};             // of a right one
};

/// Thread-compatible; allocates nothing once made.
class Outstanding {
 public:
  explicit Outstanding(std::size_t capacity);

  Outstanding(const Outstanding&) = delete;
  Outstanding& operator=(const Outstanding&) = delete;

  std::size_t size() const { return slots_.size() - free_.size(); }
  std::size_t room() const { return free_.size(); }

  /// A new transaction, waiting from now on; there must be room. The caller writes its request.
  Transaction& Begin(Time now);

  /// Judges an answer, and ends the transaction that it belongs to. A right answer is a 200 with
  /// the request's branch, Call-ID and CSeq, to the byte, which lists the request's Contact.
  Judgement Settle(std::string_view answer);

  /// Calls `overdue` with each transaction that was sent last before `deadline`. It says whether
  /// the transaction goes on (it has sent it again) or is given up.
  template <typename Overdue>
  void ForEachOverdue(Time deadline, Overdue overdue) {
    for (Transaction& transaction : slots_) {
      if (transaction.waiting && transaction.sent < deadline && !overdue(transaction)) {
        End(transaction);
      }
    }
  }

 private:
  void End(Transaction& transaction);

  std::vector<Transaction> slots_;
  std::vector<std::uint32_t> free_;
  std::uint64_t next_serial_ = 0;
};

}  // namespace muster::bench
