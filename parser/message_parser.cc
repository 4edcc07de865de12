#include "message_parser.h"

#include <algorithm>

#include "values.h"

namespace muster::parser {
namespace {

constexpr std::uint32_t kMaxUint32 = 0xFFFF'FFFF;

constexpr std::uint64_t BitOf(HeaderId id) { return std::uint64_t{1} << static_cast<unsigned>(id); }

constexpr std::uint64_t kRequired = BitOf(HeaderId::kVia) | BitOf(HeaderId::kFrom) |
                                    BitOf(HeaderId::kTo) | BitOf(HeaderId::kCallId) |
                                    BitOf(HeaderId::kCSeq);

}  // namespace

ParseResult ParseMessage(std::string_view bytes, Framing framing, Message& message) {
  return MessageParser(bytes, framing, message).Run();
}

MessageParser::MessageParser(std::string_view bytes, Framing framing, Message& message)
    : bytes_(bytes),
      framing_(framing),
      message_(message),
      position_(bytes.data()),
      end_(bytes.data() + bytes.size()),
      line_limit_(end_) {
  message.is_request = false;
  message.method = Method::kOther;
  message.method_text = {};
  message.request_uri = {};
  message.status_code = 0;
  message.reason = {};
  message.top_via = {};
  message.from = {};
  message.from_tag = {};
  message.to = {};
  message.to_tag = {};
  message.call_id = {};
  message.cseq = {};
  message.has_expires = false;
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
  SplitHeaderSection();
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

void MessageParser::DecodeFields() {
  for (const HeaderField& field : message_.headers()) Decode(field);
}

void MessageParser::Decode(const HeaderField& field) {
  switch (field.id) {
    case HeaderId::kVia:
      return DecodeVias(field);
    case HeaderId::kContact:
      return DecodeContacts(field);
    case HeaderId::kFrom:
      if (IsFirst(field)) DecodeAddress(field, message_.from, message_.from_tag);
      return;
    case HeaderId::kTo:
      if (IsFirst(field)) DecodeAddress(field, message_.to, message_.to_tag);
      return;
    case HeaderId::kCallId:
      if (IsFirst(field)) DecodeCallId(field);
      return;
    case HeaderId::kCSeq:
      if (IsFirst(field)) DecodeCSeq(field);
      return;
    case HeaderId::kExpires:
      if (!IsFirst(field)) return;
      message_.has_expires = true;
      message_.expires_seconds = ExpiresFrom(field.value);
      return;
    case HeaderId::kMaxForwards:
      // Its value is for who forwards; one that is no number or above 255 counts as none.
      IsFirst(field);
      return;
    case HeaderId::kContentLength:
      return DecodeContentLength(field);
    case HeaderId::kPath:
      return CheckPath(field);
    default:
      return;
  }
}

bool MessageParser::IsFirst(const HeaderField& field) {
  const bool first = (seen_ & BitOf(field.id)) == 0;
  if (!first) Note(ErrorCode::kDuplicateHeader, field.name.data());
  seen_ |= BitOf(field.id);
  return first;
}

void MessageParser::DecodeVias(const HeaderField& field) {
  seen_ |= BitOf(HeaderId::kVia);
  Scanner in(field.value);
  do {
    if (++via_count_ > kMaxListValues) {
      return Note(ErrorCode::kTooManyListValues, in.position());
    }
    Via via;
    ParseError error;
    if (!ScanVia(in, via, error)) return Note(error, field.value);
    if (via_count_ == 1) message_.top_via = via;
  } while (in.Skip(','));
}

void MessageParser::DecodeContacts(const HeaderField& field) {
  if (field.value == "*") return DecodeContactStar(field);
  Scanner in(field.value);
  do {
    in.SkipLws();
    if (message_.contact_star) return Note(ErrorCode::kBadContactStar, in.position());
    if (message_.contact_count_ == kMaxContacts) {
      return Note(ErrorCode::kTooManyContacts, in.position());
    }
    Contact& contact = message_.contacts_[message_.contact_count_];
    ParseError error;
    const bool star = in.At('*');
    if (!ScanContact(in, contact, error)) {
      if (star) error.code = ErrorCode::kBadContactStar;
      return Note(error, field.value);
    }
    ++message_.contact_count_;
  } while (in.Skip(','));
}

void MessageParser::DecodeContactStar(const HeaderField& field) {
  if (message_.contact_star || message_.contact_count_ != 0) {
    Note(ErrorCode::kBadContactStar, field.value.data());
  }
  message_.contact_star = true;
}

void MessageParser::DecodeAddress(const HeaderField& field, NameAddr& address,
                                  std::string_view& tag) {
  const auto take_tag = [&tag](const Parameter& parameter) {
    if (!EqualsIgnoreCase(parameter.name, "tag")) return true;
    if (!parameter.has_value || parameter.value.front() == '"') return false;
    if (tag.empty()) tag = parameter.value;
    return true;
  };
  Scanner in(field.value);
  ParseError error;
  if (ScanNameAddr(in, address, error, take_tag)) {
    if (in.AtEnd()) return;
    in.Fail(ErrorCode::kBadNameAddr, error);
  }
  Note(error, field.value);
  address = {};
  tag = {};
}

void MessageParser::DecodeCallId(const HeaderField& field) {
  Scanner in(field.value);
  const std::string_view call_id = in.Take(kVisible);
  if (call_id.empty() || !in.AtEnd()) return Note(ErrorCode::kBadToken, in.position());
  message_.call_id = call_id;
}

void MessageParser::DecodeCSeq(const HeaderField& field) {
  Scanner in(field.value);
  const std::string_view digits = in.Take(kDigit);
  const auto number = ParseNumber(digits, kMaxUint32);
  in.SkipLws();
  const bool separated = in.position() != digits.data() + digits.size();
  const std::string_view method = in.Take(kToken);
  if (!number || !separated || method.empty() || !in.AtEnd()) {
    return Note(ErrorCode::kBadCSeq, field.value.data());
  }
  const bool same = method == message_.method_text;
  message_.cseq = {*number, same ? message_.method : MethodFrom(method), method};
}

void MessageParser::DecodeContentLength(const HeaderField& field) {
  const std::string_view text = field.value;
  const bool is_number =
      !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return Is(c, kDigit); });
  if (!is_number) return Note(ErrorCode::kBadContentLength, text.data());
  const std::uint32_t length = ParseNumber(text, kMaxUint32).value_or(kMaxUint32);
  if (content_length_) {
    // Two that agree are refused too: which of them the next hop reads is anyone's guess.
    return Note(
        *content_length_ == length ? ErrorCode::kDuplicateHeader : ErrorCode::kBadContentLength,
        text.data());
  }
  content_length_ = length;
}

void MessageParser::CheckPath(const HeaderField& field) {
  Scanner in(field.value);
  do {
    if (++path_count_ > kMaxListValues) {
      return Note(ErrorCode::kTooManyListValues, in.position());
    }
    NameAddr address;
    ParseError error;
    if (!ScanNameAddr(in, address, error, [](const Parameter&) { return true; })) {
      return Note(error, field.value);
    }
    // path-value is a name-addr, brackets and all (RFC 3327 4).
    if (!address.bracketed) return Note(ErrorCode::kBadNameAddr, address.text.data());
  } while (in.Skip(','));
}

void MessageParser::CheckRequired() {
  if ((seen_ & kRequired) != kRequired || (on_stream() && !content_length_)) {
    Note(ErrorCode::kMissingHeader, position_);
  }
  if (message_.is_request && message_.cseq.method_text != message_.method_text) {
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
