// Whatever the bytes: the readers of header values stay inside them, and so does what they point at
// and the place of an error. Each prefix is a block of its own on the heap, so that
// AddressSanitizer sees a byte read behind it.

#include <array>
#include <memory>

#include "muster/parser/digest.h"
#include "muster/parser/event.h"
#include "muster/parser/information.h"
#include "muster/parser/media_type.h"
#include "muster/parser/uri_parameters.h"
#include "value.h"

namespace muster::parser {
namespace {

struct Prefix {
  explicit Prefix(std::string_view text) : bytes(new char[text.size()]), size(text.size()) {
    text.copy(bytes.get(), size);
  }
  std::string_view view() const { return {bytes.get(), size}; }
  bool Has(std::string_view part) const {
    return part.empty() ||
           (part.data() >= bytes.get() && part.data() + part.size() <= bytes.get() + size);
  }

  std::unique_ptr<char[]> bytes;
  std::size_t size;
};

// True when it was accepted. A refusal lies inside the text, or right behind it.
template <typename Value>
bool Try(test::Reader<Value> parse, const Prefix& text, Value& value) {
  ParseError error;
  const bool accepted = parse(text.view(), value, error);
  if (!accepted) {
    EXPECT_NE(error.code, ErrorCode::kNone) << text.view();
    EXPECT_LE(error.offset, text.size) << text.view();
  }
  return accepted;
}

template <typename Value, typename... Views>
bool TryViews(test::Reader<Value> parse, const Prefix& text, Views Value::*... views) {
  Value value{};
  if (!Try(parse, text, value)) return false;
  const bool inside = (text.Has(value.*views) && ...);
  EXPECT_TRUE(inside) << text.view();
  return true;
}

template <typename Value, bool (*Parse)(std::string_view, Value&, ParseError&), EmptyList kEmpty>
void TryList(ValueListReader<Value, Parse, kEmpty> reader, const Prefix& text) {
  std::size_t count = 0;
  for (Value value; reader.Next(value);) ++count;
  EXPECT_LE(count, text.size);
  EXPECT_LE(reader.error().offset, text.size) << text.view();
}

// How many of the readers accept it.
int TryAll(const Prefix& text) {
  int accepted = 0;
  std::int64_t unix_seconds = 0;
  std::uint32_t seconds = 0;
  std::uint8_t hops = 0;
  accepted += Try(ParseDate, text, unix_seconds);
  accepted += Try(ParseDeltaSeconds, text, seconds);
  accepted += Try(ParseMaxForwards, text, hops);
  accepted += TryViews(ParseMediaType, text, &MediaType::type, &MediaType::params);
  accepted += TryViews(ParseEvent, text, &Event::type, &Event::id, &Event::params);
  accepted += TryViews(ParseSubscriptionState, text, &SubscriptionState::reason,
                       &SubscriptionState::params);
  accepted += TryViews(ParseRetryAfter, text, &RetryAfter::comment, &RetryAfter::params);
  accepted += TryViews(ParseDigestCredentials, text, &DigestCredentials::username,
                       &DigestCredentials::response, &DigestCredentials::nc);
  accepted += TryViews(ParseDigestChallenge, text, &DigestChallenge::realm, &DigestChallenge::qop);
  accepted += TryViews(ParseAuthenticationInfo, text, &AuthenticationInfo::nc);
  accepted += TryViews(ParseUrn, text, &Urn::nid, &Urn::nss, &Urn::f_component);
  TryList(AddressListReader(text.view()), text);
  TryList(WarningReader(text.view()), text);
  TryList(MediaRangeReader(text.view()), text);
  ProductReader products(text.view());
  for (Product product; products.Next(product);) EXPECT_TRUE(text.Has(product.comment));
  EXPECT_LE(products.error().offset, text.size) << text.view();
  return accepted;
}

TEST(EveryPrefix, OfEachValueIsReadWithoutLookingBehindIt) {
  constexpr std::array<std::string_view, 12> kSamples = {
      "Sat, 13 Nov 2010 23:29:00 GMT ",
      " 120 (a (b) \\) \r\n c) ; duration = 5 ; x=\"y\\\"\"",
      "application / sdp ; q=0.5 ; a=\"b\\\"c\" , */*",
      "presence.winfo ; id = a ; x=\"y\"",
      "terminated ; reason=probation ; retry-after = 5;expires=7",
      "307 [::1]:5060  \"a, \\\"b\\\"\\\\\" ,\r\n 399 b \"\"",
      "a/1.0 (b \\( (c)) d / 2 ",
      "Digest username=\"b\\\"o\" , realm=\"\",nonce=\"x\",uri=\"y\",response=\"0a\",qop=auth,nc="
      "0000000a,cnonce=\"\",opaque=\"\"",
      "Digest realm=\"a\",\r\n nonce=\"b\",qop=\"auth, auth-int\",stale=true",
      "nextnonce=\"a\\\"\" , rspauth=\"0f\",qop=auth,cnonce=\"\",nc=00000001",
      "urn:ex-1:a%2f/b:@?+r?x?=q#f%41",
      "\"a\\\"\" <sip:%61:p@[::1]:5060;lr?h=%20>;x=\"y\",<sip:b;gr=urn:x-y:z>",
  };
  int accepted = 0;
  for (const std::string_view sample : kSamples) {
    for (std::size_t size = 0; size <= sample.size(); ++size) {
      accepted += TryAll(Prefix(sample.substr(0, size)));
    }
  }
  EXPECT_GT(accepted, 100);
}

TEST(EveryPrefix, OfContactParametersIsReadWithoutLookingBehindIt) {
  constexpr std::string_view kContact =
      "<sip:a@h;%6cr;gr=x;pn-prid=%41;ob>;+sip.instance=\"<urn:x-y:z>\";pub-gruu=\"sip:a@h;gr\"";
  int accepted = 0;
  for (std::size_t size = 0; size <= kContact.size(); ++size) {
    const Prefix text(kContact.substr(0, size));
    NameAddr contact;
    if (!Try(ParseNameAddr, text, contact)) continue;
    ContactUris uris;
    SipUriParameters parameters;
    ParseError error;
    EXPECT_TRUE(ParseSipUriParameters(contact.uri, parameters, error));
    EXPECT_EQ(parameters.push.prid, "%41");
    if (ParseContactUris(contact, uris, error)) ++accepted;
    EXPECT_LE(error.offset, size);
    EXPECT_TRUE(text.Has(uris.instance.text));
    EXPECT_TRUE(text.Has(uris.pub_gruu.text));
  }
  EXPECT_GT(accepted, 2);
}

}  // namespace
}  // namespace muster::parser
