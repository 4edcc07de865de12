#include "muster/parser/digest.h"

#include <algorithm>
#include <array>

#include "auth_parameters.h"
#include "basic_rules.h"
#include "muster/parser/header_values.h"

namespace muster::parser {
namespace {

enum class Form : std::uint8_t {
  kQuoted,     // quoted-string
  kQuotedHex,  // quoted-string of hexadecimal digits
  kToken,      // token
  kTokenList,  // token, or a quoted list of them: the same parameter is either
  kHex8,       // eight hexadecimal digits
};

struct KnownParameter {
  std::string_view name;
  Form form;
};

enum Index : std::size_t {
  kAlgorithm,
  kCnonce,
  kNc,
  kNextnonce,
  kNonce,
  kOpaque,
  kQop,
  kRealm,
  kResponse,
  kRspauth,
  kStale,
  kUri,
  kUsername,
  kKnownCount,
};

// In the order of Index.
constexpr std::array<KnownParameter, kKnownCount> kKnown = {{{"algorithm", Form::kToken},
                                                             {"cnonce", Form::kQuoted},
                                                             {"nc", Form::kHex8},
                                                             {"nextnonce", Form::kQuoted},
                                                             {"nonce", Form::kQuoted},
                                                             {"opaque", Form::kQuoted},
                                                             {"qop", Form::kTokenList},
                                                             {"realm", Form::kQuoted},
                                                             {"response", Form::kQuotedHex},
                                                             {"rspauth", Form::kQuotedHex},
                                                             {"stale", Form::kToken},
                                                             {"uri", Form::kQuoted},
                                                             {"username", Form::kQuoted}}};

// Of each known parameter that is there, the value without quotes.
using Values = std::array<std::optional<std::string_view>, kKnownCount>;

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return Is(c, kHexDigit); });
}

bool IsTokenList(std::string_view text) {
  TokenListReader reader(text);
  std::size_t count = 0;
  for (std::string_view token; reader.Next(token);) ++count;
  return count != 0 && !reader.failed();
}

bool HasForm(std::string_view text, bool quoted, Form form) {
  switch (form) {
    case Form::kQuoted:
      return quoted;
    case Form::kQuotedHex:
      return quoted && IsHex(text);
    case Form::kToken:
      return IsToken(text);
    case Form::kTokenList:
      return IsTokenList(text);
    case Form::kHex8:
      return text.size() == 8 && IsHex(text);
  }
  return false;
}

ErrorCode Take(const Parameter& parameter, Values& values) {
  const auto known = std::find_if(kKnown.begin(), kKnown.end(), [&](const KnownParameter& each) {
    return EqualsIgnoreCase(each.name, parameter.name);
  });
  if (known == kKnown.end()) return ErrorCode::kNone;
  auto& value = values[static_cast<std::size_t>(known - kKnown.begin())];
  if (value) return ErrorCode::kDuplicateParameter;
  std::string_view text = parameter.value;
  const bool quoted = Unwrap(text, '"', '"');
  if (!HasForm(text, quoted, known->form)) return ErrorCode::kBadCredentials;
  value = text;
  return ErrorCode::kNone;
}

bool ScanValues(Scanner& in, Values& values, ParseError& error) {
  return ScanAuthParameters(
      in, error, [&values](const Parameter& parameter) { return Take(parameter, values); });
}

bool ScanDigest(Scanner& in, Values& values, ParseError& error) {
  const Scanner start = in;
  std::string_view scheme;
  if (!ScanAuthScheme(in, scheme, error)) return false;
  if (!EqualsIgnoreCase(scheme, "Digest")) return start.Fail(ErrorCode::kBadCredentials, error);
  return ScanValues(in, values, error);
}

std::string_view TextOf(const std::optional<std::string_view>& value) {
  return value.value_or(std::string_view());
}

std::uint32_t NonceCountFrom(std::string_view nc) {
  std::uint32_t count = 0;
  for (const char c : nc) count = count * 16 + static_cast<std::uint32_t>(HexValue(c));
  return count;
}

bool Offers(std::string_view qop, std::string_view wanted) {
  TokenListReader reader(qop);
  for (std::string_view token; reader.Next(token);) {
    if (EqualsIgnoreCase(token, wanted)) return true;
  }
  return false;
}

}  // namespace

bool ParseDigestCredentials(std::string_view value, DigestCredentials& credentials,
                            ParseError& error) {
  Scanner in(value);
  Values values;
  if (!ScanDigest(in, values, error)) return false;
  const bool has_required =
      values[kUsername] && values[kRealm] && values[kNonce] && values[kUri] && values[kResponse];
  const bool qop_whole =
      !values[kQop] || (IsToken(*values[kQop]) && values[kCnonce] && values[kNc]);
  if (!has_required || !qop_whole) return in.Fail(ErrorCode::kBadCredentials, error);
  credentials = {*values[kUsername],   *values[kRealm],     *values[kNonce],
                 *values[kUri],        *values[kResponse],  TextOf(values[kAlgorithm]),
                 TextOf(values[kQop]), TextOf(values[kNc]), NonceCountFrom(TextOf(values[kNc])),
                 values[kCnonce],      values[kOpaque]};
  return true;
}

bool ParseDigestChallenge(std::string_view value, DigestChallenge& challenge, ParseError& error) {
  Scanner in(value);
  Values values;
  if (!ScanDigest(in, values, error)) return false;
  if (!values[kRealm] || !values[kNonce]) return in.Fail(ErrorCode::kBadCredentials, error);
  const std::string_view qop = TextOf(values[kQop]);
  challenge = {*values[kRealm],
               *values[kNonce],
               TextOf(values[kAlgorithm]),
               qop,
               Offers(qop, "auth"),
               Offers(qop, "auth-int"),
               EqualsIgnoreCase(TextOf(values[kStale]), "true"),
               values[kOpaque]};
  return true;
}

bool ParseAuthenticationInfo(std::string_view value, AuthenticationInfo& info, ParseError& error) {
  Scanner in(value);
  Values values;
  if (!ScanValues(in, values, error)) return false;
  if (values[kQop] && !IsToken(*values[kQop])) return in.Fail(ErrorCode::kBadCredentials, error);
  info = {TextOf(values[kQop]), TextOf(values[kNc]), NonceCountFrom(TextOf(values[kNc])),
          values[kNextnonce],   values[kRspauth],    values[kCnonce]};
  return true;
}

}  // namespace muster::parser
