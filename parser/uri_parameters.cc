#include "muster/parser/uri_parameters.h"

#include <array>

#include "basic_rules.h"
#include "char_class.h"

namespace muster::parser {
namespace {

bool FailAt(std::string_view part, std::string_view whole, ErrorCode code, ParseError& error) {
  error = {code, static_cast<std::uint32_t>(part.data() - whole.data())};
  return false;
}

// A parameter name of a URI with its escapes undone, in place of one that it might be known by.
class PlainName {
 public:
  explicit PlainName(std::string_view name)
      : size_(name.size() <= bytes_.size() ? Unescape(name, bytes_.data()) : 0) {}
  bool Is(std::string_view known) const { return EqualsIgnoreCase({bytes_.data(), size_}, known); }

 private:
  static constexpr std::size_t kLongestName = 11;  // pn-provider
  std::array<char, 3 * kLongestName> bytes_;
  std::size_t size_;
};

ErrorCode TakeFlag(bool& flag) {
  if (flag) return ErrorCode::kDuplicateParameter;
  flag = true;
  return ErrorCode::kNone;
}

ErrorCode TakeValue(const Parameter& parameter, std::string_view& value) {
  if (!value.empty()) return ErrorCode::kDuplicateParameter;
  if (parameter.value.empty()) return ErrorCode::kBadParameter;
  value = parameter.value;
  return ErrorCode::kNone;
}

ErrorCode TakeOptionalValue(const Parameter& parameter, std::optional<std::string_view>& value) {
  if (value) return ErrorCode::kDuplicateParameter;
  value = parameter.value;
  return ErrorCode::kNone;
}

ErrorCode Take(const Parameter& parameter, SipUriParameters& parameters) {
  const PlainName name(parameter.name);
  if (name.Is("transport")) return TakeValue(parameter, parameters.transport);
  if (name.Is("lr")) return TakeFlag(parameters.lr);
  if (name.Is("ob")) return TakeFlag(parameters.ob);
  if (name.Is("gr")) return TakeOptionalValue(parameter, parameters.gr);
  if (name.Is("pn-provider")) return TakeOptionalValue(parameter, parameters.push.provider);
  if (name.Is("pn-prid")) return TakeValue(parameter, parameters.push.prid);
  if (name.Is("pn-param")) return TakeValue(parameter, parameters.push.param);
  if (name.Is("pn-purr")) return TakeValue(parameter, parameters.push.purr);
  return ErrorCode::kNone;
}

bool IsGruu(const Uri& uri) {
  SipUriParameters parameters;
  ParseError ignored;
  return (uri.scheme == UriScheme::kSip || uri.scheme == UriScheme::kSips) &&
         ParseSipUriParameters(uri, parameters, ignored) && parameters.gr;
}

// The URI in a parameter of `contact`: "<URI>" of an instance, "URI" of a GRUU.
bool ParseQuotedUri(const Parameter& parameter, bool is_instance, std::string_view contact,
                    Uri& uri, ParseError& error) {
  std::string_view text = parameter.value;
  if (!Unwrap(text, '"', '"') || (is_instance && !Unwrap(text, '<', '>'))) {
    return FailAt(parameter.name, contact, ErrorCode::kBadParameter, error);
  }
  if (!ParseUri(text, uri, error)) {
    return FailAt(text.substr(error.offset), contact, error.code, error);
  }
  return is_instance || IsGruu(uri) ||
         FailAt(parameter.name, contact, ErrorCode::kBadParameter, error);
}

Uri* FindUri(std::string_view name, ContactUris& uris) {
  if (EqualsIgnoreCase(name, "+sip.instance")) return &uris.instance;
  if (EqualsIgnoreCase(name, "pub-gruu")) return &uris.pub_gruu;
  if (EqualsIgnoreCase(name, "temp-gruu")) return &uris.temp_gruu;
  return nullptr;
}

}  // namespace

bool ParseSipUriParameters(const Uri& uri, SipUriParameters& parameters, ParseError& error) {
  parameters = SipUriParameters{};
  ParameterReader reader(uri.params);
  for (Parameter parameter; reader.Next(parameter);) {
    const ErrorCode code = Take(parameter, parameters);
    if (code != ErrorCode::kNone) return FailAt(parameter.name, uri.text, code, error);
  }
  return true;
}

bool ParseContactUris(const NameAddr& contact, ContactUris& uris, ParseError& error) {
  uris = ContactUris{};
  ParameterReader reader(contact.params);
  for (Parameter parameter; reader.Next(parameter);) {
    Uri* const uri = FindUri(parameter.name, uris);
    if (uri == nullptr) continue;
    if (uri->scheme != UriScheme::kNone) {
      return FailAt(parameter.name, contact.text, ErrorCode::kDuplicateParameter, error);
    }
    const bool is_instance = uri == &uris.instance;
    if (!ParseQuotedUri(parameter, is_instance, contact.text, *uri, error)) return false;
  }
  return true;
}

}  // namespace muster::parser
