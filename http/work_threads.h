#pragma once

// Threads for what may take long, so that the sessions' own thread is free meanwhile.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>

#include "absl/functional/function_ref.h"

namespace muster::http {

/// All of it but the work itself is for the sessions' thread.
class WorkThreads {
 public:
  explicit WorkThreads(std::size_t max_waiting);

  /// Whether as much waits, or is being done, as may.
  bool IsFull() const { return waiting_ >= max_waiting_; }

  /// Has `work` done on one of the threads, first come first served, and goes on on the caller's.
  /// Throws what `work` throws. Meanwhile the caller's frame, and all that `work` refers to there,
  /// belongs to the threads: it lives until they have done it, or are gone.
  boost::asio::awaitable<void> Do(absl::FunctionRef<void()> work);

  /// Returns when what has begun is done; what has not begun never will be. Once the sessions'
  /// thread has ended.
  void Stop();

 private:
  static constexpr std::size_t kThreads = 2;  // one long query does not keep the others waiting

  const std::size_t max_waiting_;
  std::size_t waiting_ = 0;
  boost::asio::thread_pool threads_{kThreads};
};

}  // namespace muster::http
