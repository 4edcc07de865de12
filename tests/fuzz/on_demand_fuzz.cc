// Any bytes to the readers of what ParseMessage leaves raw: a refusal says what and where, and what
// is accepted is inside the value.

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "check.h"
#include "muster/parser/digest.h"
#include "muster/parser/event.h"
#include "muster/parser/header_values.h"
#include "muster/parser/information.h"
#include "muster/parser/media_type.h"
#include "muster/parser/uri_parameters.h"

namespace {

using namespace muster::parser;

std::string_view value;

void CheckInside(std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) FUZZ_CHECK(muster::fuzz::IsInside(part, value));
}

// True if it was accepted.
bool Check(bool accepted, const ParseError& error) {
  FUZZ_CHECK(accepted || (error.code != ErrorCode::kNone && error.offset <= value.size()));
  return accepted;
}

template <typename Result>
bool Read(bool (*parse)(std::string_view, Result&, ParseError&), Result& result) {
  ParseError error;
  return Check(parse(value, result, error), error);
}

template <typename Reader, typename Result>
void ReadList(Result result) {
  Reader reader(value);
  std::size_t count = 0;
  while (reader.Next(result)) FUZZ_CHECK(++count <= value.size() + 1);
  FUZZ_CHECK(!reader.failed() || reader.error().code != ErrorCode::kNone);
  FUZZ_CHECK(reader.error().offset <= value.size());
}

void CheckDigest() {
  DigestCredentials credentials;
  if (Read(ParseDigestCredentials, credentials)) {
    CheckInside({credentials.username, credentials.realm, credentials.nonce, credentials.response});
  }
  DigestChallenge challenge;
  if (Read(ParseDigestChallenge, challenge)) CheckInside({challenge.realm, challenge.nonce});
  AuthenticationInfo information;
  Read(ParseAuthenticationInfo, information);
}

void CheckSingleValues() {
  Event event;
  SubscriptionState state;
  std::int64_t unix_seconds;
  RetryAfter retry_after;
  MediaType media_type;
  std::uint32_t seconds;
  std::uint8_t hops;
  Read(ParseEvent, event);
  Read(ParseSubscriptionState, state);
  Read(ParseDate, unix_seconds);
  Read(ParseRetryAfter, retry_after);
  if (Read(ParseMediaType, media_type)) CheckInside({media_type.type, media_type.subtype});
  Read(ParseDeltaSeconds, seconds);
  Read(ParseMaxForwards, hops);
}

void CheckUris() {
  Urn urn;
  if (Read(ParseUrn, urn)) CheckInside({urn.nid, urn.nss});
  ParseError error;
  Uri uri;
  SipUriParameters parameters;
  if (ParseUri(value, uri, error)) ParseSipUriParameters(uri, parameters, error);
  NameAddr contact;
  ContactUris uris;
  if (ParseNameAddr(value, contact, error)) ParseContactUris(contact, uris, error);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  value = {reinterpret_cast<const char*>(data), size};
  CheckDigest();
  CheckSingleValues();
  CheckUris();
  ReadList<AddressListReader>(NameAddr{});
  ReadList<TokenListReader>(std::string_view{});
  ReadList<MediaRangeReader>(MediaType{});
  ReadList<WarningReader>(Warning{});
  ReadList<ProductReader>(Product{});
  return 0;
}
