#include "muster/parser/uri.h"

#include <cstring>

#include "host.h"
#include "muster/parser/limits.h"
#include "scan.h"

namespace muster::parser {
namespace {

// *( ";" pname [ "=" pvalue ] )
bool ScanUriParameters(Scanner& in, std::string_view& params, ParseError& error) {
  if (!in.Skip(';')) return true;
  const char* const start = in.position();
  std::size_t count = 0;
  do {
    if (++count > kMaxUriParameters) return in.Fail(ErrorCode::kTooManyParameters, error);
    if (in.TakeEscaped(kUriParam).empty()) return in.Fail(ErrorCode::kBadUri, error);
    if (in.Skip('=') && in.TakeEscaped(kUriParam).empty()) {
      return in.Fail(ErrorCode::kBadUri, error);
    }
    params = in.Since(start);
  } while (in.Skip(';'));
  return true;
}

// [ "?" hname "=" *hvalue *( "&" hname "=" *hvalue ) ]
bool ScanUriHeaders(Scanner& in, std::string_view& headers, ParseError& error) {
  if (!in.Skip('?')) return true;
  const char* const start = in.position();
  std::size_t count = 0;
  do {
    if (++count > kMaxUriParameters) return in.Fail(ErrorCode::kTooManyParameters, error);
    if (in.TakeEscaped(kUriHeader).empty() || !in.Skip('=')) {
      return in.Fail(ErrorCode::kBadUri, error);
    }
    in.TakeEscaped(kUriHeader);
    headers = in.Since(start);
  } while (in.Skip('&'));
  return true;
}

// user [ ":" password ] "@", when there is an '@': no other part of a URI may hold one.
bool ScanUserinfo(Scanner& in, Uri& uri, ParseError& error) {
  const std::string_view rest = in.Rest();
  if (rest.empty() || std::memchr(rest.data(), '@', rest.size()) == nullptr) return true;
  uri.has_user = true;
  uri.user = in.TakeEscaped(kUser);
  if (uri.user.empty()) return in.Fail(ErrorCode::kBadUri, error);
  if (in.Skip(':')) uri.password = in.TakeEscaped(kPassword);
  return in.Skip('@') || in.Fail(ErrorCode::kBadUri, error);
}

bool ScanSip(Scanner& in, Uri& uri, ParseError& error) {
  HostPort host;
  if (!ScanUserinfo(in, uri, error) ||
      !ScanHostPort(in, HostLws::kRefused, ErrorCode::kBadUri, host, error)) {
    return false;
  }
  uri.host = host.host;
  uri.host_kind = host.kind;
  uri.port = host.port;
  return ScanUriParameters(in, uri.params, error) && ScanUriHeaders(in, uri.headers, error);
}

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
  while (!in.AtEnd() && !in.At(';')) in.Advance(1);
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
  if (text == "sip" || EqualsIgnoreCase(text, "sip")) return UriScheme::kSip;
  if (EqualsIgnoreCase(text, "sips")) return UriScheme::kSips;
  if (EqualsIgnoreCase(text, "tel")) return UriScheme::kTel;
  return UriScheme::kOther;
}

bool ScanAfterScheme(Scanner& in, Uri& uri, ParseError& error) {
  switch (uri.scheme) {
    case UriScheme::kSip:
    case UriScheme::kSips:
      return ScanSip(in, uri, error);
    case UriScheme::kTel:
      return ScanTel(in, uri, error);
    default:
      return ScanOther(in, error);
  }
}

}  // namespace

bool ParseUri(std::string_view text, Uri& uri, ParseError& error) {
  uri = Uri{};
  Scanner in(text);
  if (text.size() > kMaxUriBytes) {
    in.Advance(kMaxUriBytes);
    return in.Fail(ErrorCode::kUriTooLong, error);
  }
  if (in.AtEnd() || !Is(*in.position(), kAlpha)) return in.Fail(ErrorCode::kBadUri, error);
  uri.text = text;
  uri.scheme_text = in.Take(kScheme);
  if (!in.Skip(':')) return in.Fail(ErrorCode::kBadUri, error);
  uri.scheme = SchemeFrom(uri.scheme_text);
  return ScanAfterScheme(in, uri, error) && (in.AtEnd() || in.Fail(ErrorCode::kBadUri, error));
}

}  // namespace muster::parser
