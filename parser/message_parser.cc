#include "message_parser.h"

#include "scan_contact.h"
#include "scan_via.h"

namespace muster::parser {
namespace {

constexpr std::uint32_t kMaxUint32 = 0xFFFF'FFFF;

bool IsNumber(std::string_view text) {
  return !text.empty() && Scanner(text).Take(kDigit).size() == text.size();
}

}  // namespace

ParseResult ParseMessage(std::string_view bytes, Framing framing, Message& message) {
  static const Instructions kInstructions = BestInstructions();
  return ParseMessageWith(kInstructions, bytes, framing, message);
}

ParseResult ParseMessageWith(Instructions instructions, std::string_view bytes, Framing framing,
                             Message& message) {
  return MessageParser(bytes, framing, instructions, message).Run();
}

MessageParser::MessageParser(std::string_view bytes, Framing framing, Instructions instructions,
                             Message& message)
    : bytes_(bytes),
      framing_(framing),
      instructions_(instructions),
      message_(message),
      position_(bytes.data()),
      end_(bytes.data() + bytes.size()),
      line_limit_(end_) {
  // What is not here is set where it is decoded, or found to be absent.
  message.is_request = false;
  message.method = Method::kOther;
  message.method_text = {};
  message.status_code = 0;
  message.reason = {};
  message.call_id = {};
  message.cseq = {};
  message.expires_seconds = 0;
  message.contact_star = false;
  message.body = {};
  message.header_count_ = 0;
  message.contact_count_ = 0;
}

ParseResult MessageParser::Run() {
  if (!on_stream() && bytes_.size() > kMaxMessageBytes) {
    Note(ErrorCode::kMessageTooLarge, bytes_.data() + kMaxMessageBytes);
  }
  while (end_ - position_ >= 2 && position_[0] == '\r' && position_[1] == '\n') position_ += 2;
  if (!SplitIndexedSection()) SplitByBytes();
  const bool too_large = error_.code == ErrorCode::kMessageTooLarge;
  if (on_stream() && !section_complete_ && !stray_lf_ && !too_large) {
    return {ParseOutcome::kNeedMore, 0, {}};
  }
  DecodeFields();
  if (!section_complete_) Note(ErrorCode::kTruncated, end_);
  CheckRequired();
  return FindBody();
}

void MessageParser::Note(ErrorCode code, const char* at) {
  if (error_.code != ErrorCode::kNone) return;
  error_ = {code, static_cast<std::uint32_t>(at - bytes_.data())};
}

void MessageParser::NoteValue(ErrorCode code, const char* at) {
  const auto offset = static_cast<std::uint32_t>(at - bytes_.data());
  if (value_error_.code == ErrorCode::kNone || offset < value_error_.offset) {
    value_error_ = {code, offset};
  }
}

inline const HeaderField* MessageParser::TheOnly(HeaderId id) {
  const std::size_t first = fields_.First(id);
  if (first == 0) return nullptr;
  const HeaderField* const second = Field(fields_.Next(first));
  if (second != nullptr) [[unlikely]]
    NoteValue(ErrorCode::kDuplicateHeader, second->name.data());
  return Field(first);
}

// By id, not in the order of the message: what a phone sends is then always decoded along the same
// way, which the processor can foresee.
void MessageParser::DecodeFields() {
  DecodeVias();
  DecodeAddress(HeaderId::kFrom, message_.from, message_.from_tag);
  DecodeAddress(HeaderId::kTo, message_.to, message_.to_tag);
  DecodeCallId();
  DecodeCSeq();
  DecodeExpires();
  // Its value is for who forwards; one that is no number or above 255 counts as none.
  TheOnly(HeaderId::kMaxForwards);
  DecodeContacts();
  CheckPaths();
  DecodeContentLength();
  if (error_.code == ErrorCode::kNone) error_ = value_error_;
}

void MessageParser::DecodeVias() {
  const HeaderField* field = First(HeaderId::kVia);
  if (field == nullptr) {
    message_.top_via = {};
    return;
  }
  if (!indexed() || !DecodeTopVia<SectionScanner>(*field)) DecodeTopVia<Scanner>(*field);
  while ((field = Next(field)) != nullptr) {
    const std::size_t before = via_count_;
    if (indexed() && CheckVias(Reader<SectionScanner>(field->value), field->value)) continue;
    via_count_ = before;
    CheckVias(Scanner(field->value), field->value);
  }
}

template <typename In>
bool MessageParser::DecodeTopVia(const HeaderField& field) {
  In in = Reader<In>(field.value);
  ParseError error;
  via_count_ = 0;
  if (!ScanVia(in, message_.top_via, error)) {
    if constexpr (!In::kGivesUp) message_.top_via = {};
    return Refuse<In>(error, field.value);
  }
  return !in.Skip(',') || CheckVias(in, field.value);
}

// The rest of a list of Vias, of which one at least was there before.
template <typename In>
bool MessageParser::CheckVias(In in, std::string_view value) {
  Via via;
  do {
    if (++via_count_ == kMaxListValues) {
      return Refuse<In>(ErrorCode::kTooManyListValues, in.position());
    }
    ParseError error;
    if (!ScanVia(in, via, error)) return Refuse<In>(error, value);
  } while (in.Skip(','));
  return true;
}

void MessageParser::DecodeContacts() {
  for (auto* field = First(HeaderId::kContact); field != nullptr; field = Next(field)) {
    const std::size_t before = message_.contact_count_;
    if (indexed() && DecodeContactList<SectionScanner>(*field)) continue;
    message_.contact_count_ = before;
    if (field->value == "*") {
      DecodeContactStar(*field);
    } else {
      DecodeContactList<Scanner>(*field);
    }
  }
}

template <typename In>
bool MessageParser::DecodeContactList(const HeaderField& field) {
  In in = Reader<In>(field.value);
  do {
    in.SkipLws();
    if (message_.contact_star) {
      return Refuse<In>(ErrorCode::kBadContactStar, in.position());
    }
    if (message_.contact_count_ == kMaxContacts) {
      return Refuse<In>(ErrorCode::kTooManyContacts, in.position());
    }
    Contact& contact = message_.contacts_[message_.contact_count_];
    ParseError error;
    const bool star = in.At('*');
    if (!ScanContact(in, contact, error)) {
      if (star) error.code = ErrorCode::kBadContactStar;
      return Refuse<In>(error, field.value);
    }
    ++message_.contact_count_;
  } while (in.Skip(','));
  return true;
}

void MessageParser::DecodeContactStar(const HeaderField& field) {
  if (message_.contact_star || message_.contact_count_ != 0) {
    NoteValue(ErrorCode::kBadContactStar, field.value.data());
  }
  message_.contact_star = true;
}

void MessageParser::DecodeAddress(HeaderId id, NameAddr& address, std::string_view& tag) {
  const HeaderField* const field = TheOnly(id);
  if (field != nullptr) {
    if (indexed() && DecodeNameAddr<SectionScanner>(*field, address, tag)) return;
    if (DecodeNameAddr<Scanner>(*field, address, tag)) return;
  }
  address = {};
  tag = {};
}

template <typename In>
bool MessageParser::DecodeNameAddr(const HeaderField& field, NameAddr& address,
                                   std::string_view& tag) {
  tag = {};
  const auto take_tag = [&tag](const Parameter& parameter) MUSTER_ALWAYS_INLINE_LAMBDA {
    if (!Is(parameter.name, "tag")) return true;
    if (!parameter.has_value || parameter.value.front() == '"') return false;
    if (tag.empty()) tag = parameter.value;
    return true;
  };
  In in = Reader<In>(field.value);
  ParseError error;
  if (ScanNameAddr(in, address, error, take_tag)) {
    if (in.AtEnd()) return true;
    in.Fail(ErrorCode::kBadNameAddr, error);
  }
  return Refuse<In>(error, field.value);
}

void MessageParser::DecodeCallId() {
  const HeaderField* const field = TheOnly(HeaderId::kCallId);
  if (field == nullptr) return;
  const auto take = [this](auto in) {
    const std::string_view call_id = in.Take(kVisible);
    if (call_id.empty() || !in.AtEnd()) return NoteValue(ErrorCode::kBadToken, in.position());
    message_.call_id = call_id;
  };
  if (indexed()) {
    take(Reader<SectionScanner>(field->value));
  } else {
    take(Scanner(field->value));
  }
}

void MessageParser::DecodeCSeq() {
  const HeaderField* const field = TheOnly(HeaderId::kCSeq);
  if (field == nullptr) return;
  if (indexed() && DecodeCSeqValue<SectionScanner>(*field)) return;
  if (!DecodeCSeqValue<Scanner>(*field)) NoteValue(ErrorCode::kBadCSeq, field->value.data());
}

template <typename In>
bool MessageParser::DecodeCSeqValue(const HeaderField& field) {
  In in = Reader<In>(field.value);
  const std::string_view digits = in.Take(kHostName);
  std::uint32_t number = 0;
  if (!in.NumberIn(digits, kMaxUint32, number)) return false;
  in.SkipLws();
  const bool separated = in.position() != digits.data() + digits.size();
  const std::string_view method = in.Take(kToken);
  if (!separated || method.empty() || !in.AtEnd()) return false;
  same_method_ = method == message_.method_text;
  message_.cseq = {number, same_method_ ? message_.method : MethodFrom(method), method};
  return true;
}

void MessageParser::DecodeExpires() {
  const HeaderField* const field = TheOnly(HeaderId::kExpires);
  message_.has_expires = field != nullptr;
  if (field == nullptr) return;
  const std::string_view text = field->value;
  std::uint32_t& seconds = message_.expires_seconds;
  if (indexed() && Reader<SectionScanner>(text).NumberIn(text, kMaxSeconds, seconds)) return;
  seconds = ExpiresFrom(text);
}

void MessageParser::DecodeContentLength() {
  for (auto* field = First(HeaderId::kContentLength); field != nullptr; field = Next(field)) {
    const std::string_view text = field->value;
    std::uint32_t length = 0;
    if (!indexed() || !Reader<SectionScanner>(text).NumberIn(text, kMaxUint32, length)) {
      const auto number = ParseNumber(text, kMaxUint32);
      if (!number && !IsNumber(text)) {
        NoteValue(ErrorCode::kBadContentLength, text.data());
        continue;
      }
      length = number.value_or(kMaxUint32);
    }
    if (content_length_) {
      // Two that agree are refused too: which of them the next hop reads is anyone's guess.
      const bool same = *content_length_ == length;
      NoteValue(same ? ErrorCode::kDuplicateHeader : ErrorCode::kBadContentLength, text.data());
      continue;
    }
    content_length_ = length;
  }
}

void MessageParser::CheckPaths() {
  for (auto* field = First(HeaderId::kPath); field != nullptr; field = Next(field)) {
    const std::size_t before = path_count_;
    if (indexed() && CheckPath<SectionScanner>(*field)) continue;
    path_count_ = before;
    CheckPath<Scanner>(*field);
  }
}

template <typename In>
bool MessageParser::CheckPath(const HeaderField& field) {
  In in = Reader<In>(field.value);
  NameAddr address;
  do {
    if (++path_count_ > kMaxListValues) {
      return Refuse<In>(ErrorCode::kTooManyListValues, in.position());
    }
    ParseError error;
    if (!ScanNameAddr(in, address, error, [](const Parameter&) { return true; })) {
      return Refuse<In>(error, field.value);
    }
    // path-value is a name-addr, brackets and all (RFC 3327 4).
    if (!address.bracketed) {
      return Refuse<In>(ErrorCode::kBadNameAddr, address.text.data());
    }
  } while (in.Skip(','));
  return true;
}

void MessageParser::CheckRequired() {
  const auto has = [this](HeaderId id) { return fields_.First(id) != 0; };
  const bool complete = has(HeaderId::kVia) && has(HeaderId::kFrom) && has(HeaderId::kTo) &&
                        has(HeaderId::kCallId) && has(HeaderId::kCSeq) &&
                        (content_length_ || !on_stream());
  if (!complete) {
    Note(ErrorCode::kMissingHeader, position_);
  }
  if (message_.is_request && !same_method_) {
    Note(ErrorCode::kMethodMismatch, message_.cseq.method_text.data());
  }
}

ParseResult MessageParser::FindBody() {
  const auto begin = static_cast<std::size_t>(position_ - bytes_.data());
  const std::size_t available = bytes_.size() - begin;
  const std::size_t size = content_length_.value_or(static_cast<std::uint32_t>(available));
  if (size > kMaxBodyBytes) Note(ErrorCode::kBodyTooLarge, position_);
  if (size > available && !on_stream()) Note(ErrorCode::kTruncated, end_);
  if (error_.code != ErrorCode::kNone) return {ParseOutcome::kMalformed, 0, error_};
  if (size > available) return {ParseOutcome::kNeedMore, begin + size, {}};
  message_.body = bytes_.substr(begin, size);
  return {ParseOutcome::kComplete, begin + size, {}};
}

}  // namespace muster::parser
