#include "muster/parser/uri.h"

#include "scan.h"
#include "scan_uri.h"
#include "urn.h"

namespace muster::parser {
namespace {

// Digits with visual separators, one digit at least (RFC 3966 3).
bool IsGlobalNumber(std::string_view text) {
  if (text.empty() || text.front() != '+') return false;
  bool digit = false;
  for (const char c : text.substr(1)) {
    if (!Is(c, kPhoneDigit)) return false;
    digit = digit || Is(c, kDigit);
  }
  return digit;
}

bool IsLocalNumber(std::string_view text) {
  bool digit = false;
  for (const char c : text) {
    const bool is_digit = Is(c, kHexDigit) || c == '*' || c == '#';
    if (!is_digit && !Is(c, kPhoneDigit)) return false;
    digit = digit || is_digit;
  }
  return digit;
}

// A local number must say where it is one: a domain name, or the start of a global number.
bool HasPhoneContext(std::string_view params) {
  const auto context = FindParameter(params, "phone-context");
  if (!context) return false;
  Scanner in(context->value);
  const std::string_view name = in.Take(kHostName);
  return IsGlobalNumber(context->value) ||
         (in.AtEnd() && ClassifyHostName(name) == HostKind::kName);
}

bool ScanTel(Scanner& in, Uri& uri, ParseError& error) {
  const char* const start = in.position();
  while (!in.AtEnd() && Is(*in.position(), kUriAny) && !in.At(';')) in.Advance(1);
  uri.user = in.Since(start);
  uri.has_user = true;
  if (!ScanUriParameters(in, uri.params, error)) return false;
  return IsGlobalNumber(uri.user) || (IsLocalNumber(uri.user) && HasPhoneContext(uri.params)) ||
         in.Fail(ErrorCode::kBadUri, error);
}

bool ScanOther(Scanner& in, ParseError& error) {
  return !in.Take(kUriAny).empty() || in.Fail(ErrorCode::kBadUri, error);
}

UriScheme SchemeFrom(std::string_view text) {
  if (EqualsIgnoreCase(text, "sip")) return UriScheme::kSip;
  if (EqualsIgnoreCase(text, "sips")) return UriScheme::kSips;
  if (EqualsIgnoreCase(text, "tel")) return UriScheme::kTel;
  if (EqualsIgnoreCase(text, "urn")) return UriScheme::kUrn;
  return UriScheme::kOther;
}

bool ScanAfterScheme(Scanner& in, Uri& uri, ParseError& error) {
  switch (uri.scheme) {
    case UriScheme::kSip:
    case UriScheme::kSips:
      return ScanSip(in, uri, error);
    case UriScheme::kTel:
      return ScanTel(in, uri, error);
    case UriScheme::kUrn: {
      Urn urn;
      return ScanUrn(in, urn, error);
    }
    default:
      return ScanOther(in, error);
  }
}

}  // namespace

bool ScanOtherUri(Scanner& in, Uri& uri, ParseError& error) {
  uri = Uri{};
  if (in.AtEnd() || !Is(*in.position(), kAlpha)) return in.Fail(ErrorCode::kBadUri, error);
  uri.scheme_text = in.Take(kScheme);
  if (!in.Skip(':')) return in.Fail(ErrorCode::kBadUri, error);
  uri.scheme = SchemeFrom(uri.scheme_text);
  return ScanAfterScheme(in, uri, error);
}

bool ParseUri(std::string_view text, Uri& uri, ParseError& error) {
  Scanner in(text);
  return ScanUri(in, uri, error) && (in.AtEnd() || in.Fail(ErrorCode::kBadUri, error));
}

}  // namespace muster::parser
