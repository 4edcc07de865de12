#include "request_handler.h"

namespace muster::sip {
namespace {

constexpr std::uint16_t kDefaultPort = 5060;

std::uint16_t SentByPort(const parser::Via& via) { return via.port != 0 ? via.port : kDefaultPort; }

/// RFC 3261 18.2.2, RFC 3581 4. `maddr` is not obeyed: answers only go where requests came from.
std::uint16_t DatagramAnswerPort(const parser::Via& via, const core::Source& source) {
  return via.has_rport ? source.port : SentByPort(via);
}

/// A keep-alive between messages: CRLFs, or the zero bytes that some phones send.
bool IsKeepAlive(std::string_view bytes) {
  return bytes.find_first_not_of(std::string_view("\r\n\0 ", 4)) == std::string_view::npos;
}

}  // namespace

HandledMessage RequestHandler::HandleDatagram(std::string_view bytes, const core::Source& source,
                                              absl::Time now, std::span<char> answer) {
  if (IsKeepAlive(bytes)) return {};
  const parser::ParseResult parsed =
      parser::ParseMessage(bytes, parser::Framing::kDatagram, *message_);
  const std::uint16_t port = DatagramAnswerPort(message_->top_via, source);
  if (!message_->is_request || parsed.outcome != parser::ParseOutcome::kComplete) {
    return Answer(parsed, source, core::TransactionMatch::kNew, now, port, answer);
  }
  const TransactionKey key(*message_);
  const ServerTransactions::Found found = transactions_.Find(key, now, answer);
  if (found.answer_size != 0) return AnswerAgain(found, port, answer);
  const HandledMessage handled = Answer(parsed, source, found.match, now, port, answer);
  // A CANCEL shares its key with the request that it is for, whose answer must not give way to it.
  const bool is_cancel = message_->method == parser::Method::kCancel;
  if (handled.answer_size != 0 && found.match == core::TransactionMatch::kNew && !is_cancel) {
    transactions_.Remember(
        key, now, {{answer.data(), handled.answer_size}, handled.batch, handled.head_size});
  }
  return handled;
}

/// The first answer may wait for the journal still: then it is on its way, and this one is not
/// needed. Or it was withdrawn.
HandledMessage RequestHandler::AnswerAgain(const ServerTransactions::Found& found,
                                           std::uint16_t port, std::span<char> answer) {
  counters_.CountMessage();
  counters_.CountRetransmission();
  switch (commits_.OutcomeOf(found.batch)) {
    case core::CommitOutcome::kPending:
      return {};
    case core::CommitOutcome::kFailed:
      return {.answer_size = core::WithdrawAnswer(answer.data(), found.head_size),
              .answer_port = port};
    case core::CommitOutcome::kDurable:
      break;
  }
  return {.answer_size = found.answer_size, .answer_port = port};
}

HandledMessage RequestHandler::HandleParsed(const parser::ParseResult& parsed,
                                            const core::Source& source, absl::Time now,
                                            std::span<char> answer) {
  return Answer(parsed, source, core::TransactionMatch::kNew, now, SentByPort(message_->top_via),
                answer);
}

HandledMessage RequestHandler::Answer(const parser::ParseResult& parsed, const core::Source& source,
                                      core::TransactionMatch match, absl::Time now,
                                      std::uint16_t port, std::span<char> answer) {
  counters_.CountMessage();
  if (parsed.outcome != parser::ParseOutcome::kComplete) counters_.CountMalformed();
  const core::Answered answered = server_.Answer(parsed, *message_, source, match, now, answer);
  return {answered.size, port,           answered.is_register,
          answered.code, answered.batch, answered.head_size};
}

}  // namespace muster::sip
