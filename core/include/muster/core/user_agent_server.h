#pragma once

// The user agent server (RFC 3261 8.2): one request in, one answer out. It serves REGISTER and
// OPTIONS, and says so to every other method. A proxy that embeds muster gives it the REGISTERs it
// receives and sends back what it answers.
//
//   core::LocationService location{core::Limits{}};
//   core::Registrar registrar{core::RegistrarOptions{}, location};
//   core::UserAgentServer server{registrar};
//   std::string answer;
//   server.Answer(bytes, source, absl::Now(), answer);
//
// Where the location service has a journal, an answer with a batch waits for it:
//
//   if (commits.Wait(answered.batch) == CommitOutcome::kFailed) {
//     answer.resize(core::WithdrawAnswer(answer.data(), answered.head_size));
//   }

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "muster/core/endpoint.h"
#include "muster/core/registrar.h"
#include "muster/parser/message.h"

namespace muster::core {

/// A REGISTER that was refused, for whoever keeps a log. Views live for the call.
struct RefusedRegister {
  std::string_view aor;  // canonical; empty when the message did not say
  const Source& source;
  int code;
  std::string_view reason;
};

/// Thread-safe; called on the thread that answers, after the locks are gone.
class RefusalSink {
 public:
  virtual ~RefusalSink() = default;
  virtual void OnRefused(const RefusedRegister& refused) = 0;
};

/// What is known of a request's transaction (RFC 3261 17.2.3, 8.2.2.2, 9.2).
enum class TransactionMatch : std::uint8_t {
  kNew,
  kMerged,           // the same request came on another way and was answered: 482
  kCancelsAnswered,  // a CANCEL of a transaction that has its answer: 200, no effect
};

struct Answered {
  /// Bytes of the answer; 0 = there is none to send (ACK, responses, what cannot be answered).
  std::size_t size = 0;
  int code = 0;
  bool is_register = false;
  /// The answer may go out once this batch is durable (Commits); 0 = at once. Of a REGISTER's 200.
  BatchNumber batch = 0;
  /// With a batch: bytes of the part that does not tell of bindings.
  std::size_t head_size = 0;
};

/// Makes the 500 of an answer whose batch has failed (RFC 3261 10.3 step 7: "if the update fails"),
/// in place: it is always shorter. Returns its size.
std::size_t WithdrawAnswer(char* answer, std::size_t head_size);

/// Thread-safe.
class UserAgentServer {
 public:
  /// `registrar` and `refusals` (which may be null) outlive it.
  explicit UserAgentServer(Registrar& registrar, RefusalSink* refusals = nullptr);

  /// Answers what ParseMessage made of some bytes: `parsed` and `message`, malformed ones included.
  /// `answer` has room for Limits::kMaxAnswerBytes. Allocates nothing for a REGISTER that only
  /// refreshes.
  Answered Answer(const parser::ParseResult& parsed, const parser::Message& message,
                  const Source& source, TransactionMatch match, absl::Time now,
                  std::span<char> answer) const;

  /// The same from a datagram's bytes, for programs that embed muster. `answer` is replaced.
  Answered Answer(std::string_view bytes, const Source& source, absl::Time now,
                  std::string& answer) const;

 private:
  Registrar& registrar_;
  RefusalSink* refusals_;
  std::uint64_t tag_seed_;
};

}  // namespace muster::core
