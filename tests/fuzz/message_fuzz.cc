// Any bytes as a datagram and as a stream: all views lie inside the input, and a message that was
// accepted can be written and read again.

#include <array>
#include <cstdint>

#include "check.h"
#include "muster/parser/message.h"
#include "muster/parser/writer.h"

namespace {

using namespace muster::parser;
using muster::fuzz::IsInside;

void CheckUri(const Uri& uri, std::string_view bytes) {
  for (const std::string_view part :
       {uri.text, uri.scheme_text, uri.user, uri.password, uri.host, uri.params, uri.headers}) {
    FUZZ_CHECK(IsInside(part, bytes));
  }
}

void CheckAddress(const NameAddr& address, std::string_view bytes) {
  CheckUri(address.uri, bytes);
  FUZZ_CHECK(IsInside(address.text, bytes));
  FUZZ_CHECK(IsInside(address.display_name, address.text));
  FUZZ_CHECK(IsInside(address.params, address.text));
  FUZZ_CHECK(IsInside(address.uri.text, address.text));
}

void CheckViews(const Message& message, std::string_view bytes) {
  for (const HeaderField& field : message.headers()) {
    FUZZ_CHECK(IsInside(field.name, bytes) && IsInside(field.value, bytes));
    FUZZ_CHECK(message.Find(field.name) != nullptr);
  }
  for (const Contact& contact : message.contacts()) {
    CheckAddress(contact.address, bytes);
    FUZZ_CHECK(IsInside(contact.q_text, contact.address.text));
    FUZZ_CHECK(IsInside(contact.instance, contact.address.text));
    FUZZ_CHECK(contact.q_thousandths <= 1'000);
  }
  CheckUri(message.request_uri, bytes);
  CheckAddress(message.from, bytes);
  CheckAddress(message.to, bytes);
  for (const std::string_view part :
       {message.method_text, message.reason, message.from_tag, message.to_tag, message.call_id,
        message.cseq.method_text, message.body}) {
    FUZZ_CHECK(IsInside(part, bytes));
  }
  for (const std::string_view part :
       {message.top_via.transport, message.top_via.host, message.top_via.params,
        message.top_via.branch, message.top_via.received}) {
    FUZZ_CHECK(IsInside(part, message.top_via.text));
  }
  FUZZ_CHECK(IsInside(message.top_via.text, bytes));
}

// The same fields written give the same values back.
void CheckRoundTrip(const Message& message) {
  static std::array<char, 80'000> buffer;
  static Message again;
  Writer writer(buffer);
  if (message.is_request) {
    writer.RequestLine(message.method_text, message.request_uri.text);
  } else {
    writer.StatusLine(message.status_code, message.reason);
  }
  for (const HeaderField& field : message.headers()) {
    if (field.id != HeaderId::kContentLength) writer.Header(field.name, field.value);
  }
  writer.Body(message.body);
  FUZZ_CHECK(writer.ok());
  const ParseResult result = ParseMessage(writer.bytes(), Framing::kStream, again);
  // A Content-Length of its own may be one header too many, or some bytes.
  const ErrorCode code = result.error.code;
  if (code == ErrorCode::kTooManyHeaders || code == ErrorCode::kMessageTooLarge) return;
  FUZZ_CHECK(result.outcome == ParseOutcome::kComplete);
  FUZZ_CHECK(result.size == writer.bytes().size());
  FUZZ_CHECK(again.call_id == message.call_id && again.body == message.body);
  FUZZ_CHECK(again.to.text == message.to.text && again.from_tag == message.from_tag);
  FUZZ_CHECK(again.contacts().size() == message.contacts().size());
  FUZZ_CHECK(again.top_via.branch == message.top_via.branch);
}

void CheckParse(std::string_view bytes, Framing framing) {
  static Message message;
  const ParseResult result = ParseMessage(bytes, framing, message);
  FUZZ_CHECK((result.outcome == ParseOutcome::kMalformed) ==
             (result.error.code != ErrorCode::kNone));
  FUZZ_CHECK(result.error.offset <= bytes.size());
  if (result.outcome == ParseOutcome::kNeedMore) {
    FUZZ_CHECK(framing == Framing::kStream);
    FUZZ_CHECK(result.size == 0 || result.size > bytes.size());
    return;
  }
  CheckViews(message, bytes);
  if (result.outcome != ParseOutcome::kComplete) return;
  FUZZ_CHECK(result.size != 0 && result.size <= bytes.size());
  CheckRoundTrip(message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CheckParse(bytes, Framing::kDatagram);
  CheckParse(bytes, Framing::kStream);
  return 0;
}
