#include "muster/parser/uri.h"

#include "host.h"
#include "muster/parser/limits.h"
#include "scan.h"
#include "urn.h"
#include "values.h"

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

// Moves over a password and its '@', if that is what follows.
bool SkipPassword(Scanner& in, std::string_view& password) {
  Scanner ahead = in;
  const std::string_view text = ahead.TakeEscaped(kUser);
  if (!ahead.Skip('@')) return false;
  // A password's characters are those of a user, without some.
  password = in.TakeEscaped(kPassword);
  return password.size() == text.size() && in.Skip('@');
}

// user [ ":" password ] "@", if that is what follows: a host and its parameters may look like a
// user, but for the '@' behind it.
void ScanUserinfo(Scanner& in, Uri& uri) {
  Scanner ahead = in;
  const std::string_view user = ahead.TakeEscaped(kUser);
  if (user.empty()) return;
  if (!ahead.Skip('@') && !(ahead.Skip(':') && SkipPassword(ahead, uri.password))) return;
  uri.has_user = true;
  uri.user = user;
  in.MoveTo(ahead);
}

bool ScanSip(Scanner& in, Uri& uri, ParseError& error) {
  ScanUserinfo(in, uri);
  HostPort host;
  if (!ScanHostPort(in, HostLws::kRefused, ErrorCode::kBadUri, host, error)) return false;
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
  if (text == "sip" || EqualsIgnoreCase(text, "sip")) return UriScheme::kSip;
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

bool ScanUri(Scanner& in, Uri& uri, ParseError& error) {
  uri = Uri{};
  const Scanner begin = in;
  if (in.Skip("sip:")) {
    uri.scheme_text = begin.Rest().substr(0, 3);
    uri.scheme = UriScheme::kSip;
  } else {
    if (in.AtEnd() || !Is(*in.position(), kAlpha)) return in.Fail(ErrorCode::kBadUri, error);
    uri.scheme_text = in.Take(kScheme);
    if (!in.Skip(':')) return in.Fail(ErrorCode::kBadUri, error);
    uri.scheme = SchemeFrom(uri.scheme_text);
  }
  if (!ScanAfterScheme(in, uri, error)) return false;
  uri.text = in.Since(begin.position());
  if (uri.text.size() <= kMaxUriBytes) return true;
  in.MoveTo(begin);
  in.Advance(kMaxUriBytes);
  return in.Fail(ErrorCode::kUriTooLong, error);
}

bool ParseUri(std::string_view text, Uri& uri, ParseError& error) {
  Scanner in(text);
  return ScanUri(in, uri, error) && (in.AtEnd() || in.Fail(ErrorCode::kBadUri, error));
}

}  // namespace muster::parser
