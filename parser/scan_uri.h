#pragma once

// URIs, from where a scanner stands: RFC 3261 25.1. Other schemes than sip and sips are in uri.cc.

#include <cstddef>
#include <string_view>

#include "host.h"
#include "muster/parser/limits.h"
#include "muster/parser/uri.h"
#include "scan.h"

namespace muster::parser {

/// *( ";" pname [ "=" pvalue ] )
template <typename In>
MUSTER_ALWAYS_INLINE bool ScanUriParameters(In& in, std::string_view& params, ParseError& error) {
  params = {};
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

/// [ "?" hname "=" *hvalue *( "&" hname "=" *hvalue ) ]
template <typename In>
MUSTER_ALWAYS_INLINE bool ScanUriHeaders(In& in, std::string_view& headers, ParseError& error) {
  headers = {};
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

/// Moves over a password and its '@', if that is what follows.
template <typename In>
MUSTER_ALWAYS_INLINE bool SkipPassword(In& in, std::string_view& password) {
  In ahead = in;
  const std::string_view text = ahead.TakeEscaped(kUser);
  if (!ahead.Skip('@')) return false;
  // A password's characters are those of a user, without some.
  password = in.TakeEscaped(kPassword);
  return password.size() == text.size() && in.Skip('@');
}

/// user [ ":" password ] "@", if that is what follows: a host and its parameters may look like a
/// user, but for the '@' behind it.
template <typename In>
MUSTER_ALWAYS_INLINE void ScanUserinfo(In& in, Uri& uri) {
  In ahead = in;
  const std::string_view user = ahead.TakeEscaped(kUser);
  std::string_view password;
  uri.has_user =
      !user.empty() && (ahead.Skip('@') || (ahead.Skip(':') && SkipPassword(ahead, password)));
  uri.user = uri.has_user ? user : std::string_view();
  uri.password = uri.has_user ? password : std::string_view();
  if (uri.has_user) in.MoveTo(ahead);
}

/// What follows "sip:" or "sips:".
template <typename In>
MUSTER_ALWAYS_INLINE bool ScanSip(In& in, Uri& uri, ParseError& error) {
  ScanUserinfo(in, uri);
  HostPort host;
  if (!ScanHostPort(in, HostLws::kRefused, ErrorCode::kBadUri, host, error)) return false;
  uri.host = host.host;
  uri.host_kind = host.kind;
  uri.port = host.port;
  return ScanUriParameters(in, uri.params, error) && ScanUriHeaders(in, uri.headers, error);
}

/// Any URI but one that begins with "sip:".
bool ScanOtherUri(Scanner& in, Uri& uri, ParseError& error);

/// A URI, as far as its grammar goes: who calls judges what stands behind it. When it fails, `uri`
/// may hold anything.
template <typename In>
MUSTER_ALWAYS_INLINE bool ScanUri(In& in, Uri& uri, ParseError& error) {
  const char* const start = in.position();
  if (in.Skip("sip:")) {
    uri.scheme_text = {start, 3};
    uri.scheme = UriScheme::kSip;
    if (!ScanSip(in, uri, error)) return false;
  } else if constexpr (In::kGivesUp) {
    return false;
  } else if (!ScanOtherUri(in, uri, error)) {
    return false;
  }
  uri.text = in.Since(start);
  if (uri.text.size() <= kMaxUriBytes) return true;
  in.MoveTo(start + kMaxUriBytes);
  return in.Fail(ErrorCode::kUriTooLong, error);
}

}  // namespace muster::parser
