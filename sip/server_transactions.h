#pragma once

// The memory of answers to requests over UDP (RFC 3261 17.2.2, 17.2.3): a retransmission gets the
// very bytes of its first answer, and a request that also came on another way is told apart
// (8.2.2.2).
//
// Answers are kept for Limits::retransmission_lifetime, or until
// Limits::retransmission_memory_bytes push the oldest out. Streams need none of it: they do not
// retransmit (Timer J is zero there).

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "muster/core/commits.h"
#include "muster/core/limits.h"
#include "muster/core/user_agent_server.h"
#include "muster/parser/message.h"

namespace muster::sip {

/// What names a request's transaction, as views on the message.
///
/// The top Via as a whole stands for branch and sent-by: a retransmission repeats it byte for byte,
/// a CANCEL copies it, and another way of a forked request has another one. That also holds for
/// requests of old clients without a proper branch, which Call-ID, From tag and CSeq tell apart.
struct TransactionKey {
  explicit TransactionKey(const parser::Message& request);

  std::uint64_t hash;  // of all but `via` and `method`
  std::string_view call_id;
  std::string_view from_tag;
  std::string_view via;
  std::uint32_t cseq;
  parser::Method method;
  bool has_to_tag;
};

/// Thread-safe.
class ServerTransactions {
 public:
  explicit ServerTransactions(const core::Limits& limits);
  ~ServerTransactions();

  struct Found {
    /// Bytes copied to `answer`; when not 0 the request is a retransmission, and this its answer.
    std::size_t answer_size = 0;
    core::TransactionMatch match = core::TransactionMatch::kNew;
    // As they were remembered.
    core::BatchNumber batch = 0;
    std::size_t head_size = 0;
  };
  /// `answer` has room for Limits::kMaxAnswerBytes.
  Found Find(const TransactionKey& key, absl::Time now, std::span<char> answer) const;

  struct Remembered {
    std::string_view answer;
    core::BatchNumber batch = 0;  // that it waits for, or has waited for: see core::Answered
    std::size_t head_size = 0;
  };
  void Remember(const TransactionKey& key, absl::Time now, const Remembered& remembered);

 private:
  class Shard;

  Shard& ShardOf(const TransactionKey& key) const;

  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace muster::sip
