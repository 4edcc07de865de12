#pragma once

// One message from a transport to its answer: parse, look for its transaction, answer.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "absl/time/time.h"
#include "muster/core/commits.h"
#include "muster/core/endpoint.h"
#include "muster/core/user_agent_server.h"
#include "muster/parser/message.h"
#include "muster/sip/counters.h"
#include "server_transactions.h"

namespace muster::sip {

/// REGISTERs are counted by whoever sends the answer: until then its code is not certain.
struct HandledMessage {
  std::size_t answer_size = 0;  // 0 = nothing to send
  /// Where the answer goes, at the source's address; of a stream, should it be closed (18.2.2).
  std::uint16_t answer_port = 0;
  bool is_register = false;
  int code = 0;
  /// What the answer waits for, and what of it remains if that fails: as in core::Answered.
  core::BatchNumber batch = 0;
  std::size_t head_size = 0;
};

/// Confined to one thread: each worker has its own.
class RequestHandler {
 public:
  /// All outlive it.
  RequestHandler(const core::UserAgentServer& server, ServerTransactions& transactions,
                 const core::Commits& commits)
      : server_(server),
        transactions_(transactions),
        commits_(commits),
        message_(new parser::Message) {}

  /// A datagram. `answer` has room for Limits::kMaxAnswerBytes.
  HandledMessage HandleDatagram(std::string_view bytes, const core::Source& source, absl::Time now,
                                std::span<char> answer);

  /// A message that a stream's framer has parsed, or found malformed, into message().
  HandledMessage HandleParsed(const parser::ParseResult& parsed, const core::Source& source,
                              absl::Time now, std::span<char> answer);

  parser::Message& message() { return *message_; }
  Counters& counters() { return counters_; }
  const Counters& counters() const { return counters_; }

 private:
  HandledMessage Answer(const parser::ParseResult& parsed, const core::Source& source,
                        core::TransactionMatch match, absl::Time now, std::uint16_t port,
                        std::span<char> answer);
  HandledMessage AnswerAgain(const ServerTransactions::Found& found, std::uint16_t port,
                             std::span<char> answer);

  const core::UserAgentServer& server_;
  ServerTransactions& transactions_;
  const core::Commits& commits_;
  const std::unique_ptr<parser::Message> message_;
  Counters counters_;
};

}  // namespace muster::sip
