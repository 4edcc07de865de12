#include "muster/core/user_agent_server.h"

#include <cstring>
#include <random>

#include "absl/hash/hash.h"
#include "location/answer.h"
#include "muster/core/hash.h"
#include "muster/core/text.h"
#include "muster/parser/header_values.h"
#include "muster/parser/writer.h"

namespace muster::core {
namespace {

using parser::ErrorCode;
using parser::HeaderId;
using parser::Message;
using parser::Method;
using parser::Writer;

constexpr std::string_view kAllow = "OPTIONS, REGISTER";
/// Option tags of the extensions that this server carries out (RFC 3327).
constexpr std::string_view kSupported = "path";
/// Room in an answer beside what it copies from the request and the bindings it lists.
constexpr std::size_t kAnswerOverheadBytes = 1'024;

bool IsSupportedOption(std::string_view option) { return EqualsIgnoringCase(option, kSupported); }

/// Calls `visit` with each option tag of the message's `id` fields.
template <typename Visit>
void ForEachOption(const Message& message, HeaderId id, Visit visit) {
  for (const parser::HeaderField& field : message.headers()) {
    if (field.id != id) continue;
    parser::ListReader reader(field.value);
    for (std::string_view option; reader.Next(option);) visit(option);
  }
}

bool RequiresUnsupported(const Message& message) {
  bool unsupported = false;
  ForEachOption(message, HeaderId::kRequire,
                [&](std::string_view option) { unsupported |= !IsSupportedOption(option); });
  return unsupported;
}

int CodeOf(const parser::ParseError& error, const Message& message) {
  switch (error.code) {
    case ErrorCode::kBadVersion:
      return 505;
    case ErrorCode::kBodyTooLarge:
      return 413;
    case ErrorCode::kMessageTooLarge:
    case ErrorCode::kTooManyHeaders:
      return 513;
    case ErrorCode::kUriTooLong:
      return message.request_uri.text.empty() ? 414 : 400;
    case ErrorCode::kMethodMismatch:  // an unknown method is that first (RFC 4475 3.1.2.18)
      return message.method == Method::kOther ? 501 : 400;
    default:
      return 400;
  }
}

/// One request on its way to its answer.
class Exchange {
 public:
  Exchange(const Message& message, const Source& source, std::uint64_t to_tag, absl::Time now,
           std::span<char> answer)
      : message_(message),
        source_(source),
        to_tag_(to_tag),
        now_(now),
        answer_(answer),
        writer_(answer) {}

  void AnswerMalformed(const parser::ParseError& error) {
    refusal_ = {.code = CodeOf(error, message_), .reason = parser::Describe(error.code)};
    if (!message_.top_via.text.empty()) AnswerShort(refusal_.code);
  }

  void AnswerOptions() {
    Begin(200);
    writer_.Header(HeaderId::kAllow, kAllow);
    writer_.Header(HeaderId::kAccept, "*/*");
    writer_.Header("Accept-Encoding", "identity");
    writer_.Header("Accept-Language", "en");
    writer_.Header(HeaderId::kSupported, kSupported);
    Finish(200);
  }

  void AnswerRegister(Registrar& registrar) {
    if ((refusal_ = request_.From(message_, source_))) return AnswerRefusal();
    // Written before the AoR's lock is taken, in the hope of a 200.
    Begin(200);
    if (!writer_.ok()) {
      refusal_ = {.code = 513, .reason = "answer would be too large"};
      return AnswerRefusal();
    }
    const std::size_t head_size = writer_.bytes().size();
    const RegisterOutcome outcome = registrar.Process(
        request_, now_, ListRoomBytes(), [&](const Binding& binding) { List(binding); });
    if ((refusal_ = outcome.refusal)) return AnswerRefusal();
    answered_.batch = outcome.batch;
    answered_.head_size = head_size;
    WriteDate(now_, writer_);
    CopyPath();
    Finish(200);
  }

  /// An answer without anything beyond what its code asks for.
  void AnswerShort(int code) {
    Begin(code);
    if (code == 405 || code == 501) writer_.Header(HeaderId::kAllow, kAllow);
    if (code == 420) WriteUnsupported();
    if (code == 423) writer_.Header(HeaderId::kMinExpires, refusal_.min_expires_seconds);
    if (code == 503) writer_.Header(HeaderId::kRetryAfter, refusal_.retry_after_seconds);
    Finish(code);
  }

  void Refuse(int code, std::string_view reason) {
    refusal_ = {.code = code, .reason = reason};
    AnswerShort(code);
  }

  const Refusal& refusal() const { return refusal_; }
  std::string_view aor() const { return request_.aor().text(); }
  Answered answered() const { return answered_; }

 private:
  void AnswerRefusal() { AnswerShort(refusal_.code); }

  void Begin(int code) {
    writer_ = Writer(answer_);
    WriteAnswerHead(message_, source_, code, to_tag_, writer_);
  }

  void Finish(int code) {
    writer_.Body({});
    answered_.code = code;
    answered_.size = writer_.bytes().size();
  }

  std::size_t ListRoomBytes() const {
    const std::size_t taken =
        writer_.bytes().size() + kAnswerOverheadBytes + request_.path().size();
    return taken < answer_.size() ? answer_.size() - taken : 0;
  }

  /// RFC 3261 10.3 step 8.
  void List(const Binding& binding) {
    writer_.Begin(HeaderId::kContact);
    writer_.Text(binding.contact);
    if (!binding.q_text.empty()) {
      writer_.Text(";q=");
      writer_.Text(binding.q_text);
    }
    writer_.Text(";expires=");
    writer_.Number(static_cast<std::uint64_t>(binding.SecondsLeft(now_)));
    writer_.End();
  }

  /// RFC 3327 5.3: the Path that was stored, for a user agent that knows Path.
  void CopyPath() {
    if (request_.path().empty()) return;
    bool knows_path = false;
    ForEachOption(message_, HeaderId::kSupported, [&](std::string_view option) {
      knows_path |= EqualsIgnoringCase(option, "path");
    });
    if (knows_path) writer_.Header(HeaderId::kPath, request_.path());
  }

  void WriteUnsupported() {
    writer_.Begin(HeaderId::kUnsupported);
    bool first = true;
    ForEachOption(message_, HeaderId::kRequire, [&](std::string_view option) {
      if (IsSupportedOption(option)) return;
      if (!first) writer_.Text(", ");
      writer_.Text(option);
      first = false;
    });
    writer_.End();
  }

  const Message& message_;
  const Source& source_;
  const std::uint64_t to_tag_;
  const absl::Time now_;
  const std::span<char> answer_;
  Writer writer_;
  RegisterRequest request_;
  Refusal refusal_;
  Answered answered_;
};

/// RFC 3261 8.2.1 to 8.2.3, in that order.
void AnswerWellFormed(const Message& message, TransactionMatch match, Registrar& registrar,
                      Exchange& exchange) {
  switch (message.method) {
    case Method::kAck:
      return;
    case Method::kCancel:
      if (match == TransactionMatch::kCancelsAnswered) return exchange.AnswerShort(200);
      return exchange.Refuse(481, "CANCEL of no known transaction");
    case Method::kOther:
      return exchange.Refuse(501, "unknown method");
    case Method::kRegister:
    case Method::kOptions:
      break;
    default:
      return exchange.Refuse(405, "method not served here");
  }
  const parser::UriScheme scheme = message.request_uri.scheme;
  if (scheme != parser::UriScheme::kSip && scheme != parser::UriScheme::kSips) {
    return exchange.Refuse(416, "Request-URI is neither sip nor sips");
  }
  if (match == TransactionMatch::kMerged) {
    return exchange.Refuse(482, "request came on another way already");
  }
  if (RequiresUnsupported(message)) return exchange.Refuse(420, "required extension not supported");
  if (message.method == Method::kOptions) return exchange.AnswerOptions();
  exchange.AnswerRegister(registrar);
}

}  // namespace

std::size_t WithdrawAnswer(char* answer, std::size_t head_size) {
  static constexpr std::string_view kAccepted = "SIP/2.0 200 OK\r\n";
  static constexpr std::string_view kFailed = "SIP/2.0 500 Server Internal Error\r\n";
  static constexpr std::string_view kEnd = "Content-Length: 0\r\n\r\n";
  const std::size_t kept = head_size - kAccepted.size();
  std::memmove(answer + kFailed.size(), answer + kAccepted.size(), kept);
  std::memcpy(answer, kFailed.data(), kFailed.size());
  std::memcpy(answer + kFailed.size() + kept, kEnd.data(), kEnd.size());
  return kFailed.size() + kept + kEnd.size();
}

UserAgentServer::UserAgentServer(Registrar& registrar, RefusalSink* refusals)
    : registrar_(registrar), refusals_(refusals) {
  std::random_device random;
  tag_seed_ = (std::uint64_t{random()} << 32) | random();
}

Answered UserAgentServer::Answer(const parser::ParseResult& parsed, const Message& message,
                                 const Source& source, TransactionMatch match, absl::Time now,
                                 std::span<char> answer) const {
  if (!message.is_request) return {};
  const std::uint64_t to_tag = absl::HashOf(tag_seed_, HashText(message.call_id),
                                            HashText(message.from_tag), message.cseq.number);
  Exchange exchange(message, source, to_tag, now, answer);
  if (parsed.outcome == parser::ParseOutcome::kComplete) {
    AnswerWellFormed(message, match, registrar_, exchange);
  } else if (message.method != Method::kAck) {
    exchange.AnswerMalformed(parsed.error);
  }
  const bool is_register = message.method == Method::kRegister;
  if (is_register && exchange.refusal() && refusals_ != nullptr) {
    // What is refused before it is looked into has no AoR yet.
    const auto aor = exchange.aor().empty() ? Aor::FromUri(message.to.uri) : std::nullopt;
    refusals_->OnRefused({aor ? aor->text() : exchange.aor(), source, exchange.refusal().code,
                          exchange.refusal().reason});
  }
  Answered answered = exchange.answered();
  answered.is_register = is_register;
  return answered;
}

Answered UserAgentServer::Answer(std::string_view bytes, const Source& source, absl::Time now,
                                 std::string& answer) const {
  Message message;
  const parser::ParseResult parsed =
      parser::ParseMessage(bytes, parser::Framing::kDatagram, message);
  answer.resize(Limits::kMaxAnswerBytes);
  const Answered answered =
      Answer(parsed, message, source, TransactionMatch::kNew, now, std::span<char>(answer));
  answer.resize(answered.size);
  return answered;
}

}  // namespace muster::core
