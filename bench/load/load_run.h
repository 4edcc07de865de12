#pragma once

// One run of the load generator: REGISTERs out, answers judged.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "bench/load/datagram_socket.h"
#include "bench/load/latency_histogram.h"
#include "bench/load/register_writer.h"
#include "bench/load/user_schedule.h"

namespace muster::bench {

struct LoadOptions {
  SocketAddress target;
  Mode mode = Mode::kRefresh;
  Names names = Names::kNumeric;
  std::uint64_t first_user = 0;
  std::uint64_t users = 1'000;
  std::uint32_t first_cseq = 1;
  /// Requests that may wait for their answers at once.
  std::size_t window = 128;
  /// Requests a second, whatever comes back; 0 = as fast as answers come (a closed loop).
  double rate = 0;
  /// The run ends with whichever comes first.
  std::uint64_t count = UINT64_MAX;
  std::chrono::duration<double> seconds{5};
  /// A request without an answer for so long is sent again, or given up as lost.
  std::chrono::milliseconds timeout{1'000};
  int retransmissions = 0;
};

struct LoadResult {
  std::uint64_t sent = 0;  // requests, not counting retransmissions
  std::uint64_t right = 0;
  std::uint64_t wrong = 0;
  std::uint64_t lost = 0;
  std::uint64_t stale = 0;  // second answers, and those later than the timeout
  std::uint64_t retransmitted = 0;
  std::uint64_t held_back = 0;  // open loop: not sent in time because the window was full
  std::uint32_t next_cseq = 0;  // for a further run with the same users
  std::string first_wrong;      // what was wrong with the first wrong answer, and its bytes
  std::chrono::duration<double> elapsed{};  // from the start to the last answer
  LatencyHistogram latency;

  double per_second() const;
};

/// Runs to its end in the calling thread. Throws std::system_error when the network fails.
LoadResult RunLoad(const LoadOptions& options);

}  // namespace muster::bench
